/// The credentials that come with a Pod, and after them those of the machine.
public struct PullSecrets: RegistryCredentials {
    /// A file of credentials that is kept in an object.
    public struct File: Sendable, Hashable {
        /// What to call it in messages, for example `Secret blue/registry`.
        public let name: String
        /// Its bytes, as docker writes them.
        public let contents: [UInt8]

        /// A file.
        public init(name: String, contents: [UInt8]) {
            self.name = name
            self.contents = contents
        }
    }

    private let files: [File]
    private let others: any RegistryCredentials

    /// Credentials of `files`, in this order, and then `others` (kubelet: a union of keyrings).
    public init(_ files: [File], before others: any RegistryCredentials) {
        self.files = files
        self.others = others
    }

    /// All that fit.
    ///
    /// - Throws: `ImagePullError.credentialFile` for a file that is none; what the others throw.
    public func credentials(for reference: ImageReference) async throws -> [RegistryCredential] {
        try own(for: reference) + (try await others.credentials(for: reference))
    }

    /// Those of the files, without the others'.
    ///
    /// - Throws: `ImagePullError.credentialFile` for a file that is none.
    public func own(for reference: ImageReference) throws -> [RegistryCredential] {
        try files.flatMap { file in
            do { return try DockerConfigFile(parsing: file.contents).matches(reference) } catch {
                throw ImagePullError.credentialFile(path: file.name, reason: "\(error)")
            }
        }
    }

    /// Whether the others have it too.
    public func isShared(_ credential: RegistryCredential, for reference: ImageReference) async throws -> Bool {
        if try !own(for: reference).contains(credential) { return true }
        return try await others.credentials(for: reference).contains(credential)
    }
}
