/// A file that says where images are asked for, read as strictly as manifests.
///
/// Fields and rules are those of containers-registries.conf(5), written in YAML.
public struct RegistriesFile: Sendable, Hashable {
    /// What is said about the images of a registry, or of a part of one.
    public struct Registry: Sendable, Hashable {
        /// Which names it speaks of: `docker.io`, `registry.example.org/team`, `*.example.org`.
        public var prefix = ""
        /// What stands in the prefix's place when the registry is asked; nil for the prefix itself.
        public var location: String?
        /// Whether plain HTTP and certificates that nobody vouches for are good enough.
        public var insecure = false
        /// Whether these images are not to be had at all.
        public var blocked = false
        /// A PEM file with further authorities; nil for the system's alone.
        public var caFile: String?
        /// Who is asked first, in this order.
        public var mirrors: [Mirror] = []
    }

    /// A registry that has the images of another one.
    public struct Mirror: Sendable, Hashable {
        /// What stands in the prefix's place.
        public var location = ""
        /// Whether plain HTTP and certificates that nobody vouches for are good enough.
        public var insecure = false
        /// A PEM file with further authorities; nil for the system's alone.
        public var caFile: String?
    }

    /// In the order of the file.
    public let registries: [Registry]
    /// Everything wrong with the file; with an error among it, `registries` is empty.
    public let diagnostics: [Diagnostic]

    /// Reads a file.
    public init(_ file: ManifestFile) {
        let document = SettingsDocument(
            file, kind: "Registries", RegistryList.schema, oneDocument: "registries are one document")
        registries = document.value?.registries ?? []
        diagnostics = document.diagnostics
    }
}

private struct RegistryList: Sendable {
    var registries: [RegistriesFile.Registry] = []

    static let schema = ObjectSchema(
        "Registries", blank: { RegistryList() },
        [.field("registries", \.registries, .list(of: registry.shape), required: true)])

    private static let registry = ObjectSchema(
        "Registry", blank: { RegistriesFile.Registry() },
        [
            .field("prefix", \.prefix, .string.obeying(.place), required: true),
            .optional("location", \.location, .string.obeying(.place)),
            .field("insecure", \.insecure, .boolean, default: .value(false)),
            .field("blocked", \.blocked, .boolean, default: .value(false)),
            .optional("caFile", \.caFile, .string.obeying(.absolute)),
            .field("mirrors", \.mirrors, .list(of: mirror.shape)),
        ])

    private static let mirror = ObjectSchema(
        "Mirror", blank: { RegistriesFile.Mirror() },
        [
            .field("location", \.location, .string.obeying(.place), required: true),
            .field("insecure", \.insecure, .boolean, default: .value(false)),
            .optional("caFile", \.caFile, .string.obeying(.absolute)),
        ])
}

extension Rule where Value == String {
    /// A host, and what follows it in the names of images: no address.
    fileprivate static var place: Rule {
        .value(shownAs: { $0.quoted }) { text in
            if text.contains("://") {
                return ["write it without \"\(text.prefix { $0 != ":" })://\": a host and a path"]
            }
            if text.hasSuffix("/") { return ["must not end with \"/\""] }
            return text.contains(where: \.isWhitespace) ? ["must not have whitespace in it"] : []
        }
    }
}
