import Foundation
import Glibc
import Linux
import Testing

@Suite("A worker that stays", .timeLimit(.minutes(10)))
struct ResidentWorkerTests {
    /// A directory in which a shell script notes its process's number and then is a worker that answers what it was asked.
    private struct Place {
        let directory = FileManager.default.temporaryDirectory.appending(path: "resident-\(UUID())")
            .path(percentEncoded: false)

        func worker(
            _ main: String = "exec cat", idle: Duration = .seconds(600), lifetime: Duration = .seconds(600),
            limit: Int = 1 << 30
        ) -> ResidentWorker {
            ResidentWorker(
                WorkerCommand(
                    executable: "/bin/sh", arguments: ["-c", "echo $$ >>\"$0/born\"; \(main)", directory]),
                idle: idle, lifetime: lifetime, answerLimit: limit)
        }

        /// The processes that were started, in order.
        var born: [pid_t] {
            let text = (try? String(contentsOfFile: "\(directory)/born", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { pid_t($0) }
        }

        static func with(_ body: (Place) async throws -> Void) async throws {
            let place = Place()
            try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: place.directory) }
            try await body(place)
        }
    }

    @Test("one process answers request after request, in their order, however large they are")
    func requests() async throws {
        try await Place.with { place in
            let worker = place.worker()
            let requests: [[UInt8]] = [[], Array("one".utf8), [UInt8](repeating: 7, count: 3 << 20), Array("two".utf8)]

            for request in requests {
                let answer = try await worker.ask(request, timeout: .seconds(20))
                #expect(answer == request)
            }

            #expect(place.born.count == 1)
        }
    }

    @Test("requests made together wait for each other")
    func together() async throws {
        try await Place.with { place in
            let worker = place.worker()

            let answers = try await withThrowingTaskGroup { group in
                for number in 0..<20 as Range<UInt8> {
                    group.addTask { try await worker.ask([number], timeout: .seconds(20)) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }

            #expect(answers == Set((0..<20).map { [$0] }))
            #expect(place.born.count == 1)
        }
    }

    @Test("one that misses a deadline is killed with its last words, and the next request starts another")
    func deadline() async throws {
        try await Place.with { place in
            // The first one hangs, the others answer.
            let worker = place.worker(
                "echo words >&2; if [ -e \"$0/later\" ]; then exec cat; fi; touch \"$0/later\"; exec sleep 1000")

            let error = await #expect(throws: WorkerError.self) {
                try await worker.ask([1], timeout: .milliseconds(300))
            }

            guard case .timedOut(_, .milliseconds(300), "words\n") = try #require(error) else {
                return #expect(error == nil)
            }
            #expect(hasEnded(try #require(place.born.first)))
            #expect(try await worker.ask([2], timeout: .seconds(20)) == [2])
            #expect(place.born.count == 2)
        }
    }

    @Test("one that ends without an answer is told of, and the next request starts another")
    func death() async throws {
        try await Place.with { place in
            let worker = place.worker(
                "if [ -e \"$0/later\" ]; then exec cat; fi; touch \"$0/later\"; echo no >&2; exit 1")

            let error = await #expect(throws: WorkerError.self) { try await worker.ask([1], timeout: .seconds(20)) }

            guard case .ended(_, .exited(1), "no\n") = try #require(error) else { return #expect(error == nil) }
            #expect(try await worker.ask([2], timeout: .seconds(20)) == [2])
        }
    }

    @Test("one that was killed between two requests is replaced without a word")
    func killedIdle() async throws {
        try await Place.with { place in
            let worker = place.worker()
            _ = try await worker.ask([1], timeout: .seconds(20))
            let first = try #require(place.born.first)

            kill(first, SIGKILL)
            // The kernel says so a moment later.
            while try state(of: first) != "Z" { usleep(1000) }

            #expect(try await worker.ask([2], timeout: .seconds(20)) == [2])
            #expect(place.born.count == 2)
        }
    }

    @Test("a cancelled request kills it")
    func cancellation() async throws {
        try await Place.with { place in
            let worker = place.worker("exec sleep 1000")
            let task = Task { try await worker.ask([1], timeout: .seconds(100)) }
            while place.born.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

            task.cancel()

            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(hasEnded(place.born[0]))
        }
    }

    @Test("an endless answer is cut off at its limit")
    func limit() async throws {
        try await Place.with { place in
            let worker = place.worker("exec yes", limit: 1 << 20)

            let error = await #expect(throws: WorkerError.self) { try await worker.ask([1], timeout: .seconds(20)) }

            guard case .outputTooLarge = try #require(error) else { return #expect(error == nil) }
        }
    }

    @Test("one that grew old is replaced; one that is asked nothing for long ends")
    func age() async throws {
        try await Place.with { place in
            let old = place.worker(lifetime: .zero)
            for byte in 1...3 as ClosedRange<UInt8> {
                #expect(try await old.ask([byte], timeout: .seconds(20)) == [byte])
            }
            #expect(place.born.count == 3)
            let idle = place.worker(idle: .milliseconds(50))
            _ = try await idle.ask([1], timeout: .seconds(20))

            while !hasEnded(place.born[3]) { try await Task.sleep(for: .milliseconds(5)) }

            #expect(try await idle.ask([2], timeout: .seconds(20)) == [2])
        }
    }

    @Test("nobody asks any more: it ends")
    func owner() async throws {
        try await Place.with { place in
            do { _ = try await place.worker().ask([1], timeout: .seconds(20)) }

            while !hasEnded(place.born[0]) { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    /// Ended and reaped.
    private func hasEnded(_ pid: pid_t) -> Bool { kill(pid, 0) == -1 && errno == ESRCH }

    private func state(of pid: pid_t) throws -> Substring? {
        let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return text.split(separator: " ").dropFirst(2).first
    }
}
