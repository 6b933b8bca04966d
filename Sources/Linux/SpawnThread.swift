import CLinux
import Glibc

/// Runs `body` on a thread of its own, which ends with it and takes no signals.
///
/// For calls that block: they must not hold up the threads that all tasks share.
public func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let box = Unmanaged.passRetained(ThreadBody(run: body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
    if code != 0 {
        box.release()
        throw SystemError("pthread_create", code: code)
    }
    pthread_detach(thread)
}

/// Has the calling thread use what no other thread wants of processors and disks, from now on. For threads of `startThread`.
public func yieldToOtherThreads() { clinux_yield_to_others() }

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
