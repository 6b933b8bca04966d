/// Why an image could not be pulled.
public enum ImagePullError: Error, Sendable, CustomStringConvertible {
    /// The configuration forbids these images.
    case blocked(ImageReference, prefix: String)
    /// The registry does not answer, or not with what a registry answers.
    case unreachable(registry: String, reason: String)
    /// The registry says it has no such image.
    case notFound(ImageReference, registry: String)
    /// The registry wants other credentials, or any.
    case unauthorized(ImageReference, registry: String, credential: RegistryCredential?, reason: String)
    /// The registry goes on refusing because it is asked too much.
    case tooManyRequests(registry: String)
    /// There is no image for this kind of machine.
    case otherPlatform(ImageReference, available: [String], node: String)
    /// What the registry sent is no image this node understands.
    case malformed(ImageReference, reason: String)
    /// What the registry sent is not what its digest or size promises.
    case corrupt(ImageReference, reason: String)
    /// What the registry sent breaks a rule for what may be unpacked, or makes no sense.
    case refused(ImageReference, registry: String, reason: String)
    /// A credential file cannot be used.
    case credentialFile(path: String, reason: String)
    /// A credential helper cannot be used.
    case credentialHelper(name: String, reason: String)
    /// What this node trusts forbids it: not signed, without a digest, or not wanted at all.
    case untrusted(ImageReference, reason: String, rule: ImageTrust.Rule)
    /// None of several endpoints had it; why, for each, and whether one had it and was not trusted.
    case nowhere(ImageReference, attempts: [String], isUntrusted: Bool)

    /// Whether it is for want of trust that the image is not used.
    public var isUntrusted: Bool {
        switch self {
        case .untrusted: true
        case .nowhere(_, _, let isUntrusted): isUntrusted
        default: false
        }
    }

    /// What failed, where, why, and what to do about it.
    public var description: String {
        switch self {
        case .blocked(let image, let prefix):
            "image \(image.familiar) is blocked: the registry configuration has \"blocked: true\" for \(prefix)"
        case .unreachable(let registry, let reason):
            "registry \(registry) cannot be reached: \(reason)"
        case .notFound(let image, let registry):
            "image \(image.familiar) is not in registry \(registry): check its name and tag"
        case .unauthorized(let image, let registry, nil, let reason):
            "registry \(registry) wants credentials for \(image.familiar), and there are none\(reason): log in with "
                + "`docker login` or `podman login`, or name a Secret in imagePullSecrets; check the image's name too"
        case .unauthorized(let image, let registry, let credential?, let reason):
            "registry \(registry) does not give \(image.familiar) to \(credential)\(reason)"
        case .tooManyRequests(let registry):
            "registry \(registry) refuses for now: it was asked too often. Log in for a higher limit, or use a mirror"
        case .otherPlatform(let image, let available, let node):
            "image \(image.familiar) is made for \(available.joined(separator: ", ")), and this node is \(node)"
        case .malformed(let image, let reason):
            "image \(image.familiar) is not understood: \(reason)"
        case .corrupt(let image, let reason):
            "image \(image.familiar) is damaged on its way: \(reason). Nothing of it was kept"
        case .refused(let image, let registry, let reason):
            "image \(image.familiar) from registry \(registry) was refused: \(reason). Nothing of it was kept"
        case .credentialFile(let path, let reason):
            "the credentials in \(path) cannot be read: \(reason)"
        case .credentialHelper(let name, let reason):
            "the credential helper docker-credential-\(name) failed: \(reason)"
        case .untrusted(let image, let reason, let rule):
            "image \(image.familiar) is not trusted: \(reason). The rule for \(rule.prefix) in \(rule.place) demands "
                + "\(rule.demand)"
        case .nowhere(let image, let attempts, _):
            "image \(image.familiar) cannot be had anywhere: \(attempts.joined(separator: "; "))"
        }
    }
}
