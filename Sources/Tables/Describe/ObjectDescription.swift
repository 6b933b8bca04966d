import Manifests

/// `kubectl describe configmap` and `describe secret`: one object in full. Values of Secrets are never shown, only how long
/// they are (`pkg/describe/describe.go`).
public struct ObjectDescription: Hashable, Sendable {
    private var page = ElasticTabs()

    /// The page of a ConfigMap.
    public init(_ map: ConfigMap) {
        head(map.metadata)
        page.add(0, "\nData\n====")
        for (key, value) in map.data.sorted(by: { $0.key < $1.key }) { page.add(0, "\(key):\n----\n\(value)\n") }
        page.add(0, "\nBinaryData\n====")
        for (key, bytes) in map.binaryData.sorted(by: { $0.key < $1.key }) {
            page.add(0, "\(key): \(bytes.count) bytes")
        }
        page.add(0, "\nEvents:  <none>")
    }

    /// The page of a Secret.
    public init(_ secret: Secret) {
        head(secret.metadata)
        page.add(0, "\nType:  \(secret.type)\n\nData\n====")
        for (key, value) in secret.data.sorted(by: { $0.key < $1.key }) {
            page.add(0, "\(key):\t\(value.bytes.count) bytes")
        }
    }

    /// The page.
    public var text: String { page.text }

    private mutating func head(_ metadata: ObjectMeta) {
        page.add(0, "Name:\t\(metadata.name)")
        page.add(0, "Namespace:\t\(metadata.namespace)")
        let labels = sorted(metadata.labels).map { "\($0)=\($1)" }
        page.add(0, "Labels:\t\(labels.isEmpty ? "<none>" : labels.joined(separator: "\n\t"))")
        page.add(0, "Annotations:\t\(AnnotationLines(sorted(metadata.annotations)).text)")
    }

    private func sorted(_ pairs: [String: String]) -> [(String, String)] {
        pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
