import Manifests
import PodModel
import Reconciler

/// `top -o json`: the objects of Kubernetes' metrics API (metrics.k8s.io/v1beta1), with this node's own figures beside them.
enum UsageObject {
    private static let version: JSONValue = "metrics.k8s.io/v1beta1"

    /// A list, or the only one asked for by name.
    static func pods(_ sample: UsageSample, isSingle: Bool) -> JSONValue {
        let items = sample.pods.map { pod(of: $0, in: sample) }
        if isSingle, let only = items.first, items.count == 1 { return only }
        return ["kind": "PodMetricsList", "apiVersion": version, "metadata": [:], "items": .array(items)]
    }

    /// A node.
    static func node(_ name: String, _ usage: Usage, at time: WallTime, window: Duration) -> JSONValue {
        [
            "kind": "NodeMetrics", "apiVersion": version, "metadata": ["name": .string(name)],
            "timestamp": .string(time.rfc3339), "window": words(window), "usage": amounts(usage),
        ]
    }

    private static func pod(of pod: UsageSample.Pod, in sample: UsageSample) -> JSONValue {
        let name = pod.status.accepted.name
        let labels = pod.status.accepted.pod.metadata.labels.mapValues(JSONValue.string)
        let containers = (pod.status.initContainers + pod.status.containers).compactMap { container -> JSONValue? in
            guard let usage = pod.usage.containers[container.name] else { return nil }
            return [
                "name": .string(container.name), "usage": amounts(usage),
                "processes": usage.processes.map { .int(Int64($0)) } ?? .null,
                "restartCount": .int(Int64(container.restartCount)),
            ]
        }
        return [
            "kind": "PodMetrics", "apiVersion": version,
            "metadata": [
                "name": .string(name.name), "namespace": .string(name.namespace), "labels": .object(labels),
            ],
            "timestamp": .string(sample.at.rfc3339), "window": words(sample.window), "containers": .array(containers),
            "network": pod.usage.network.map {
                ["receivedBytes": .int(Int64($0.received)), "sentBytes": .int(Int64($0.sent))]
            } ?? .null,
        ]
    }

    /// In the units of metrics-server: billionths of a processor, KiB.
    private static func amounts(_ usage: Usage) -> JSONValue {
        var amounts: [String: JSONValue] = [:]
        if let cpu = usage.nanoCPU { amounts["cpu"] = .string(cpu == 0 ? "0" : "\(cpu)n") }
        if let memory = usage.memory { amounts["memory"] = .string("\(memory >> 10)Ki") }
        return .object(amounts)
    }

    private static func words(_ window: Duration) -> JSONValue {
        let milliseconds = window.nanoseconds / 1_000_000
        return .string(milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms")
    }
}
