import Manifests
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// Everything `status` says about a node.
struct StatusReport {
    /// Who looks after the node.
    enum Agent {
        /// A process; since when, if it said so.
        case running(process: Int32, since: WallTime?)
        /// Nobody.
        case none(Unsupervised)
    }

    let node: String
    let agent: Agent
    /// What the agent published last; what an agent published that ended is told as the past.
    let published: PublishedStatus?
    let slice: AcceptedSlice?
    let pods: [PodStatus]
    /// Why the history cannot be read; nil if it can.
    let historyTrouble: String?
    /// What is kept of Pods whose records were damaged, a line each.
    var remains: [String] = []
    /// What it has and what Pods request of that; nil when that is not told.
    var room: NodeRoom?
    let now: WallTime

    /// What a person should look at, one line each; empty when all is well.
    var attention: [String] {
        var lines: [String] = []
        if case .none(let unsupervised) = agent { lines.append(unsupervised.notice(now: now)) }
        if let trouble = published?.loop.historyTrouble ?? historyTrouble { lines.append(trouble) }
        lines += pressures.map { "\($0.kind.rawValue) since \($0.since.rfc3339): \($0.words); \($0.kind.consequence)" }
        lines += remains
        if let failure = published?.loop.lastPoll?.failure {
            lines.append("the repository cannot be followed: \(failure)")
        }
        if let failure = published?.loop.lastPlan?.failure { lines.append("the newest plan failed: \(failure)") }
        lines += (published?.loop.held ?? []).map { held in
            "\(held.pod): \(held.change) is held back, tried again in \(Age(held.until - now)): \(held.reason)"
        }
        lines += behind.map { application in
            let errors = application.diagnostics.filter { $0.severity == .error }
            let first = errors.first.map { ": \($0.position.file):\($0.position.line): \($0.message)" } ?? ""
            return "application \(application.name) \(standing(of: application))\(first)"
        }
        lines += pods.compactMap(complaint)
        return lines
    }

    /// The applications that do not stand at the newest revision.
    private var behind: [AcceptedApplication] {
        (slice?.applications ?? []).filter { application in
            application.diagnostics.contains { $0.severity == .error }
        }
    }

    private func standing(of application: AcceptedApplication) -> String {
        let errors = application.diagnostics.count { $0.severity == .error }
        let count = "\(errors) \(errors == 1 ? "error" : "errors")"
        return application.revision.map { "stays at \($0.short), \(count)" } ?? "was never valid, \(count)"
    }

    /// What the node is short of, as long as somebody looks.
    private var pressures: [NodePressure] {
        if case .none = agent { return [] }
        return published?.loop.pressures ?? []
    }

    /// What is wrong with a Pod; nil when it is what it should be, or on its way there.
    private func complaint(_ pod: PodStatus) -> String? {
        if pod.deletion != nil { return nil }
        if let hold = pod.hold {
            let subject = hold.keepsFromStarting ? "\(pod.accepted.name)" : "a change of \(pod.accepted.name)"
            return "\(subject) waits, \(hold.reason.rawValue): \(hold.message)"
        }
        if pod.isReady || pod.phase == .succeeded { return nil }
        for container in pod.containersToTell {
            if case .waiting(let waiting) = container.state, waiting.reason != "ContainerCreating" {
                let message = waiting.message.isEmpty ? "" : ": \(waiting.message)"
                return "\(pod.accepted.name) is \(pod.statusWord)\(message)\(container.nextStartWords(now: now))"
            }
        }
        guard pod.phase == .failed else { return nil }
        return "\(pod.accepted.name) has failed: \(pod.reason.map { "\($0.reason): \($0.message)" } ?? pod.statusWord)"
    }

