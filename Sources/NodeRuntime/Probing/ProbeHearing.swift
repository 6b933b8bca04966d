import Logging
import Manifests
import PodModel
import Probes

/// What becomes of what probes say: verdicts are written into the Pods' records, and the loop looks at them; the rest is
/// told to people.
struct ProbeHearing: Sendable {
    let records: PodRecordStore
    let events: RuntimeEvents
    let log: Logger

    func take(_ report: ProbeReport) async {
        switch report.content {
        case .event(let event): tell(event, report)
        case .verdict(.notRunning, _):
            // How it ended is told by its supervisor; the last verdict may be why, and stays.
            break
        case .verdict(let verdict, let record):
            do {
                let now = WallTime.now()
                try await records.change(report.pod) { $0.containers[report.container]?.note(verdict, record, at: now) }
                events.suggestLook(at: report.pod)
            } catch NodeRuntimeError.unknownPod {
                // It was removed meanwhile.
            } catch {
                log.warning(
                    "probe result cannot be stored",
                    metadata: ["pod": "\(report.pod)", "container": "\(report.container)", "error": "\(error)"])
            }
        }
    }

    private func tell(_ event: ProbeEvent, _ report: ProbeReport) {
        guard let pod = records.record(of: report.pod)?.accepted else { return }
        events.tell(
            PodEvent(
                pod: pod.name, uid: pod.uid, container: report.container,
                isOfInit: pod.pod.spec.hasInit(report.container), type: .warning, reason: event.reason,
                message: event.message, at: .now()))
    }
}
