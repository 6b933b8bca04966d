import Glibc
import Linux
import Manifests

extension NodePolicy {
    /// Where it is looked for when nobody says otherwise.
    static let standardPath = "/etc/reconcile-agent/policy.yaml"

    /// Reads the policy of this node.
    ///
    /// - Parameter named: the file that somebody named; nil for the standard place, where there need be none: then nothing
    ///   is allowed.
    /// - Throws: `CommandFailure` (usage) when it cannot be read, or with everything wrong with it.
    static func load(_ named: String?) throws -> NodePolicy {
        let path = named ?? standardPath
        let contents: [UInt8]
        do throws(SystemError) { contents = try Descriptor.open(path).readToEnd(limit: 1 << 20) } catch {
            if named == nil, [ENOENT, ENOTDIR].contains(error.code) { return NodePolicy() }
            throw CommandFailure(
                .usage, "the node's policy \(path) cannot be read: \(error.reason)", hint: "name another with --policy")
        }
        let (policy, diagnostics) = NodePolicy.read(ManifestFile(path: path, contents: contents))
        guard let policy else {
            throw CommandFailure(.usage, diagnostics.map { "\($0)" }.joined(separator: "\nerror: "))
        }
        return policy
    }
}
