import NodeRuntime

extension NodeIdentity {
    /// Refuses to look for living Pods where they are not.
    ///
    /// - Throws: `CommandFailure` (usage) when the node has Pods that were made with other options.
    func requireSameMachine(as before: NodeIdentity, in paths: NodePaths) throws {
        guard let change = changes(since: before).first, paths.holdPods else { return }
        throw CommandFailure(
            .usage, "this node's Pods were made with \(change.option) \(change.before), not \(change.now)",
            hint: "leave the option out, or end the Pods first with `reconcile-agent down`")
    }

    /// The same node with the directories of `paths`.
    func with(_ paths: NodePaths) -> NodeIdentity {
        NodeIdentity(
            nodeName: nodeName, podCIDR: podCIDR, bridge: bridge, cgroupParent: cgroupParent,
            runDirectory: paths.runDirectory, logDirectory: paths.logDirectory, labels: labels, taints: taints,
            hostPaths: hostPaths)
    }
}
