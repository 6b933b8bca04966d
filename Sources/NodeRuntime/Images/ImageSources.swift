import ImageStore

/// Where images come from that the node does not have.
public struct ImageSources: Sendable {
    /// Whom to ask, and how.
    public let registries: RegistryClient
    /// What this machine proves to them.
    public let credentials: any RegistryCredentials
    /// How many images are pulled at once; the others wait for their turn.
    public let parallelPulls: Int

    /// Sources with these parts; the defaults ask every registry itself, as nobody in particular.
    public init(
        registries: RegistryClient = RegistryClient(), credentials: any RegistryCredentials = AnonymousAccess(),
        parallelPulls: Int = 3
    ) {
        self.registries = registries
        self.credentials = credentials
        self.parallelPulls = parallelPulls
    }
}
