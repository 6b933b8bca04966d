import Glibc
import Linux

/// The credentials of this machine: the first of some files that has any for an image, and the helpers it names.
public struct FileCredentials: RegistryCredentials {
    private let files: [String]
    private let searchPath: String

    /// Reads `files` anew for each image, so that a rotated password is found.
    ///
    /// - Parameter searchPath: where credential helpers are looked for, as `PATH` lists it.
    public init(files: [String], searchPath: String) {
        self.files = files
        self.searchPath = searchPath
    }

    /// What the first file that says anything about the image says.
    public func credentials(for reference: ImageReference) async throws -> [RegistryCredential] {
        for path in files {
            guard let file = try read(path) else { continue }
            let written = file.matches(reference)
            if !written.isEmpty { return written }
            guard let name = file.helper(for: reference.registry) else { continue }
            let helper = CredentialProgram(name: name, searchPath: searchPath)
            if let credential = try await helper.credential(for: Self.helperKey(reference.registry)) {
                return [credential]
            }
        }
        return []
    }

    /// Helpers know Docker's registry by the name that `docker login` stores it under.
    private static func helperKey(_ registry: String) -> String {
        "\(RegistryName(registry))" == ImageReference.defaultRegistry ? "https://index.docker.io/v1/" : registry
    }

    private func read(_ path: String) throws -> DockerConfigFile? {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Descriptor.open(path, O_RDONLY).readToEnd(limit: 1 << 20)
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw ImagePullError.credentialFile(path: path, reason: error.reason)
        }
        do { return try DockerConfigFile(parsing: bytes) } catch {
            throw ImagePullError.credentialFile(path: path, reason: "\(error)")
        }
    }
}
