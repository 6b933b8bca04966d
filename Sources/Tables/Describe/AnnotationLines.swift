/// Annotations as `kubectl describe` prints them: long ones and those of several lines below their name, cut.
struct AnnotationLines {
    private let annotations: [(String, String)]
    private static let longest = 140

    init(_ annotations: [(String, String)]) {
        // What `kubectl apply` remembers is no news to anybody.
        self.annotations = annotations.filter { $0.0 != "kubectl.kubernetes.io/last-applied-configuration" }
    }

    var text: String {
        if annotations.isEmpty { return "<none>" }
        return annotations.map { key, value in
            let value = value.hasSuffix("\n") ? String(value.dropLast()) : value
            guard value.utf8.count + key.utf8.count + 2 > Self.longest || value.contains("\n") else {
                return "\(key): \(value)"
            }
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false).map { "\t  \(shortened($0))" }
            return "\(key):\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n\t")
    }

    private func shortened(_ line: Substring) -> String {
        let limit = Self.longest - 2
        return line.count > limit ? "\(line.prefix(limit))..." : String(line)
    }
}