    /// The ports of the node that lead to Pods, or are a Pod's own in the node's network, by number.
    var hostPorts: [StatusHostPort] {
        pods.flatMap { pod -> [StatusHostPort] in
            guard pod.hold?.keepsFromStarting != true, !pod.phase.isTerminal, let address = pod.address else {
                return []
            }
            return pod.accepted.pod.spec.hostPorts.map {
                StatusHostPort(
                    port: $0, pod: pod.accepted.name, address: address,
                    isOwn: pod.accepted.pod.spec.namespaces.hostNetwork == true)
            }
        }.sorted { ($0.port.port, $0.port.description, $0.pod) < ($1.port.port, $1.port.description, $1.pod) }
    }

    // MARK: Words

    /// One screen.
    var text: String {
        var rows: [(String, String)] = [("Node", node), ("Agent", agentWords)]
        if let source = published?.source {
            rows.append(("Source", "\(source.repository), \(source.ref), \(source.path)"))
            if let polls { rows.append(("", polls)) }
        }
        rows += revisionRows
        rows += applicationRows
        rows.append(("Pods", podWords))
        rows += room?.rows ?? []
        rows += hostPorts.enumerated().map { ($0.offset == 0 ? "Host ports" : "", "\($0.element)") }
        if let plan = published?.loop.lastPlan { rows.append(("Last pass", "\(ago(plan.at))\(changes)")) }
        let attention = attention
        if attention.isEmpty {
            rows.append(("Attention", "nothing needs any"))
        } else {
            rows += attention.enumerated().map { ($0.offset == 0 ? "Attention" : "", $0.element) }
        }
        return rows.map { label, text in
            label + String(repeating: " ", count: max(0, 14 - label.count)) + text + "\n"
        }.joined()
    }

    private var agentWords: String {
        switch agent {
        case .running(let process, let since):
            "running\(since.map { " since \($0.rfc3339) (\(Age(now - $0)))" } ?? ""), pid \(process)"
        case .none: "not running"
        }
    }

    private var polls: String? {
        guard let loop = published?.loop, let poll = loop.lastPoll else { return nil }
        guard case .running = agent else { return "asked \(ago(poll.at))" }
        let next = loop.nextPoll.map { ", again in \(Age(max(.zero, $0 - now)))" } ?? ""
        let failed = poll.failure == nil ? "" : ", failing since \(loop.lastAnswer.map(ago) ?? "the agent began")"
        return "asked \(ago(poll.at))\(failed)\(next)"
    }

    private var revisionRows: [(String, String)] {
        guard let slice else { return [("Revision", "none was accepted yet")] }
        let author = "by \(slice.commit.author), accepted \(ago(slice.acceptedAt))"
        return [("Revision", "\(slice.revision.short) \(slice.commit.subject)"), ("", author)]
    }

    private var applicationRows: [(String, String)] {
        guard let slice, !slice.applications.isEmpty else { return [] }
        let width = slice.applications.map(\.name.text.count).max() ?? 0
        return slice.applications.enumerated().map { index, application in
            let isBehind = application.diagnostics.contains { $0.severity == .error }
            let count = slice.pods.count { $0.application == application.name }
            let name = application.name.text + String(repeating: " ", count: width - application.name.text.count)
            let words =
                isBehind ? standing(of: application) : "at \(application.revision?.short ?? slice.revision.short)"
            return (index == 0 ? "Applications" : "", "\(name)  \(words), \(count) \(count == 1 ? "Pod" : "Pods")")
        }
    }

    private var podWords: String {
        if pods.isEmpty { return "none" }
        var counts: [String: Int] = [:]
        for pod in pods { counts[pod.statusWord, default: 0] += 1 }
        let words = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        return "\(pods.count): \(words.joined(separator: ", "))"
    }

    private var changes: String {
        guard let plan = published?.loop.lastChange else { return ", nothing to do since the agent began" }
        return ", changed \(plan.changes) \(plan.changes == 1 ? "Pod" : "Pods") last \(ago(plan.at))"
    }

    private func ago(_ time: WallTime) -> String { "\(Age(now - time)) ago" }
}
