import Glibc
import Linux

/// A process that keeps network and mount namespaces of a test's own open, and clears up behind the test.
///
/// Its standard input is a pipe from this process: when the test lets go of it, or dies in whatever way, the holder
/// ends by force what is left in its namespaces and cgroups, and removes the test's directory.
struct NodeHolder: ~Copyable {
    /// The process; `nsenter -t` enters its namespaces.
    let pid: pid_t
    private let child: ChildProcess
    private let life: Descriptor

    /// - Parameters:
    ///   - base: the test's directory.
    ///   - cgroupParent: the cgroup below which the test's node lives.
    /// - Throws: also when namespaces cannot be made: not root, or not Linux as we need it.
    static func start(base: String, cgroupParent: String) throws -> NodeHolder {
        let input = try Pipe()
        let output = try Pipe()
        let child = try spawn(
            executable: "/usr/bin/unshare",
            arguments: [
                "--net", "--mount", "--propagation", "slave", "--", "/bin/sh", "-c", script, "node-holder", base,
                cgroupParent,
            ],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [0: input.reading.raw, 1: output.writing.raw, 2: 2])
        let ready = output.intoReading()
        guard try ready.readLine() == "ready" else {
            throw NodeFailure("a namespace for the test could not be made: is this root?")
        }
        return NodeHolder(pid: child.pid, child: child, life: input.intoWriting())
    }

    /// Lets go, and waits until everything is cleared up.
    consuming func end() throws {
        close(life)
        try child.reap()
    }

    private static let script = """
        base=$1 parent=$2
        ip link set lo up && echo ready
        exec >/dev/null
        cat
        mine=$(readlink /proc/$$/ns/net)
        for round in 1 2 3 4 5 6 7 8 9 10; do
            for process in /proc/[0-9]*; do
                [ "$process" = /proc/$$ ] || [ "$(readlink "$process/ns/net")" != "$mine" ] || kill -9 "${process#/proc/}"
            done
            groups=$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$parent")
            [ -n "$groups" ] || break
            find $groups -name cgroup.procs -exec cat {} + | sort -u | xargs -r kill -9
            find $groups -depth -type d -exec rmdir {} \\;
            sleep 0.1
        done 2>/dev/null
        rm -rf --one-file-system "$base"
        """
}

/// Why a test's node cannot do what the test asks; not what a test is about.
struct NodeFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Closes a descriptor by taking it.
private func close(_ descriptor: consuming Descriptor) {}
