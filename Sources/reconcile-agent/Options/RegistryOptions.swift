import ArgumentParser
import Foundation
import Glibc
import ImageStore
import Linux
import Manifests
import NodeRuntime

/// Where images are pulled from, and what this machine proves to registries.
struct RegistryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Mirrors, authorities and exceptions. (default: /etc/reconcile-agent/registries.yaml)", valueName: "file"))
    var registries: String?

    @Option(
        help: ArgumentHelp(
            "Credentials as docker login writes them. (default: those of docker and podman)", valueName: "file"))
    var registryAuth: String?

    @Option(
        help: ArgumentHelp(
            "Which images may be used. (default: /etc/reconcile-agent/trust.yaml)", valueName: "file"))
    var trust: String?

    /// Where it is looked for when nobody says otherwise.
    static let standardPath = "/etc/reconcile-agent/registries.yaml"

    /// All of it, read.
    ///
    /// - Throws: `CommandFailure` (usage) with everything wrong with the files.
    func resolved() throws -> ImageSources {
        let environment = ProcessInfo.processInfo.environment
        let named = try setting(registries, "registries").map(absolutePath)
        return ImageSources(
            registries: RegistryClient(
                configuration: try Self.configuration(named), proxies: ProxySettings(environment: environment),
                trust: try ImageTrust.load(try setting(trust, "trust").map(absolutePath))),
            credentials: FileCredentials(
                files: try setting(registryAuth, "registry-auth").map { [try absolutePath($0)] }
                    ?? Self.loginFiles(environment),
                searchPath: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"))
    }

    private static func configuration(_ named: String?) throws -> RegistryConfiguration {
        let path = named ?? standardPath
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Descriptor.open(path).readToEnd(limit: 1 << 20)
        } catch {
            if named == nil, [ENOENT, ENOTDIR, EACCES].contains(error.code) { return RegistryConfiguration() }
            throw CommandFailure(
                .usage, "the registries \(path) cannot be read: \(error.reason)",
                hint: "name another file with --registries")
        }
        let file = RegistriesFile(ManifestFile(path: path, contents: bytes))
        guard file.diagnostics.isEmpty else {
            throw CommandFailure(.usage, file.diagnostics.map { "\($0)" }.joined(separator: "\nerror: "))
        }
        return RegistryConfiguration(registries: file.registries.map(RegistryConfiguration.Registry.init))
    }

    /// Where `podman login` and `docker login` keep what they were told, in the order that podman looks.
    private static func loginFiles(_ environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? "/root"
        let docker = environment["DOCKER_CONFIG"] ?? "\(home)/.docker"
        return [
            environment["REGISTRY_AUTH_FILE"], environment["XDG_RUNTIME_DIR"].map { "\($0)/containers/auth.json" },
            "/run/containers/\(getuid())/auth.json", "\(home)/.config/containers/auth.json", "\(docker)/config.json",
        ].compactMap(\.self)
    }
}

extension RegistryConfiguration.Registry {
    fileprivate init(_ registry: RegistriesFile.Registry) {
        self.init(
            prefix: registry.prefix, location: registry.location, insecure: registry.insecure,
            blocked: registry.blocked, caFile: registry.caFile,
            mirrors: registry.mirrors.map {
                RegistryConfiguration.Mirror(location: $0.location, insecure: $0.insecure, caFile: $0.caFile)
            })
    }
}
