import Manifests
import PodModel
import Probes

/// Carries out the hooks of containers: a command inside, a request from the node, or a while that passes.
struct LifecycleHooks: Sendable {
    /// How a hook ended.
    enum Outcome: Hashable, Sendable {
        /// As it should.
        case done
        /// As it should, but in plain text where TLS was asked for.
        case fellBack
        /// It failed. The reason never holds what a command wrote: that may be a secret.
        case failed(String)
    }

    /// A command without a limit of its own.
    static let unlimited = Duration.seconds(365 * 86_400)

    let executor: SupervisedExecutor
    let caller: HookCaller

    /// Carries out a hook; ends it when the time is over or the task is cancelled.
    ///
    /// - Throws: `CancellationError`. What a hook came to that was cut short says nothing about it: the next agent begins
    ///   it anew.
    func run(_ handler: LifecycleHandler, of container: ProbedContainer, in spec: Container, within limit: Duration)
        async throws -> Outcome
    {
        let outcome = await attempt(handler, of: container, in: spec, within: limit)
        try Task.checkCancellation()
        return outcome
    }

    private func attempt(
        _ handler: LifecycleHandler, of container: ProbedContainer, in spec: Container, within limit: Duration
    ) async -> Outcome {
        if let exec = handler.exec {
            return await run(exec.command(in: spec), in: container, within: limit)
        }
        if let get = handler.httpGet {
            switch await caller.send(HTTPGetProbe(get), of: container, timeout: min(limit, .seconds(60))) {
            case .answered: return .done
            case .answeredInPlainText: return .fellBack
            case .failed(let reason):
                return .failed(
                    "HTTP lifecycle hook (\(get.path)) for Container \"\(container.name)\" failed: \(reason)")
            }
        }
        if let sleep = handler.sleep {
            // Cut short only by cancellation, which the caller looks for.
            try? await Task.sleep(for: min(limit, .seconds(max(0, sleep.seconds))))
        }
        return .done
    }

    private func run(_ command: [String], in container: ProbedContainer, within limit: Duration) async -> Outcome {
        let words =
            "Exec lifecycle hook ([\(command.joined(separator: " "))]) for Container \"\(container.name)\" failed"
        do {
            switch try await executor.run(command, in: container, timeout: limit, outputLimit: 0) {
            case .exited(code: 0, output: _): return .done
            case .exited(let code, output: _): return .failed("\(words): command ended with code \(code)")
            case .timedOut: return .failed("\(words): it took longer than \(limit.components.seconds) s")
            }
        } catch {
            return .failed("\(words): \(error)")
        }
    }
}
