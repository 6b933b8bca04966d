import Testing

@testable import Manifests

@Suite("Hooks are read as Kubernetes reads them")
struct LifecycleTests {
    private func complaints(_ lifecycle: String, spec: String = "") -> [String] {
        load(manifest(spec: spec, container: "lifecycle: \(lifecycle)")).diagnostics.map(\.message)
    }

    @Test("each handler, and a signal")
    func read() throws {
        let text = manifest(
            spec: "os: {name: linux}\n  activeDeadlineSeconds: 60",
            container:
                "lifecycle: {postStart: {exec: {command: [a]}}, preStop: {sleep: {seconds: 3}}, stopSignal: SIGINT}")
        let spec = try #require(load(text).pods.first?.pod.spec)

        #expect(
            spec.containers[0].lifecycle
                == Lifecycle(
                    postStart: LifecycleHandler(exec: ExecAction(command: ["a"])),
                    preStop: LifecycleHandler(sleep: SleepAction(seconds: 3)), stopSignal: "SIGINT"))
        #expect(spec.activeDeadlineSeconds == 60)
    }

    @Test(
        "what Kubernetes refuses is refused in its words",
        arguments: [
            ("{preStop: {}}", "preStop: Required value: must specify a handler type"),
            (
                "{preStop: {sleep: {seconds: 1}, exec: {command: [a]}}}",
                "preStop.sleep: Forbidden: may not specify more than 1 handler type"
            ),
            (
                "{postStart: {sleep: {seconds: 31}}}",
                "postStart.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)"
            ),
            (
                "{stopSignal: SIGTERM}",
                "stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`"
            ),
        ])
    func refused(lifecycle: String, complaint: String) {
        #expect(complaints(lifecycle) == ["spec.containers[0].lifecycle.\(complaint)"])
    }

    @Test("a signal that Linux does not have")
    func signal() {
        let complaint = complaints("{stopSignal: SIGNAL}", spec: "os: {name: linux}").first ?? ""
        #expect(
            complaint.hasPrefix(
                "spec.containers[0].lifecycle.stopSignal: Unsupported value: \"SIGNAL\": supported values:"))
    }

    @Test("a connection is no hook")
    func socket() {
        #expect(
            complaints("{preStop: {tcpSocket: {port: 1}}}") == [
                "field \"tcpSocket\" in Pod.spec.containers[0].lifecycle.preStop is not supported by this version"
            ])
    }
}
