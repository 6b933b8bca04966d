import Linux

/// Starts supervisors: spawns the small executable, which forks the daemon, says `ready` and ends.
public struct SupervisorLauncher: Sendable {
    /// Path of the `pod-supervisor` executable.
    public let executable: String

    /// Starts supervisors from the executable at `executable`.
    public init(executable: String) { self.executable = executable }

    /// Starts a supervisor in `directory`, the Pod's run directory, which must exist.
    ///
    /// - Parameters:
    ///   - cgroup: directory of a unified cgroup that the supervisor is born in.
    ///   - tasks: `tasks` files of v1 cgroups that it enters.
    /// - Throws: `SupervisorError.notStarted` with what the supervisor said.
    public func launch(in directory: String, cgroup: Int32?, tasks: [Int32] = []) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do throws(SystemError) {
                let output = try Pipe()
                let errors = try Pipe()
                var descriptors: [Int32: Int32] = [1: output.writing.raw, 2: errors.writing.raw]
                var arguments = [directory]
                if let cgroup { descriptors[3] = cgroup }
                arguments.append(cgroup == nil ? "-1" : "3")
                for (index, file) in tasks.enumerated() {
                    descriptors[Int32(4 + index)] = file
                    arguments.append(String(4 + index))
                }
                // From a read-only view: what a container sees of it through /proc/PID/exe, it cannot change
                // (CVE-2019-5736), whoever owns the file.
                let tree = try ReadOnlyTree(of: executable)
                let number = Int32(4 + tasks.count)
                descriptors[number] = tree.descriptor.raw
                let child = try spawn(
                    executable: "/proc/self/fd/\(number)/\(tree.name)", arguments: arguments, environment: [:],
                    descriptors: descriptors)
                let watch = Watch(
                    directory: directory, child: child, output: output.intoReading(), errors: errors.intoReading(),
                    continuation: continuation)
                try startThread { watch.run() }
            } catch {
                continuation.resume(
                    throwing: SupervisorError.notStarted(directory: directory, reason: error.description))
            }
        }
    }

    /// Waits for one launch, on a thread of its own: for `ready`, then for the end of the process that was spawned.
    private final class Watch: Sendable {
        private let directory: String
        private let child: ChildProcess
        private let output: Descriptor
        private let errors: Descriptor
        private let continuation: CheckedContinuation<Void, any Error>

        init(
            directory: String, child: consuming ChildProcess, output: consuming Descriptor,
            errors: consuming Descriptor, continuation: CheckedContinuation<Void, any Error>
        ) {
            self.directory = directory
            self.child = child
            self.output = output
            self.errors = errors
            self.continuation = continuation
        }

        func run() {
            let isReady = (try? output.readLine()) == "ready"
            if isReady { continuation.resume() }
            let said = (try? errors.readToEnd(limit: 4096)) ?? []
            _ = try? child.wait()
            if !isReady {
                let reason = String(decoding: said, as: UTF8.self).split(separator: "\n").first.map(String.init)
                continuation.resume(
                    throwing: SupervisorError.notStarted(
                        directory: directory, reason: reason ?? "it ended without a word"))
            }
        }
    }
}
