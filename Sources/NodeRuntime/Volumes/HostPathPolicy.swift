import Manifests
import PodModel

/// Which paths of the node Pods may mount, and how: the one place that decides it when they are mounted. Whoever can push
/// is not trusted with the node.
public struct HostPathPolicy: Sendable, Hashable {
    private let policy: NodePolicy

    /// Allows what a policy allows, to the Pods of the namespaces that its rules are for.
    public init(_ policy: NodePolicy = NodePolicy()) { self.policy = policy }

    /// Where a path lies, and whether it may be written.
    struct Grant: Hashable {
        /// What no Pod can put a link in the way of.
        let base: String
        /// The way on from there, part by part, each looked up within the one before.
        let steps: [Step]
        /// Whether it may only be read.
        let isReadOnly: Bool
    }

    /// A part of the way to a path.
    struct Step: Hashable {
        let path: String
        /// Whether links on it are followed, which lead nowhere out of the step before.
        var followsLinks = true
    }

    /// A directory that is allowed may lie in another that Pods of any namespace write to, and those may put a link in its
    /// place: the way begins at the outermost of them.
    ///
    /// - Throws: `ActionFailure` that says what to do.
    func grant(_ path: String, to pod: PodName) throws(ActionFailure) -> Grant {
        let own = policy.rules(for: pod.namespace).flatMap(\.allow.hostPaths).filter { $0.holds(path) }
        guard let root = own.filter({ !$0.readOnly }).outermost ?? own.outermost else {
            throw Self.refusal(of: path, to: pod)
        }
        let writable = policy.rules.flatMap(\.allow.hostPaths).filter { !$0.readOnly && $0.holds(root.path) }
        let base = (writable.outermost ?? root).components
        let rest = HostPathAllowance.components(of: path).dropFirst(root.components.count)
        let steps = [
            Step(path: root.components.dropFirst(base.count).joined(separator: "/"), followsLinks: false),
            Step(path: rest.joined(separator: "/")),
        ]
        return Grant(
            base: "/" + base.joined(separator: "/"), steps: steps.filter { !$0.path.isEmpty },
            isReadOnly: root.readOnly)
    }

    private static func refusal(of path: String, to pod: PodName) -> ActionFailure {
        ActionFailure(
            reason: "FailedMount",
            message: "hostPath \(path) is not allowed to Pods of namespace \(pod.namespace) on this node: mount "
                + "something else, or have the node's administrator allow it (--policy, or --allow-host-path \(path))")
    }
}

extension [HostPathAllowance] {
    /// Of directories that lie in each other the one that holds the others.
    fileprivate var outermost: HostPathAllowance? { self.min { $0.components.count < $1.components.count } }
}

extension HostPathAllowance {
    fileprivate var components: [Substring] { Self.components(of: path) }
}
