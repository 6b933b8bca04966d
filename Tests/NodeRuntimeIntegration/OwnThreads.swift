import Patience
import Testing

/// Runs a suite's tests, which wait for processes and pipes without giving their thread away, on threads of their own; so
/// many at once as there may be nodes.
struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await NodeGate.shared.enter()
        do {
            try await withTaskExecutorPreference(ThreadPerJob.shared) { try await function() }
        } catch {
            await NodeGate.shared.leave()
            throw error
        }
        await NodeGate.shared.leave()
    }
}

extension Trait where Self == OwnThreads {
    /// Tests of this suite block their thread.
    static var ownThreads: OwnThreads { OwnThreads() }
}
