import Glibc
import Linux
import Manifests
import PodModel
import Seccomp

/// The filters of system calls that containers are given.
final class SeccompProfiles: Sendable {
    /// Where files are that `localhostProfile` names.
    private let directory: String
    private let filters = SeccompFilters()
    /// The longest profile in bytes; Docker's has 20 KiB.
    private static let longest = 1 << 20

    /// - Parameter directory: where files are that `localhostProfile` names.
    init(directory: String) { self.directory = directory }

    /// Compiles what most containers are given, so that the first of them does not wait for it.
    func prepare() { _ = try? filters.filter(of: .runtimeDefault, capabilities: DefaultCapabilities.mask) }

    /// The filter for a container; nil for none. Blocks while a file is read.
    ///
    /// - Throws: `ActionFailure` when the profile is not there or cannot be used.
    func filter(of security: ContainerSecurity) throws(ActionFailure) -> SeccompFilter? {
        do throws(SeccompError) {
            switch security.seccomp.type {
            case .unconfined: return nil
            case .runtimeDefault: return try filters.filter(of: .runtimeDefault, capabilities: security.capabilities)
            case .localhost:
                let profile = try read(security.seccomp.localhostProfile ?? "")
                return try filters.filter(of: profile, capabilities: security.capabilities)
            }
        } catch { throw ActionFailure(reason: "CreateContainerError", message: error.description) }
    }

    /// The name was held to lie below the directory when the manifest was read; a link is the administrator's own.
    private func read(_ name: String) throws(SeccompError) -> SeccompProfile {
        let path = "\(directory)/\(name)"
        let json: [UInt8]
        do throws(SystemError) { json = try Descriptor.open(path).readToEnd(limit: Self.longest) } catch {
            throw .unreadable(
                path: path, reason: "\(error.reason); put the profile there, in the format of OCI or Docker")
        }
        return try SeccompProfile(json: json, from: path) { Capability($0)?.number }
    }
}
