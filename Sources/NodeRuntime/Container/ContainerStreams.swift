import Manifests
import PodModel
import SupervisorCore

extension Container {
    /// What becomes of its standard input.
    var standardInput: StandardInput { !stdin ? .empty : stdinOnce ? .once : .open }

    /// Sees that a supervisor gives containers terminals and an open standard input, where this one is to have that.
    ///
    /// - Parameter features: what the supervisor can do, bits of `SupervisorFeatures`.
    func requireStreams(of features: UInt64) throws(ActionFailure) {
        if features & SupervisorFeatures.attach != 0 || !(tty || stdin) { return }
        throw ActionFailure(
            reason: "CreateContainerError",
            message:
                "the Pod's supervisor is of an earlier release and knows no tty and no stdin; delete and push the Pod "
                + "again")
    }
}
