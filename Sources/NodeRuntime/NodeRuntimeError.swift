import PodModel

/// Why the runtime cannot begin, or knows nothing of a Pod. What fails for one Pod is an `ActionFailure`.
public enum NodeRuntimeError: Error, Sendable, CustomStringConvertible {
    /// A text that is no network.
    case invalidSubnet(String)
    /// Another agent works with the state directory.
    case claimed(directory: String, holder: Int32?)
    /// A newer release wrote the state directory.
    case newerState(directory: String, version: String)
    /// Another state directory's Pods live in the run directory.
    case foreignRunDirectory(directory: String, instance: String, ours: String)
    /// Others than the agent's user could have put there what it holds.
    case untrustedDirectory(path: String, reason: String, remedy: String)
    /// No agent ever worked with this state directory.
    case noState(directory: String)
    /// One of the node's own files holds something else than it should.
    case damagedFile(path: String, reason: String)
    /// A name that would lead out of its directory.
    case unsafeName(String)
    /// There is no record of this Pod.
    case unknownPod(PodUID)
    /// The Pod has no container of this name, or it does not run.
    case noContainer(name: String, pod: PodName)
    /// A command in a container was started, and nobody tells how it ended.
    case execLost

    /// A sentence that says what, where, why and what to do.
    public var description: String {
        switch self {
        case .invalidSubnet(let text):
            return "\"\(text)\" is not a network: write --pod-cidr like 10.88.0.0/16, with all host bits zero"
        case .claimed(let directory, let holder):
            let who = holder.map { "process \($0)" } ?? "another process"
            return "another agent (\(who)) works with \(directory): "
                + "stop it, or give this one a --state-dir and --run-dir of its own"
        case .newerState(let directory, let version):
            return "\(directory) was written by a newer release (state version \(version)): "
                + "use that release, or another --state-dir"
        case .foreignRunDirectory(let directory, let instance, let ours):
            return "\(directory) holds the running Pods of another state directory (instance \(instance)), "
                + "not of \(ours): give each --state-dir a --run-dir of its own"
        case .untrustedDirectory(let path, let reason, let remedy):
            return "\(path) cannot be trusted: \(reason); \(remedy)"
        case .noState(let directory):
            return "no agent ever ran with \(directory): start one, or name its --state-dir"
        case .damagedFile(let path, let reason):
            return "\(path) cannot be used: \(reason); restore it from a backup, or choose another --state-dir"
        case .unsafeName(let name): return "\"\(name)\" cannot be part of a path: it must be a plain name"
        case .unknownPod(let uid): return "there is no record of Pod \(uid): it was removed"
        case .noContainer(let name, let pod): return "container \(name) of Pod \(pod) is not running"
        case .execLost: return "the end of the command was not told: was the Pod's supervisor lost?"
        }
    }
}
