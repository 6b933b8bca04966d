import Manifests

/// A container's variables in `kubectl describe pod`: where a value comes from, and never a Secret's.
struct EnvironmentDescription {
    private let container: JSONValue
    private let pod: JSONValue

    init(_ container: JSONValue, of pod: JSONValue) {
        self.container = container
        self.pod = pod
    }

    func add(to page: inout ElasticTabs) {
        sources(&page)
        let variables = container["env"]?.items ?? []
        page.add(2, variables.isEmpty ? "Environment:\t<none>" : "Environment:")
        for variable in variables {
            let name = variable["name"]?.string ?? ""
            if let source = variable["valueFrom"] {
                page.add(3, "\(name):\t\(words(for: source))")
            } else {
                let lines = (variable["value"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false)
                page.add(3, "\(name):\t\(lines.first ?? "")")
                for line in lines.dropFirst() { page.add(3, "\t\(line)") }
            }
        }
    }

    private func sources(_ page: inout ElasticTabs) {
        let sources = container["envFrom"]?.items ?? []
        if sources.isEmpty { return }
        page.add(2, "Environment Variables from:")
        for source in sources {
            let (kind, reference) =
                source["configMapRef"].map { ("ConfigMap", $0) } ?? ("Secret", source["secretRef"] ?? [:])
            let prefix = source["prefix"]?.text.map { " with prefix '\($0)'" } ?? ""
            page.add(3, "\(reference["name"]?.string ?? "")\t\(kind)\(prefix)\tOptional: \(isOptional(reference))")
        }
    }

    private func words(for source: JSONValue) -> String {
        if let reference = source["secretKeyRef"] {
            return "<set to the key '\(reference["key"]?.string ?? "")' in secret '\(reference["name"]?.string ?? "")'>"
                + "\tOptional: \(isOptional(reference))"
        }
        if let reference = source["configMapKeyRef"] {
            return "<set to the key '\(reference["key"]?.string ?? "")' of config map "
                + "'\(reference["name"]?.string ?? "")'>\tOptional: \(isOptional(reference))"
        }
        if let field = source["fieldRef"] {
            let path = field["fieldPath"]?.string ?? ""
            return "\(value(at: path)) (\(field["apiVersion"]?.string ?? "v1"):\(path))"
        }
        let resource = source["resourceFieldRef"]?["resource"]?.string ?? ""
        return "\(self.resource(resource)) (\(resource))"
    }

    private func isOptional(_ reference: JSONValue) -> Bool { reference["optional"] == true }

    /// A field of the Pod, for example `metadata.name` or `metadata.labels['app']`.
    private func value(at path: String) -> String {
        if let match = path.wholeMatch(of: /metadata\.(labels|annotations)\['(.*)'\]/) {
            return pod["metadata"]?[String(match.1)]?[String(match.2)]?.string ?? ""
        }
        return path.split(separator: ".").reduce(pod as JSONValue?) { $0?[String($1)] }?.string ?? ""
    }

    private func resource(_ path: String) -> String {
        let value = path.split(separator: ".").reduce(container["resources"]) { $0?[String($1)] }
        return value?.string ?? (path.hasPrefix("limits.") ? "node allocatable" : "0")
    }
}
