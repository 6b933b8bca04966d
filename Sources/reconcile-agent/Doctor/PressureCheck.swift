import NodeRuntime
import PodModel

/// What the node is short of, as its running agent found.
enum PressureCheck {
    static func findings(_ paths: NodePaths) -> [Finding] {
        // An agent that ended may have left its last words.
        guard let holder = try? NodeClaim.holder(of: paths), let published = try? PublishedStatus.load(below: paths),
            published.process == holder
        else { return [] }
        return (published.loop.pressures ?? []).map(finding)
    }

    static func finding(_ pressure: NodePressure) -> Finding {
        .note(
            pressure.kind.rawValue, "\(pressure.words): Pods make way, one after the other",
            remedy: pressure.kind == .memory
                ? "run fewer Pods, or bound their memory" : "make room, or move the state directory to a larger disk")
    }
}
