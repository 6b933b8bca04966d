import Glibc

extension Descriptor {
    /// Takes the exclusive flock(2) on this open file. The kernel releases it with the open file's last descriptor, so
    /// also when its process is killed.
    ///
    /// - Returns: false when someone else holds it.
    public borrowing func tryLock() throws(SystemError) -> Bool {
        let raw = raw
        do {
            try retrying("flock") { flock(raw, LOCK_EX | LOCK_NB) }
            return true
        } catch  where error.code == EWOULDBLOCK {
            return false
        }
    }

    /// Takes the lock as `tryLock` does, waiting for it for at most `patience`.
    ///
    /// It is tried anew every 50 ms: flock has no event to wait for, and a thread blocked in it could not be cancelled.
    ///
    /// - Returns: false when someone else held it all the time.
    public borrowing func lock(within patience: Duration) async throws -> Bool {
        let start = ContinuousClock.now
        while try !tryLock() {
            if ContinuousClock.now - start >= patience { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
        return true
    }
}
