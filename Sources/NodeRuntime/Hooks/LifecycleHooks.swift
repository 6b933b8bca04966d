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

    let executor: any ProbeExecutor
    let caller: HookCaller

    /// Carries out a hook of a container of `pod`; ends it when the time is over or the task is cancelled. Nothing else
    /// limits it.
    ///
    /// - Throws: `CancellationError`. What a hook came to that was cut short says nothing about it: the next agent begins
    ///   it anew.
    func run(
        _ handler: LifecycleHandler, of container: ProbedContainer, in pod: AcceptedPod, within limit: Duration
    ) async throws -> Outcome {
        let outcome = await attempt(handler, of: container, in: pod, within: limit)
        try Task.checkCancellation()
        return outcome
    }

    private func attempt(
        _ handler: LifecycleHandler, of container: ProbedContainer, in pod: AcceptedPod, within limit: Duration
    ) async -> Outcome {
        func failed(_ hook: String, _ reason: String) -> Outcome {
            .failed(
                "\(hook) for Container \"\(container.name)\" in Pod \"\(pod.longName)\" failed - error: \(reason)")
        }
        if let exec = handler.exec {
            // kubelet: as it is written; only the commands of probes name variables
            let reason = await run(exec.command, in: container, within: limit)
            return reason.map { failed("Exec lifecycle hook ([\(exec.command.joined(separator: " "))])", $0) } ?? .done
        }
        if let get = handler.httpGet {
            switch await caller.send(HTTPGetProbe(get), of: container, timeout: limit) {
            case .answered: return .done
            case .answeredInPlainText: return .fellBack
            case .failed(let reason): return failed("HTTP lifecycle hook (\(get.path))", reason)
            }
        }
        if let sleep = handler.sleep {
            // Cut short only by cancellation, which the caller looks for.
            try? await Task.sleep(for: min(limit, .seconds(max(0, sleep.seconds))))
        }
        return .done
    }

    /// Runs a command.
    ///
    /// - Returns: why it failed; nil when it did not.
    private func run(_ command: [String], in container: ProbedContainer, within limit: Duration) async -> String? {
        let words = "command '\(command.joined(separator: " "))'"
        do {
            switch try await executor.run(command, in: container, timeout: limit, outputLimit: 0) {
            case .exited(code: 0, output: _): return nil
            case .exited(let code, output: _): return "\(words) exited with \(code)"
            case .timedOut: return "\(words) took longer than \(limit.components.seconds) s"
            }
        } catch {
            return "\(error)"
        }
    }
}
