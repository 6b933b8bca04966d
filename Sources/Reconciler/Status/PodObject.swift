import Manifests
import PodModel

/// The whole Kubernetes object of a Pod, as `get -o json` shows it.
public enum PodObject {
    /// Builds the object.
    public static func json(_ status: PodStatus) -> JSONValue {
        let manifest = status.accepted.pod.encoded
        return [
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata(manifest["metadata"] ?? [:], status),
            "spec": (manifest["spec"] ?? [:]).adding([
                "nodeName": status.isScheduled ? .string(status.nodeName) : nil
            ]),
            "status": self.status(status),
        ]
    }

    private static func metadata(_ manifest: JSONValue, _ status: PodStatus) -> JSONValue {
        manifest.adding([
            "uid": .string(status.accepted.uid.text),
            "creationTimestamp": .string(status.accepted.createdAt.rfc3339),
            "deletionTimestamp": status.deletion.map { .string($0.deletionTimestamp.rfc3339) },
            "deletionGracePeriodSeconds": status.deletion.map { .int(Int64($0.graceSeconds)) },
        ])
    }

    private static func status(_ status: PodStatus) -> JSONValue {
        let host = status.isScheduled ? status.hostAddress.map(JSONValue.string) : nil
        let address = status.address.map(JSONValue.string)
        return JSONValue.object([:]).adding([
            "phase": .string(status.phase.rawValue),
            "reason": status.reason.map { .string($0.reason) },
            "message": status.reason.map { .string($0.message) },
            "conditions": .array(status.conditions.map(condition)),
            "initContainerStatuses": status.initContainers.isEmpty || !status.isScheduled
                ? nil : .array(status.initContainers.map(container)),
            "containerStatuses": status.isScheduled ? .array(status.containers.map(container)) : nil,
            "hostIP": host,
            "hostIPs": host.map { [["ip": $0]] },
            "podIP": address,
            "podIPs": address.map { [["ip": $0]] },
            "startTime": status.startTime.map { .string($0.rfc3339) },
            "qosClass": .string(status.qosClass.rawValue),
        ])
    }

    private static func condition(_ condition: PodCondition) -> JSONValue {
        JSONValue.object([:]).adding([
            "type": .string(condition.kind.rawValue),
            "status": .string(condition.isTrue ? "True" : "False"),
            "reason": condition.reason.map(JSONValue.string),
            "message": condition.message.map(JSONValue.string),
            "lastProbeTime": .null,
            "lastTransitionTime": condition.since.map { .string($0.rfc3339) },
        ])
    }

    private static func container(_ container: ContainerStatus) -> JSONValue {
        JSONValue.object([:]).adding([
            "name": .string(container.name),
            "image": .string(container.image),
            "imageID": .string(container.imageID),
            "containerID": container.containerID.map { .string($0.url) },
            "state": state(container.state),
            "lastState": container.lastExit.map { state(.terminated($0)) } ?? [:],
            "ready": .bool(container.isReady),
            "started": .bool(container.isStarted),
            "restartCount": .int(Int64(container.restartCount)),
        ])
    }

    private static func state(_ state: ContainerState) -> JSONValue {
        switch state {
        case .waiting(let waiting):
            let message = waiting.message.isEmpty ? nil : JSONValue.string(waiting.message)
            return ["waiting": JSONValue.object(["reason": .string(waiting.reason)]).adding(["message": message])]
        case .running(let since):
            return ["running": ["startedAt": .string(since.rfc3339)]]
        case .terminated(let exit):
            let terminated: JSONValue = [
                "exitCode": .int(Int64(exit.code)),
                "reason": .string(exit.reason.rawValue),
                "startedAt": .string((exit.startedAt ?? .epoch).rfc3339),
                "finishedAt": .string(exit.finishedAt.rfc3339),
                "containerID": .string(exit.id.url),
            ]
            return ["terminated": terminated.adding(["message": exit.message.map(JSONValue.string)])]
        }
    }
}

extension JSONValue {
    /// The object with more fields; those that are nil stay away.
    fileprivate func adding(_ fields: [String: JSONValue?]) -> JSONValue {
        guard case .object(var all) = self else { return self }
        for case (let name, let value?) in fields { all[name] = value }
        return .object(all)
    }
}
