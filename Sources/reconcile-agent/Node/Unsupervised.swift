import NodeRuntime
import PodModel
import Tables

/// A node whose Pods nobody looks after: they run on, and nothing that happens to them is answered.
struct Unsupervised: Hashable {
    /// The agent that had the node last; nil when that is not known.
    let lastAgent: LastHolder?

    /// - Returns: nil when an agent is running.
    static func look(at paths: NodePaths) throws -> Unsupervised? {
        if try NodeClaim.holder(of: paths) != nil { return nil }
        return Unsupervised(lastAgent: try NodeClaim.lastHolder(of: paths))
    }

    /// One line for a person.
    func notice(now: WallTime) -> String { "no agent is running: \(words(now: now))" }

    /// Since when, as far as it is known.
    func words(now: WallTime) -> String {
        let since =
            switch (lastAgent?.process, lastAgent?.endedAt) {
            case (_, let time?): " since \(time.rfc3339) (\(Age(now - time)) ago)"
            case (let process?, nil): " since the agent with pid \(process) died"
            case (nil, nil): ""
            }
        return "Pods are unsupervised\(since)"
    }
}

extension NodeClaim {
    /// Writes down that this process ends its work now.
    func noteEnd() {
        do {
            try noteEnd(at: .now())
        } catch {
            write(standardError: "notice: the end of this agent cannot be written down: \(error)\n")
        }
    }
}
