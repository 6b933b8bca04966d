/// What proves to a registry who asks.
public enum RegistryCredential: Sendable, Hashable, CustomStringConvertible {
    /// A name and a password, or a token in the password's place.
    case password(user: String, password: String)
    /// A refresh token, which a token server exchanges for an access token (`identitytoken`).
    case identityToken(String)

    /// Never shows the secret.
    public var description: String {
        switch self {
        case .password(let user, _): "user \(user)"
        case .identityToken: "an identity token"
        }
    }
}

/// Where credentials come from.
public protocol RegistryCredentials: Sendable {
    /// Those that fit an image's registry and repository, the best first; none asks anonymously.
    ///
    /// - Throws: an error whose description says which source is broken and what to do.
    func credentials(for reference: ImageReference) async throws -> [RegistryCredential]

    /// Whether what a credential opens is for everybody on this node, not for its owner alone.
    func isShared(_ credential: RegistryCredential, for reference: ImageReference) async throws -> Bool
}

extension RegistryCredentials {
    /// It is: the credentials of a node are those of all its Pods.
    public func isShared(_ credential: RegistryCredential, for reference: ImageReference) -> Bool { true }
}

/// No credentials: public images only.
public struct AnonymousAccess: RegistryCredentials {
    /// Asks anonymously.
    public init() {}

    /// None.
    public func credentials(for reference: ImageReference) -> [RegistryCredential] { [] }
}
