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

    /// Carries out a hook; ends it when the time is over or the task is cancelled. Nothing else limits it.
    func run(_ handler: LifecycleHandler, of container: ProbedContainer, within limit: Duration) async -> Outcome {
        if let exec = handler.exec {
            // kubelet: as it is written; only the commands of probes name variables
            return await run(exec.command, in: container, within: limit)
        }
        if let get = handler.httpGet {
            switch await caller.send(HTTPGetProbe(get), of: container, timeout: limit) {
            case .answered: return .done
            case .answeredInPlainText: return .fellBack
            case .failed(let reason):
                return .failed(
                    "HTTP lifecycle hook (\(get.path)) for Container \"\(container.name)\" failed: \(reason)")
            }
        }
        if let sleep = handler.sleep {
            // Cut short only by cancellation, and then nobody waits.
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
