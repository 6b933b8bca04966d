import PodModel

/// Which paths of the node Pods may mount: the one place that decides it. Whoever can push is not trusted with the node.
public struct HostPathPolicy: Sendable, Hashable {
    /// Paths that are allowed, with all below them.
    public let allowed: [String]

    /// Allows these paths, with all below them; without any, none.
    public init(allowing allowed: [String] = []) {
        self.allowed = allowed.map { Self.plain($0) }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Where a path lies: what was allowed, and the rest of the way, which leads nowhere else whatever links are on it.
    struct Grant: Hashable {
        let root: String
        let rest: String
    }

    /// - Throws: `ActionFailure` that says what to do.
    func grant(_ path: String, to pod: PodName) throws(ActionFailure) -> Grant {
        let path = Self.plain(path)
        guard let root = allowed.first(where: { path == $0 || path.hasPrefix($0 == "/" ? "/" : "\($0)/") }) else {
            throw ActionFailure(
                reason: "FailedMount",
                message: "hostPath \(path) is not allowed on this node: mount something else, or have the node's "
                    + "administrator start the agent with --allow-host-path \(path)")
        }
        return Grant(root: root, rest: String(path.dropFirst(root.utf8.count).drop { $0 == "/" }))
    }

    /// Without doubled slashes, and without one at the end.
    private static func plain(_ path: String) -> String {
        "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
