import Glibc
import Linux
import Synchronization

/// Clears up behind a test, also behind one whose process dies in whatever way.
///
/// A shell waits at the end of a pipe from this process, and runs its script once the pipe is closed: by `settle()`, by
/// the last reference going away, or by the kernel.
public final class Aftermath: Sendable {
    private let shell: ChildProcess
    private let life: Mutex<Descriptor?>

    /// - Parameters:
    ///   - script: what is to be done, for sh(1); its complaints go to standard error.
    ///   - arguments: the script's `$1`, `$2`, ….
    /// - Throws: `SystemError` when there is no process to be had.
    public init(_ script: String, _ arguments: String...) throws(SystemError) {
        let pipe = try Pipe()
        shell = try spawn(
            executable: "/bin/sh", arguments: ["-c", "cat\n" + script, "aftermath"] + arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [0: pipe.reading.raw, 2: STDERR_FILENO])
        life = Mutex(pipe.intoWriting())
    }

    /// Lets the script run now, and waits for its end; once is enough.
    public func settle() throws(SystemError) {
        let isFirst = life.withLock { life in
            switch life.take() {
            case .some: true
            case .none: false
            }
        }
        if isFirst { try shell.wait() }
    }

    /// Kills all that lives in the cgroups whose path holds `$1`, and removes them, in every hierarchy there is.
    public static let endOfCgroups = """
        for round in 1 2 3 4 5 6 7 8 9 10; do
            groups=$(find /sys/fs/cgroup -type d -path "*$1*" 2> /dev/null)
            [ -n "$groups" ] || break
            find $groups -maxdepth 1 -name cgroup.procs -exec cat {} + 2> /dev/null | sort -u | xargs -r kill -9 2> /dev/null
            find $groups -depth -type d -exec rmdir {} + 2> /dev/null && break
            sleep 0.05
        done

        """
}
