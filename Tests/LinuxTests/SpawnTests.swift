import Glibc
import Linux
import Testing

@Suite("Spawning")
struct SpawnTests {
    private let shell = WorkerCommand(executable: "/bin/sh", arguments: ["-c"])

    @Test("a worker's input, arguments and environment reach it; output, complaint and exit code come back")
    func output() async throws {
        let output = try await shell.run(
            [#"cat; echo "$0 $NAME" >&2; exit 3"#, "argument"], input: Array("request".utf8), timeout: .seconds(20),
            environment: ["NAME": "value"])

        #expect(output.status == .exited(3))
        #expect(output.standardOutput == Array("request".utf8))
        #expect(output.standardError == Array("argument value\n".utf8))
    }

    @Test("requests and answers larger than a pipe pass through, however long the deadline")
    func large() async throws {
        let bytes = [UInt8](repeating: 7, count: 3 << 20)

        let output = try await shell.run(["cat"], input: bytes, timeout: .seconds(Int64.max))

        #expect(output.standardOutput == bytes)
    }

    @Test("a worker that does not read its request is no error")
    func unread() async throws {
        let input = [UInt8](repeating: 7, count: 1 << 20)

        let output = try await shell.run(["exec <&-; echo done"], input: input, timeout: .seconds(20))

        #expect(output.standardOutput == Array("done\n".utf8))
    }

    @Test("a worker that a signal ended is reported by that signal")
    func signal() async throws {
        let output = try await shell.run(["kill -TERM $$"], timeout: .seconds(20))

        #expect(output.status == .signaled(SIGTERM))
        #expect(output.status.description == "signal 15 (Terminated)")
    }

    @Test("a missing program is reported by path and reason")
    func missing() async throws {
        let error = await #expect(throws: WorkerError.self) {
            try await WorkerCommand(executable: "/no/such/program").run(timeout: .seconds(20))
        }

        #expect(
            error?.description == "could not run a worker: posix_spawn /no/such/program: No such file or directory")
    }

    @Test("a worker past its deadline is killed with its children and reaped")
    func timeout() async throws {
        let error = await #expect(throws: WorkerError.self) {
            try await shell.run(["sleep 1000 & echo $! >&2; echo $$ >&2; wait"], timeout: .milliseconds(300))
        }

        guard case .timedOut(_, _, let words) = try #require(error) else { return #expect(error == nil) }
        let pids = words.split(separator: "\n").compactMap { pid_t($0) }
        #expect(pids.count == 2)
        #expect(kill(pids[1], 0) == -1 && errno == ESRCH)
        // The grandchild is init's to reap.
        #expect(try await endedSoon(pids[0]))
    }

    @Test("cancelling the task kills the worker")
    func cancellation() async throws {
        let task = Task { try await shell.run(["exec sleep 1000"], timeout: .seconds(100)) }
        try await Task.sleep(for: .milliseconds(100))

        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("an endless answer is cut off at its limit")
    func outputLimit() async throws {
        let error = await #expect(throws: WorkerError.self) {
            try await shell.run(["cat /dev/zero"], timeout: .seconds(20), outputLimit: 1 << 20)
        }

        #expect(error?.description == "`/bin/sh -c cat /dev/zero` wrote more than 1048576 bytes and was killed")
    }

    @Test("an endless complaint keeps its end")
    func errorLimit() async throws {
        let output = try await shell.run(["yes | head -c 1000000 >&2; echo end >&2"], timeout: .seconds(20))

        #expect(output.standardError.count == 64 << 10)
        #expect(output.standardError.suffix(4) == Array("end\n".utf8)[...])
    }

    @Test("a child that outlives the worker while holding its output is killed, not waited for")
    func leftover() async throws {
        let output = try await shell.run(["sleep 1000 & echo done"], timeout: .seconds(20))

        #expect(output.standardOutput == Array("done\n".utf8))
    }

    @Test("a child has its three streams and no other descriptor, even of ours that stay open on exec")
    func noLeaks() async throws {
        let leaky = Descriptor(owning: dup(STDIN_FILENO))
        defer { _ = leaky.raw }

        let output = try await WorkerCommand(executable: "/bin/ls", arguments: ["/proc/self/fd"])
            .run(timeout: .seconds(20))

        // 3 is the directory that ls reads.
        #expect(String(decoding: output.standardOutput, as: UTF8.self) == "0\n1\n2\n3\n")
    }

    @Test("descriptors can trade numbers, and the standard ones left out are /dev/null")
    func mapping() async throws {
        let first = try Pipe()
        let second = try Pipe()
        let child = try spawn(
            executable: "/bin/sh", arguments: ["-c", "echo one >&7; echo two >&5; readlink /proc/self/fd/0 >&7"],
            descriptors: [5: first.writing.raw, 7: second.writing.raw])

        #expect(try child.reap() == .exited(0))
        #expect(try first.intoReading().readToEnd() == Array("two\n".utf8))
        #expect(try second.intoReading().readToEnd() == Array("one\n/dev/null\n".utf8))
    }

    @Test("a worker has the descriptors it is given from number 3 on, and they stay ours as well")
    func passedDescriptors() async throws {
        let first = try Pipe()
        let second = try Pipe()
        let bag = try DescriptorBag(copying: [first.writing.raw, second.writing.raw])

        let output = try await shell.run(["echo one >&3; echo two >&4"], timeout: .seconds(20), descriptors: bag)

        #expect(output.status == .exited(0))
        try second.writing.writeAll("three\n".utf8)
        for index in 0..<bag.count { _ = bag.take(index) }
        #expect(try first.intoReading().readToEnd() == Array("one\n".utf8))
        #expect(try second.intoReading().readToEnd() == Array("two\nthree\n".utf8))
    }

    @Test("a child starts in a session of its own")
    func session() async throws {
        let output = try await shell.run(["echo $$; ps -o sid= -p $$"], timeout: .seconds(20))

        let ids = String(decoding: output.standardOutput, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        #expect(ids.count == 2 && ids[0] == ids[1])
    }

    @Test("a child starts with no signal blocked or ignored", arguments: ["SigBlk", "SigIgn"])
    func signals(field: String) async throws {
        // By exec: a shell blocks signals for a moment while it starts a child.
        let output = try await shell.run(
            [#"exec sed -n "s/^$0:[[:space:]]*//p" /proc/self/status"#, field], timeout: .seconds(20))

        let text = String(decoding: output.standardOutput, as: UTF8.self).split(whereSeparator: \.isNewline).joined()
        let mask = try #require(UInt64(text, radix: 16))
        // posix_spawn of glibc leaves its own two signals, 32 and 33, ignored until pthreads are used.
        #expect(mask & ~0x1_8000_0000 == 0)
    }

    /// Whether the process ends within five seconds.
    private func endedSoon(_ pid: pid_t) async throws -> Bool {
        for _ in 0..<100 {
            if kill(pid, 0) == -1 { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
