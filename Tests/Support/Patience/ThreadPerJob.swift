import Foundation

/// Runs each piece of a task on a thread made for it: for tests that block their thread, which would otherwise keep the
/// few threads of the cooperative pool from all others.
public final class ThreadPerJob: TaskExecutor {
    /// It holds nothing: one does for all.
    public static let shared = ThreadPerJob()

    /// Runs a job on a new thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        Thread.detachNewThread { job.runSynchronously(on: executor) }
    }
}
