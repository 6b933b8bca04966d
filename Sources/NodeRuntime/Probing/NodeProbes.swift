import Linux
import Logging
import PodModel
import Probes

/// The probes of every container that runs on the node: begun with its process, ended with it.
///
/// Nothing of it outlives the agent but what it tells: verdicts go into the Pods' records.
final class NodeProbes: Sendable {
    private enum Request: Sendable {
        case begin(ProbedContainer)
        case adopt(ProbedContainer, ProbeRecord?)
        case end(ContainerID)
        case endPod(PodUID)
    }

    /// What carries out hooks: by the same hands.
    let hooks: LifecycleHooks
    private let requests: AsyncStream<Request>.Continuation
    private let tasks: [Task<Void, Never>]

    /// - Parameters:
    ///   - poller: what is tried is tried on its thread, which wakes for what is due and for what answers.
    ///   - hear: told what there is to know, in order.
    init(
        executor: SupervisedExecutor, poller: Poller, log: Logger, hear: @escaping @Sendable (ProbeReport) async -> Void
    ) {
        let dialer = ProbeDialer(poller: poller)
        let prober = NodeProber(dialer: dialer, executor: executor)
        hooks = LifecycleHooks(executor: executor, caller: HookCaller(prober))
        let runner = ProbeRunner(prober: prober, clock: MachineProbeClock(sleepingOn: poller), executor: poller)
        let (stream, requests) = AsyncStream.makeStream(of: Request.self)
        self.requests = requests
        // They live as long as the runtime, whose owner waits for none of its work either; each ends by cancellation.
        tasks = [
            Task(executorPreference: poller) {
                await runner.run()
                do { try await dialer.shutDown() } catch {
                    log.warning("probes' thread does not end", metadata: ["error": "\(error)"])
                }
            },
            Task { for await request in stream { await Self.carryOut(request, runner, executor) } },
            Task { for await report in runner.reports { await hear(report) } },
        ]
    }

    deinit { for task in tasks { task.cancel() } }

    private static func carryOut(_ request: Request, _ runner: ProbeRunner, _ executor: SupervisedExecutor) async {
        switch request {
        case .begin(let container): await runner.begin(container)
        case .adopt(let container, let record): await runner.adopt(container, record)
        case .end(let id):
            await runner.end(id)
            executor.forget(id)
        case .endPod(let uid): await runner.endPod(uid)
        }
    }

    /// Probes a container that has just started, until its end.
    func begin(_ container: ProbedContainer) {
        if !container.probes.kinds.isEmpty { requests.yield(.begin(container)) }
    }

    /// Probes a container that ran before the agent did.
    func adopt(_ container: ProbedContainer, _ record: ProbeRecord?) {
        if !container.probes.kinds.isEmpty { requests.yield(.adopt(container, record)) }
    }

    /// The container does not run any more.
    func end(_ id: ContainerID) { requests.yield(.end(id)) }

    /// The Pod is to end: of its probes only readiness goes on.
    func endPod(_ uid: PodUID) { requests.yield(.endPod(uid)) }
}
