import Manifests

extension ManifestFile {
    /// Whether the file's name says that it holds manifests; whatever else lies in the repository is not looked at.
    var isManifest: Bool { [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) } }
}
