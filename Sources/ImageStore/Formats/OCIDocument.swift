/// An index or a manifest: which of the two shows by the fields it has.
struct OCIDocument: Decodable {
    let schemaVersion: Int?
    let manifests: [OCIDescriptor]?
    let config: OCIDescriptor?
    let layers: [OCIDescriptor]?

    /// What a document turned out to be.
    enum Content {
        /// One image for several platforms, or several images.
        case index([OCIDescriptor])
        /// One image; its configuration, and its layers bottom first.
        case manifest(config: OCIDescriptor, layers: [OCIDescriptor])
    }

    /// Decides which of the two it is.
    ///
    /// - Throws: `StagedArchive.Problem`.
    func content(of digest: Digest) throws -> Content {
        // A document that is both can be read as two different images (GHSA-mc8v-mgrf-8f4m).
        if manifests != nil && (layers != nil || config != nil) {
            throw StagedArchive.Problem.refused("its manifest \(digest) is manifest and index at once")
        }
        if let manifests { return .index(manifests) }
        guard let config else {
            let reason = schemaVersion == 1 ? "is of Docker's schema 1, which nobody reads any more" : "has no config"
            throw StagedArchive.Problem.notAnImage("its manifest \(digest) \(reason)")
        }
        return .manifest(config: config, layers: layers ?? [])
    }
}

/// A reference to a blob.
struct OCIDescriptor: Decodable, Hashable, Sendable {
    let digest: Digest
    let size: Int64
    let platform: OCIPlatform?
    let annotations: [String: String]?

    struct OCIPlatform: Decodable, Hashable, Sendable, CustomStringConvertible {
        let os: String
        let architecture: String

        func matches(_ platform: Platform) -> Bool { os == platform.os && architecture == platform.architecture }

        var description: String { "\(os)/\(architecture)" }
    }

    /// The full names in the annotations. A ref name without `:` or `/` is a mere tag (`1.14`): it names no image.
    var names: [ImageReference] {
        get throws {
            if let name = annotations?["io.containerd.image.name"] { return [try ImageReference(parsing: name)] }
            guard let name = annotations?["org.opencontainers.image.ref.name"],
                name.contains(where: { ":/".contains($0) })
            else { return [] }
            return [try ImageReference(parsing: name)]
        }
    }
}
