import Manifests
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// What Pods used while `top` looked.
struct UsageSample {
    /// One Pod of which something runs.
    struct Pod {
        let status: PodStatus
        let usage: PodUsage
    }

    /// By name.
    let pods: [Pod]
    /// How long it looked.
    let window: Duration
    /// When it looked last.
    let at: WallTime

    /// Looks twice.
    static func take(
        of glance: NodeGlance, _ wanted: ResourceSelection, window: Duration
    ) async throws -> UsageSample {
        let first = try await glance.readings(of: wanted)
        let begun = BootTime.now()
        try await Task.sleep(for: window)
        let last = try await glance.readings(of: wanted)
        let seen = try Moment.now()
        let pods = last.pods.compactMap { pod -> Pod? in
            guard let reading = last.readings[pod.uid] else { return nil }
            return Pod(
                status: PodStatus(pod, nodeName: glance.nodeName, now: seen),
                usage: PodUsage(from: first.readings[pod.uid], to: reading, within: seen.boot - begun))
        }
        return UsageSample(
            pods: pods.sorted { $0.status.accepted.name < $1.status.accepted.name }, window: window, at: seen.wall)
    }

    /// The lines of a table.
    var rows: [PodUsageRow] {
        pods.map { pod in
            let statuses = pod.status.initContainers + pod.status.containers
            return PodUsageRow(
                pod: pod.status.accepted.name,
                containers: statuses.compactMap { container in
                    pod.usage.containers[container.name].map {
                        PodUsageRow.Container(name: container.name, usage: $0, restarts: container.restartCount)
                    }
                }, network: pod.usage.network)
        }
    }
}

extension NodeGlance {
    /// What the Pods asked for have used so far.
    fileprivate func readings(
        of wanted: ResourceSelection
    ) async throws -> (pods: [ObservedPod], readings: [PodUID: PodReading]) {
        let pods = try await view.observe().filter { pod in
            wanted.selects(name: pod.record.accepted.name, labels: pod.record.accepted.pod.metadata.labels)
        }
        return (pods, try await view.readings(of: pods, below: cgroupParent))
    }
}
