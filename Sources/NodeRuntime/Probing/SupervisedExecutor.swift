import Linux
import PodModel
import Probes
import SupervisorCore
import Synchronization

/// Runs the commands of exec probes by the Pods' supervisors, which also kill what takes too long.
final class SupervisedExecutor: ProbeExecutor {
    /// How much longer than its time a command may take to be ended and told of.
    private static let patience = Duration.seconds(10)
    /// How long a process may take to come to life.
    private static let birthLimit: UInt64 = 30_000

    private let connections: SupervisorConnections
    private let events: RuntimeEvents
    private let poller: Poller
    private let compile: @Sendable (ProbedContainer) throws -> ProcessPlan
    private let plans = Mutex<[ContainerID: ProcessPlan]>([:])

    /// - Parameter compile: gives what a process of a container needs beside its command; asked once for each container.
    init(
        connections: SupervisorConnections, events: RuntimeEvents, poller: Poller,
        compile: @escaping @Sendable (ProbedContainer) throws -> ProcessPlan
    ) {
        self.connections = connections
        self.events = events
        self.poller = poller
        self.compile = compile
    }

    /// Forgets a container that ended.
    func forget(_ id: ContainerID) { _ = plans.withLock { $0.removeValue(forKey: id) } }

    /// Runs a command to its end, or kills it, with all that it started, when its time is over.
    func run(
        _ command: [String], in container: ProbedContainer, timeout: Duration, outputLimit: Int
    ) async throws -> ProbeExecution {
        let (supervisor, plan) = try await company(of: container)
        let id = randomHexadecimal(digits: 32)
        var request = ExecRequest()
        request.container = Array(container.id.text.utf8)
        request.exec = Array(id.utf8)
        request.endsWithClient = true
        request.deadlineMilliseconds = Self.birthLimit
        request.timeoutMilliseconds = UInt64(max(1, timeout / .milliseconds(1)))
        request.process = plan
        request.process.arguments = command.map { Array($0.utf8) }
        request.roles = [DescriptorRole.standardOutput, DescriptorRole.standardError]
        let output = try CappedOutput(Pipe(), limit: outputLimit, poller: poller)
        defer { output.end() }
        let exit = try await run(request, id, output.writing, on: supervisor, within: timeout + Self.patience)
        if exit.isTimeout(timeout) { return .timedOut }
        return .exited(code: Int32(clamping: exit.code), output: output.text)
    }

    private func run(
        _ request: ExecRequest, _ id: String, _ output: Int32, on supervisor: Supervisor, within limit: Duration
    ) async throws -> Exit {
        guard supervisor.tellsEndsInAnswers else {
            return try await runByEvents(request, id, output, on: supervisor, within: limit)
        }
        do {
            return try await supervisor.run(request, descriptors: [output, output], within: limit)
        } catch is CancellationError {
            // Killed, since nobody waits for it any more. In a task of its own: the caller's was cancelled.
            Task {
                // It ended meanwhile, or its supervisor did.
                try? await supervisor.signal(exec: id, 9)
            }
            throw CancellationError()
        }
    }

    // MARK: What takes time, off the poller's thread, which all probes share

    private func company(of container: ProbedContainer) async throws -> (Supervisor, ProcessPlan) {
        let plan = plans.withLock { $0[container.id] }
        if let plan, let supervisor = connections.connected(to: container.pod) { return (supervisor, plan) }
        return try await Task { [self] in
            let plan = try plan ?? compile(container)
            plans.withLock { $0[container.id] = plan }
            guard let supervisor = try await connections.supervisor(of: container.pod) else {
                throw SupervisorError.failed(BirthFailure(stage: RequestFailure.unknownTarget, error: 0, detail: []))
            }
            return (supervisor, plan)
        }.value
    }

    // MARK: Supervisors of earlier releases

    /// Runs a command by a supervisor that answers when it was born, tells of its end, and remembers that until it is
    /// acknowledged.
    private func runByEvents(
        _ request: ExecRequest, _ id: String, _ output: Int32, on supervisor: Supervisor, within limit: Duration
    ) async throws -> Exit {
        // Before it is asked for, so that no end falls in between.
        let ends = events.execEnd(id)
        do {
            _ = try await supervisor.exec(request, descriptors: [output, output])
            let exit = try await end(ends, within: limit)
            try await supervisor.acknowledge(exec: id)
            return exit
        } catch is CancellationError {
            abandon(id, on: supervisor)
            throw CancellationError()
        } catch SupervisorError.failed(let failure) where failure.isOfBirth {
            // What did not come to life has an exit nevertheless, which nobody else asks for.
            try? await supervisor.acknowledge(exec: id)
            throw SupervisorError.failed(failure)
        }
    }

    /// Kills a command that nobody waits for any more. In a task of its own: the caller's was cancelled.
    private func abandon(_ id: String, on supervisor: Supervisor) {
        let ends = events.execEnd(id)
        Task {
            do {
                try await supervisor.signal(exec: id, 9)
                _ = try await end(ends, within: Self.patience)
                try await supervisor.acknowledge(exec: id)
            } catch {
                // It ended with its container, or its supervisor did.
            }
        }
    }

    private func end(_ ends: AsyncStream<Exit>, within limit: Duration) async throws -> Exit {
        let exit = try await withThrowingTaskGroup(of: Exit?.self) { group in
            group.addTask {
                for await exit in ends { return exit }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        guard let exit else { throw NodeRuntimeError.execLost }
        return exit
    }
}

extension Exit {
    /// Whether it was killed because its time was over.
    fileprivate func isTimeout(_ timeout: Duration) -> Bool {
        guard signal == 9, finishedAt > startedAt else { return false }
        return Duration.nanoseconds(Int64(clamping: finishedAt - startedAt)) >= timeout
    }
}
