/// What knows how to ask registries: which ones, through which proxies, how patiently, and what to make
/// of what they give.
public final class RegistryClient: Sendable {
    let configuration: RegistryConfiguration
    let transport: RegistryTransport
    let retries: Retries
    /// Which images may be used.
    public let trust: ImageTrust

    /// A client; nothing is connected before something is asked.
    public convenience init(
        configuration: RegistryConfiguration = RegistryConfiguration(), proxies: ProxySettings = ProxySettings(),
        trust: ImageTrust = ImageTrust()
    ) {
        self.init(configuration: configuration, proxies: proxies, retries: Retries(), trust: trust)
    }

    init(
        configuration: RegistryConfiguration, proxies: ProxySettings = ProxySettings(), retries: Retries,
        trust: ImageTrust = ImageTrust()
    ) {
        self.configuration = configuration
        transport = RegistryTransport(proxies: proxies, silence: retries.silence)
        self.retries = retries
        self.trust = trust
    }
}

extension RegistryClient {
    /// What an image is called at the places it may come from: its credentials are kept under these names.
    public func names(of reference: ImageReference) -> [ImageReference] {
        ((try? configuration.endpoints(for: reference)) ?? []).map(\.owner)
    }
}

/// How far a pull has come.
public enum PullProgress: Sendable, Hashable {
    /// The registry said what the image is made of: bytes to be transferred, those here already left out.
    case resolved(layers: Int, bytes: Int64)
    /// A layer has come so far.
    case transferred(layer: Digest, bytes: Int64, of: Int64)
    /// Everything is here, and is being unpacked.
    case unpacking
}
