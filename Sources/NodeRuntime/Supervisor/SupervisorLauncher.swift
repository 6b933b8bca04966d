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
        let launch = Launch(try spawn(in: directory, cgroup: cgroup, tasks: tasks))
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do throws(SystemError) {
                try startThread { launch.process.finish { continuation.resume(with: $0) } }
            } catch {
                continuation.resume(
                    throwing: SupervisorError.notStarted(directory: directory, reason: error.description))
            }
        }
    }

    /// The same on the calling thread, which it blocks.
    func launchHere(in directory: String, cgroup: Int32?, tasks: [Int32] = []) throws {
        let process = try spawn(in: directory, cgroup: cgroup, tasks: tasks)
        var result: Result<Void, any Error> = .success(())
        process.finish { result = $0 }
        try result.get()
    }

    private func spawn(
        in directory: String, cgroup: Int32?, tasks: [Int32]
    ) throws(SupervisorError) -> LaunchedSupervisor {
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
            let child = try Linux.spawn(
                executable: "/proc/self/fd/\(number)/\(tree.name)", arguments: arguments, environment: [:],
                descriptors: descriptors)
            return LaunchedSupervisor(
                directory: directory, child: child, output: output.intoReading(), errors: errors.intoReading())
        } catch { throw .notStarted(directory: directory, reason: error.description) }
    }
}

/// A class, since what was launched is noncopyable and a thread takes it over.
private final class Launch: Sendable {
    let process: LaunchedSupervisor

    init(_ process: consuming LaunchedSupervisor) { self.process = process }
}

/// A supervisor's launch under way: the process that was spawned, and what it says.
private struct LaunchedSupervisor: ~Copyable, Sendable {
    let directory: String
    let child: ChildProcess
    let output: Descriptor
    let errors: Descriptor

    /// Waits for `ready`, reports, and waits for the end of the process that was spawned. Blocks.
    borrowing func finish(_ report: (Result<Void, any Error>) -> Void) {
        let isReady = (try? output.readLine()) == "ready"
        if isReady { report(.success(())) }
        let said = (try? errors.readToEnd(limit: 4096)) ?? []
        _ = try? child.wait()
        if isReady { return }
        let reason = String(decoding: said, as: UTF8.self).split(separator: "\n").first.map(String.init)
        report(
            .failure(SupervisorError.notStarted(directory: directory, reason: reason ?? "it ended without a word")))
    }
}
