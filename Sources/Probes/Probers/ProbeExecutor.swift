/// Runs the command of a probe inside its container.
public protocol ProbeExecutor: Sendable {
    /// Runs a command to its end, or kills it, with all that it started, when its time is over.
    ///
    /// - Parameter outputLimit: how many bytes of output, both streams together, are kept.
    /// - Throws: what kept the command from being run at all; its description is a sentence for the user.
    func run(
        _ command: [String], in container: ProbedContainer, timeout: Duration, outputLimit: Int
    ) async throws -> ProbeExecution
}

/// How the command of a probe ended.
public enum ProbeExecution: Hashable, Sendable {
    /// By itself.
    case exited(code: Int32, output: String)
    /// It was killed when its time was over.
    case timedOut
}

extension ProbeExecutor {
    func probe(_ command: [String], in container: ProbedContainer, timeout: Duration) async -> ProbeOutcome {
        do {
            let execution = try await run(
                command, in: container, timeout: timeout, outputLimit: NodeProber.outputLimit)
            switch execution {
            case .exited(code: 0, output: _): return .success
            case .exited(code: _, let output): return .failure(output)
            case .timedOut:
                let words = quoted(command.joined(separator: " "))
                return .failure("command timed out: \(words) timed out after \(timeout.inWords)")
            }
        } catch {
            return .error("\(error)")
        }
    }
}
