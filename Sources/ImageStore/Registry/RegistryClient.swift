/// What knows how to ask registries: which ones, through which proxies, how patiently.
public final class RegistryClient: Sendable {
    let configuration: RegistryConfiguration
    let transport: RegistryTransport
    let retries: Retries

    /// A client; nothing is connected before something is asked.
    public convenience init(
        configuration: RegistryConfiguration = RegistryConfiguration(), proxies: ProxySettings = ProxySettings()
    ) {
        self.init(configuration: configuration, proxies: proxies, retries: Retries())
    }

    init(configuration: RegistryConfiguration, proxies: ProxySettings = ProxySettings(), retries: Retries) {
        self.configuration = configuration
        transport = RegistryTransport(proxies: proxies)
        self.retries = retries
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
