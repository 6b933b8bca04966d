import Manifests
import NodeRuntime
import PodModel
import Reconciler
import Testing

@testable import reconcile_agent

@Suite("status tells on one screen how the node is") struct StatusReportTests {
    private let now = WallTime(nanoseconds: 1_000_000 * 1_000_000_000)

    private func ago(_ seconds: Int64) -> WallTime { now + .seconds(-seconds) }

    private func slice(diagnostics: [Diagnostic] = []) -> AcceptedSlice {
        AcceptedSlice(
            revision: RevisionID("3f2a9c1d04e5b7"),
            commit: CommitSummary(author: "Ada", email: "ada@example.org", committedAt: ago(7300), subject: "Serve"),
            acceptedAt: ago(7200), pods: [],
            applications: [
                AcceptedApplication(
                    name: ApplicationName("blue"), revision: RevisionID("3f2a9c1d04e5b7"), diagnostics: []),
                AcceptedApplication(
                    name: ApplicationName("shop"),
                    revision: RevisionID(diagnostics.isEmpty ? "3f2a9c1d04e5b7" : "1b2c3d4e"),
                    diagnostics: diagnostics),
            ])
    }

    private func report(
        agent: StatusReport.Agent? = nil, slice: AcceptedSlice? = nil, pods: [PodStatus] = [],
        historyTrouble: String? = nil, _ change: (inout LoopStatus) -> Void = { _ in }
    ) -> StatusReport {
        var loop = LoopStatus()
        loop.lastPoll = LoopStatus.Poll(at: ago(12))
        loop.lastAnswer = ago(12)
        loop.nextPoll = now + .seconds(18)
        loop.lastPlan = LoopStatus.Plan(at: ago(12), revision: RevisionID("3f2a9c1d04e5b7"))
        change(&loop)
        return StatusReport(
            node: "node-1", agent: agent ?? .running(process: 4711, since: ago(10_800)),
            published: PublishedStatus(
                process: 4711, startedAt: ago(10_800), version: "1",
                source: FollowedPlace(repository: "file:///srv/node1.git", ref: "main", path: "."), loop: loop),
            slice: slice ?? self.slice(), pods: pods, historyTrouble: historyTrouble, now: now)
    }

    @Test("a node that is short of something says of what and since when, as long as an agent looks")
    func pressure() {
        let pressure = NodePressure(
            kind: .disk, signal: .nodefsAvailable, words: "nodefs.available is 1Gi, less than 10Gi", since: ago(60))
        let line = "DiskPressure since \(ago(60).rfc3339): nodefs.available is 1Gi, less than 10Gi; new Pods wait"

        #expect(report { $0.pressures = [pressure] }.attention == [line])
        let unsupervised = report(agent: .none(Unsupervised(lastAgent: nil))) { $0.pressures = [pressure] }
        #expect(!unsupervised.attention.contains(line))
        #expect(PressureCheck.finding(pressure).verdict == .note)
        #expect(PressureCheck.finding(pressure).sentence.contains("nodefs.available is 1Gi"))
    }

