import Foundation
import Manifests
import Testing

@Suite("Hooks, stop signals and deadlines")
struct HookTests {
    private static let patient =
        "trap 'echo term; exit 3' TERM; trap 'echo usr; exit 4' USR1; while :; do usleep 50000; done"

    @Test("postStart runs after the start, preStop before the stop signal")
    func hooks() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                Self.patient, as: "web",
                "lifecycle: {postStart: {exec: {command: [sh, -c, 'echo begun > /proc/1/fd/1']}}, "
                    + "preStop: {exec: {command: [sh, -c, 'echo ending > /proc/1/fd/1']}}}",
                "livenessProbe: {exec: {command: [test, '!', -e, /tmp/ill]}, periodSeconds: 1, failureThreshold: 1}")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what has hooks")
            try node.startAgent()
            try await node.running("web")
            try await node.eventually("postStart has run") {
                try await node.agent("logs", "web").output == "begun\n"
            }

            #expect(try await node.agent("exec", "web", "--", "touch", "/tmp/ill").status == 0)
            let again = try await node.running("web") { $0.restarts(of: "main") == 1 }
            #expect(again.lastExitCode(of: "main") == 3)
            #expect(try await node.agent("logs", "-p", "web").output == "begun\nending\nterm\n")
        }
    }

    @Test("a postStart that fails ends the container, again and again")
    func postStartFails() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                Self.patient, as: "web", "lifecycle: {postStart: {exec: {command: ['false']}}}")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what cannot begin")
            try node.startAgent()
            try await node.eventually("it was restarted, and is held back") {
                let row = try await node.row("web")
                return row.contains("CrashLoopBackOff") || row.contains("PostStartHookError")
            }
            let events = try await node.agent("events", "--for", "pod/web").output
            #expect(events.contains(/Warning +FailedPostStartHook/), "\(events)")
        }
    }

    @Test("the manifest's stop signal comes before the image's, and the time of a hook is taken off the grace")
    func signal() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest =
                Written.running(
                    Self.patient, as: "web",
                    "lifecycle: {stopSignal: SIGUSR1, preStop: {sleep: {seconds: 2}}}",
                    "livenessProbe: {exec: {command: [test, '!', -e, /tmp/ill]}, periodSeconds: 1, failureThreshold: 1}"
                )
                .replacing("spec:\n", with: "spec:\n  os: {name: linux}\n  terminationGracePeriodSeconds: 5\n")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what ends by another signal")
            try node.startAgent()
            try await node.running("web")
            #expect(try await node.agent("exec", "web", "--", "touch", "/tmp/ill").status == 0)
            let again = try await node.running("web") { $0.restarts(of: "main") == 1 }
            #expect(again.lastExitCode(of: "main") == 4)
        }
    }

    @Test("a Pod that is active for too long has failed")
    func deadline() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(Self.patient, as: "web")
                .replacing("spec:\n", with: "spec:\n  activeDeadlineSeconds: 2\n")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what may not last")
            try node.startAgent()
            try await node.eventually("it has failed") { try await node.pod("web")?.phase == "Failed" }
            let pod = try await node.pod("web")
            #expect(pod?.json["status"]?["reason"] == "DeadlineExceeded")
            try await node.eventually("nothing of it runs") { try node.processes(named: "sh").isEmpty }
        }
    }
}

@Suite("A container's last words")
struct TerminationMessageTests {
    @Test("are shown with its end: from its file, or from its log")
    func shown() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let written = Written.running("echo because > /dev/termination-log; exit 3", as: "file", policy: "Never")
            let logged = Written.running(
                "echo no such thing; exit 4", as: "log", "terminationMessagePolicy: FallbackToLogsOnError",
                policy: "Never")
            try await node.repository.push(["a/a.yaml": written, "b/b.yaml": logged], "Run what fails")
            try node.startAgent()
            for (name, words) in [("file", "because\n"), ("log", "no such thing\n")] {
                try await node.eventually("\(name) has failed") { try await node.pod(name)?.phase == "Failed" }
                let end = try await node.pod(name)?.container("main")?["state"]?["terminated"]
                #expect(end?["message"]?.string == words, "\(name)")
            }
        }
    }
}
