import Linux
import Logging
import PodModel
import Probes
import Synchronization

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
    /// Whose probes have begun and have not ended.
    private let known = Mutex<Set<ContainerID>>([])

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

    /// Whether a container is probed.
    func knows(_ id: ContainerID) -> Bool { known.withLock { $0.contains(id) } }

    /// Probes a container that has just started, until its end.
    func begin(_ container: ProbedContainer) { ask(.begin(container), for: container) }

    /// Probes a container that has run for a while already.
    func adopt(_ container: ProbedContainer, _ record: ProbeRecord?) { ask(.adopt(container, record), for: container) }

    private func ask(_ request: Request, for container: ProbedContainer) {
        if container.probes.kinds.isEmpty { return }
        known.withLock { _ = $0.insert(container.id) }
        requests.yield(request)
    }

    /// The container does not run any more.
    func end(_ id: ContainerID) {
        known.withLock { _ = $0.remove(id) }
        requests.yield(.end(id))
    }

    /// The Pod is to end: of its probes only readiness goes on.
    func endPod(_ uid: PodUID) { requests.yield(.endPod(uid)) }
}