    @Test("a node that is well")
    func well() {
        #expect(
            report().text == """
                Node          node-1
                Agent         running since 1970-01-12T10:46:40Z (3h), pid 4711
                Source        file:///srv/node1.git, main, .
                              asked 12s ago, again in 18s
                Revision      3f2a9c1 Serve
                              by Ada, accepted 120m ago
                Applications  blue  at 3f2a9c1, 0 Pods
                              shop  at 3f2a9c1, 0 Pods
                Pods          none
                Last pass     12s ago, nothing to do since the agent began
                Attention     nothing needs any

                """)
    }

    @Test("what a crash holds back is told with the time of its next start, by status and by why")
    func heldBack() {
        let pod = Pod(
            metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [Container(name: "main", image: "i")]))
        let accepted = AcceptedPod(
            uid: PodUID("u1"), pod: pod, digest: Digest("sha256:0"), written: .null, application: .root,
            createdAt: ago(100), file: "a.yaml")
        func moment(_ seconds: Int64) -> Moment {
            Moment(
                wall: ago(seconds), boot: BootTime(nanoseconds: 900_000_000_000) + .seconds(-seconds),
                bootID: BootID("b"))
        }
        let exit = ContainerExit(
            id: ContainerID("c1"), code: 1, reason: .error, startedAt: ago(14), finishedAt: ago(12),
            finishedBoot: moment(12).boot, bootID: BootID("b"))
        let container = ContainerRecord(
            id: exit.id, attempt: 3, startedAt: ago(14), lastExit: exit,
            backoff: Backoff(delay: .seconds(40), updatedAt: moment(14)))
        let record = PodRecord(
            accepted: accepted, bootID: BootID("b"), startTime: ago(99),
            sandbox: SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: ago(99)), containers: ["main": container])
        let status = PodStatus(
            ObservedPod(record: record, sandbox: .ready, containers: [:]), nodeName: "node-1", now: moment(0))
        let why = WhyReport(pod: accepted.name, status: status, revisions: [], history: [], now: now)

        #expect(
            report(pods: [status]).attention.first?.hasSuffix("pod=web_default(u1); it starts again in 28s") == true)
        #expect(why.text.contains("waits, CrashLoopBackOff: back-off 40s restarting"), "\(why.text)")
        #expect(why.text.contains("; it starts again in 28s\n"), "\(why.text)")
    }

    @Test("what there is of the node, and what Pods request of that, those aside that wait or have ended")
    func room() {
        func pod(_ name: String, cpu: Int, hold: PodHold? = nil, phase: PodPhase? = nil) -> PodStatus {
            var pod = Pod(
                metadata: ObjectMeta(name: name), spec: PodSpec(containers: [Container(name: "main", image: "i")]))
            pod.spec.containers[0].resources = ResourceRequirements(
                requests: ResourceList(cpu: MilliCPU(cpu), memory: Bytes(512 << 20)))
            let accepted = AcceptedPod(
                uid: PodUID(name), pod: pod, digest: Digest("sha256:0"), written: .null, application: .root,
                createdAt: now, file: "a.yaml")
            let record = PodRecord(accepted: accepted, bootID: BootID("b"), finalPhase: phase, hold: hold)
            return PodStatus(
                ObservedPod(record: record, sandbox: .absent, containers: [:]), nodeName: "node-1",
                now: Moment(wall: now, boot: BootTime(nanoseconds: 0), bootID: BootID("b")))
        }
        let waiting = PodHold(reason: .unschedulable, message: "no room", since: now)
        let capacity = NodeAllocatable(
            cpu: MilliCPU(2000), memory: Bytes(4 << 30), ephemeralStorage: Bytes(100 << 30), pods: 110)
        let allocatable = NodeAllocatable(
            cpu: MilliCPU(1500), memory: Bytes(2 << 30), ephemeralStorage: Bytes(90 << 30), pods: 110)
        var report = report()
        report.room = NodeRoom(
            capacity: capacity, allocatable: allocatable,
            pods: [
                pod("a", cpu: 750), pod("b", cpu: 900, hold: waiting), pod("c", cpu: 900, phase: .succeeded),
            ])

        #expect(
            report.text.contains(
                """
                Allocatable   cpu 1500m, memory 2Gi, disk 90Gi, 110 Pods, of cpu 2, memory 4Gi, disk 100Gi
                Requested     cpu 750m (50%), memory 512Mi (25%), disk 0 (0%), 1 Pods

                """), "\(report.text)")
        #expect(StatusObject(report).json["room"]?["allocatable"]?["cpu"] == "1500m")
        #expect(StatusObject(report).json["room"]?["requested"]?["pods"] == "1")
    }

    @Test("what needs attention is listed, and the reason with it")
    func attention() {
        let mistake = Diagnostic(
            .error, at: SourcePosition(file: "shop/pod.yaml", line: 7, column: 3),
            "unknown field \"contianers\" in Pod.spec")
        let report = report(slice: slice(diagnostics: [mistake])) { loop in
            loop.lastPoll = LoopStatus.Poll(at: ago(12), failure: "there is no Git repository")
            loop.lastAnswer = ago(600)
            loop.historyTrouble = "the journal cannot be written: disk full"
            loop.held = [
                LoopStatus.Held(
                    pod: PodName(namespace: "shop", name: "db"), change: "delete",
                    reason: "HistoryUnwritable: disk full",
                    until: now + .seconds(20))
            ]
        }

        #expect(
            report.attention == [
                "the journal cannot be written: disk full",
                "the repository cannot be followed: there is no Git repository",
                "shop/db: delete is held back, tried again in 20s: HistoryUnwritable: disk full",
                "application shop stays at 1b2c3d4, 1 error: shop/pod.yaml:7: unknown field \"contianers\" in Pod.spec",
            ])
        #expect(report.text.contains("asked 12s ago, failing since 10m ago, again in 18s\n"), "\(report.text)")
        #expect(report.text.contains("shop  stays at 1b2c3d4, 1 error, 0 Pods\n"))
    }

    @Test("without an agent, since when nobody looks after the Pods")
    func unsupervised() {
        let lonely = report(agent: .none(Unsupervised(lastAgent: LastHolder(process: 12, endedAt: ago(180)))))

        #expect(lonely.text.contains("Agent         not running\n"))
        #expect(lonely.text.contains("              asked 12s ago\n"))
        #expect(lonely.attention.first?.hasPrefix("no agent is running: Pods are unsupervised since") == true)
    }

    @Test("for machines, the same as an object")
    func object() {
        let object = StatusObject(report()).json

        #expect(object["node"] == "node-1")
        #expect(object["agent"]?["pid"] == 4711)
        #expect(object["revision"]?["id"] == "3f2a9c1d04e5b7")
        #expect(object["lastPoll"]?["error"] == .null)
        #expect(object["attention"] == [])
    }

    @Test("what is published is read back, and what a newer release adds does not hinder")
    func published() async throws {
        try await withTemporaryDirectory { directory in
            let paths = NodePaths(stateDirectory: directory, runDirectory: directory, logDirectory: directory)
            #expect(try PublishedStatus.load(below: paths) == nil)
            let status = try #require(report().published)

            try status.save(below: paths)

            #expect(try PublishedStatus.load(below: paths) == status)
        }
    }
}

@Suite("What a service manager wants is read from the environment") struct ManagerEnvironmentTests {
    @Test(
        "a watchdog is served by the process it is meant for",
        arguments: [
            (["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "120000000"], Duration.seconds(120)),
            (["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "7"], .seconds(120)),
            (["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "8"], nil),
            (["NOTIFY_SOCKET": "/run/x"], nil), ([:], nil), (["WATCHDOG_USEC": "x"], nil),
        ])
    func watchdog(variables: [String: String], expected: Duration?) {
        let environment = ManagerEnvironment(variables, process: 7)

        #expect(environment.watchdog == expected)
        #expect((environment.manager == nil) == (variables["NOTIFY_SOCKET"] == nil))
    }
}
