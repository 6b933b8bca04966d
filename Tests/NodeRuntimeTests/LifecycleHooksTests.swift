import Manifests
import PodModel
import Probes
import Synchronization
import Testing

@testable import NodeRuntime

@Suite("Hooks of containers") struct LifecycleHooksTests {
    /// Notes what is asked of it, and answers what a test says.
    private final class Hand: ProbeExecutor, Prober {
        let execution: ProbeExecution
        let outcomes: [ProbeOutcome]
        let commands = Mutex<[[String]]>([])
        let timeouts = Mutex<[Duration]>([])

        init(_ execution: ProbeExecution = .exited(code: 0, output: ""), _ outcomes: [ProbeOutcome] = [.success]) {
            (self.execution, self.outcomes) = (execution, outcomes)
        }

        func run(
            _ command: [String], in container: ProbedContainer, timeout: Duration, outputLimit: Int
        ) async throws -> ProbeExecution {
            commands.withLock { $0.append(command) }
            return execution
        }

        func probe(_ handler: ProbeHandler, of container: ProbedContainer, timeout: Duration) async -> ProbeOutcome {
            let tries = timeouts.withLock { timeouts in
                timeouts.append(timeout)
                return timeouts.count
            }
            return outcomes[min(tries, outcomes.count) - 1]
        }
    }

    private func run(
        _ handler: LifecycleHandler, by hand: Hand, within limit: Duration = .seconds(300)
    ) async throws -> LifecycleHooks.Outcome {
        var container = Container(name: "main", image: "busybox:1.28")
        container.env = [EnvVar(name: "VALUE", value: "expanded")]
        let pod = Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [container]))
        let accepted = AcceptedPod(
            uid: PodUID("u1"), pod: pod, digest: Digest("sha256:0"), written: .null, application: .root,
            createdAt: .epoch, file: "web.yaml")
        let probed = ProbedContainer(
            pod: PodUID("u1"), name: "main", id: ContainerID("c1"), startedAt: BootTime(nanoseconds: 0),
            probes: ContainerProbes())
        let hooks = LifecycleHooks(executor: hand, caller: HookCaller(hand))
        return try await hooks.run(handler, of: probed, in: accepted, within: limit)
    }

    @Test("a command is carried out as it is written: unlike a probe's, it names no variables")
    func command() async throws {
        let hand = Hand()
        let written = ["sh", "-c", "echo $$ > /run/pid; echo $(VALUE)"]

        #expect(try await run(LifecycleHandler(exec: ExecAction(command: written)), by: hand) == .done)
        #expect(hand.commands.withLock { $0 } == [written])
    }

    @Test("a request may take as long as its hook may, the second in plain text what the first left of that")
    func request() async throws {
        let get = LifecycleHandler(httpGet: HTTPGetAction(path: "/drain", port: .number(80), scheme: .https))
        let answered = Hand()
        #expect(try await run(get, by: answered, within: .seconds(240)) == .done)
        #expect(answered.timeouts.withLock { $0 } == [.seconds(240)])

        let plain = Hand(.timedOut, [.error("tls: wrong version"), .success])
        #expect(try await run(get, by: plain, within: .seconds(240)) == .fellBack)
        #expect(plain.timeouts.withLock { $0[1] <= .seconds(240) })
    }

    @Test("one that fails is told of in the kubelet's words, without what it wrote")
    func failure() async throws {
        let exec = LifecycleHandler(exec: ExecAction(command: ["sh", "-c", "echo secret; exit 9"]))
        let get = LifecycleHandler(httpGet: HTTPGetAction(path: "/drain", port: .number(80)))
        let place = "for Container \"main\" in Pod \"web_default(u1)\" failed - error:"

        #expect(
            try await run(exec, by: Hand(.exited(code: 9, output: "secret")))
                == .failed(
                    "Exec lifecycle hook ([sh -c echo secret; exit 9]) \(place) "
                        + "command 'sh -c echo secret; exit 9' exited with 9"))
        #expect(
            try await run(get, by: Hand(.timedOut, [.failure("connection refused")]))
                == .failed("HTTP lifecycle hook (/drain) \(place) connection refused"))
    }
}
