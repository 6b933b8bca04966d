/// A container that runs a script of busybox's shell, as one line of YAML.
///
/// - Parameter fields: more of it, each as `key: value`.
func container(_ name: String, _ script: String, _ fields: String...) -> String {
    let command = "command: [sh, -c, '\(script.replacing("'", with: "''"))']"
    return "{" + (["name: \(name)", "image: 'busybox:1.28'", command] + fields).joined(separator: ", ") + "}"
}

/// The manifest of a Pod that ends within a second when it is told to, unless its lines say something else.
///
/// - Parameters:
///   - lines: of its spec, beside the containers.
///   - initContainers: as `container` writes them.
///   - containers: likewise.
func pod(_ name: String, _ lines: String..., initContainers: [String] = [], containers: String...) -> String {
    let grace =
        lines.contains { $0.hasPrefix("terminationGracePeriodSeconds") } ? [] : ["terminationGracePeriodSeconds: 1"]
    let inits = initContainers.isEmpty ? [] : ["initContainers:"] + initContainers.map { "- \($0)" }
    let spec = grace + lines + inits + ["containers:"] + containers.map { "- \($0)" }
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), labels: {tier: front}}
        spec:
          \(spec.joined(separator: "\n  "))

        """
}

/// Scripts that many rules need.
enum Script {
    /// Goes on until it is asked to end, and then ends well.
    static let patient = "trap 'exit 0' TERM; sleep 4001 & wait"

    /// Goes on until it is asked to end, and then does something first.
    static func patient(ending: String) -> String { "trap '\(ending); exit 0' TERM; sleep 4001 & wait" }
}
