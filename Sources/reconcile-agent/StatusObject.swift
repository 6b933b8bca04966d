import Manifests
import NodeRuntime
import PodModel
import Reconciler

/// `status -o json`: the same for machines.
struct StatusObject {
    private let report: StatusReport

    init(_ report: StatusReport) { self.report = report }

    var json: JSONValue {
        [
            "node": .string(report.node), "agent": agent, "source": source, "revision": revision,
            "applications": .array((report.slice?.applications ?? []).map(application)), "pods": pods,
            "hostPorts": .array(report.hostPorts.map(\.json)),
            "lastPoll": poll, "nextPoll": time(report.published?.loop.nextPoll),
            "lastPlan": plan(report.published?.loop.lastPlan), "lastChange": plan(report.published?.loop.lastChange),
            "room": report.room?.json ?? .null,
            "pressures": .array((report.published?.loop.pressures ?? []).map(pressure)),
            "held": .array((report.published?.loop.held ?? []).map(held)),
            "historyError": text(report.published?.loop.historyTrouble ?? report.historyTrouble),
            "attention": .array(report.attention.map(JSONValue.string)),
        ]
    }

    private var agent: JSONValue {
        switch report.agent {
        case .running(let process, let since):
            ["running": true, "pid": .int(Int64(process)), "since": time(since)]
        case .none(let unsupervised):
            ["running": false, "pid": .null, "unsupervisedSince": time(unsupervised.lastAgent?.endedAt)]
        }
    }

    private var source: JSONValue {
        guard let source = report.published?.source else { return .null }
        return ["repository": .string(source.repository), "ref": .string(source.ref), "path": .string(source.path)]
    }

    private var revision: JSONValue {
        guard let slice = report.slice else { return .null }
        return [
            "id": .string(slice.revision.text), "author": .string(slice.commit.author),
            "email": .string(slice.commit.email), "subject": .string(slice.commit.subject),
            "committedAt": .string(slice.commit.committedAt.rfc3339), "acceptedAt": .string(slice.acceptedAt.rfc3339),
        ]
    }

    private func application(_ application: AcceptedApplication) -> JSONValue {
        [
            "name": .string(application.name.text), "revision": text(application.revision?.text),
            "diagnostics": .array(application.diagnostics.map { .string($0.description) }),
        ]
    }

    private var pods: JSONValue {
        .array(
            report.pods.map { pod in
                [
                    "namespace": .string(pod.accepted.name.namespace), "name": .string(pod.accepted.name.name),
                    "uid": .string(pod.accepted.uid.text), "status": .string(pod.statusWord),
                    "ready": .bool(pod.isReady), "restarts": .int(Int64(pod.restarts)),
                ]
            })
    }

    private var poll: JSONValue {
        guard let poll = report.published?.loop.lastPoll else { return .null }
        return [
            "at": time(poll.at), "error": text(poll.failure), "answeredAt": time(report.published?.loop.lastAnswer),
        ]
    }

    private func plan(_ plan: LoopStatus.Plan?) -> JSONValue {
        guard let plan else { return .null }
        return [
            "at": time(plan.at), "revision": text(plan.revision?.text), "changes": .int(Int64(plan.changes)),
            "error": text(plan.failure),
        ]
    }

    private func held(_ held: LoopStatus.Held) -> JSONValue {
        [
            "namespace": .string(held.pod.namespace), "name": .string(held.pod.name), "change": .string(held.change),
            "reason": .string(held.reason), "until": time(held.until),
        ]
    }

    private func pressure(_ pressure: NodePressure) -> JSONValue {
        [
            "condition": .string(pressure.kind.rawValue), "signal": .string(pressure.signal.rawValue),
            "message": .string(pressure.words), "since": time(pressure.since),
        ]
    }

    private func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    private func time(_ time: WallTime?) -> JSONValue { text(time?.rfc3339) }
}
