import Glibc
import Synchronization
import Testing

@testable import Linux

@Suite("One thread that waits for all", .timeLimit(.minutes(10)))
struct PollerTests {
    private static let poller = Result { try Poller() }

    @Test("times come in their order, those that were called off never")
    func times() async throws {
        let poller = try Self.poller.get()
        let (stream, seen) = AsyncStream.makeStream(of: Int.self)
        let now = BootInstant.now()

        // On its own thread, so that none is done before all are there.
        poller.call(at: now) {
            for number in [3, 1, 4, 2, 5] {
                let timer = poller.call(at: now + .milliseconds(20 * number)) { seen.yield(number) }
                if number == 4 { poller.cancel(timer) }
            }
        }

        var order: [Int] = []
        for await number in stream {
            order.append(number)
            if number == 5 { break }
        }
        #expect(order == [1, 2, 3, 5])
        #expect(BootInstant.now() >= now + .milliseconds(100))
    }

    @Test("a time that turns up later, and is due earlier, wakes the sleeping thread")
    func earlier() async throws {
        let poller = try Self.poller.get()
        let late = Task { try await poller.sleep(until: .now() + .seconds(3000)) }
        defer { late.cancel() }

        try await poller.sleep(until: .now() + .milliseconds(10))
    }

    @Test("a descriptor is waited for until it is ready, or the time is up")
    func descriptors() async throws {
        let poller = try Self.poller.get()
        let pipe = try Pipe()
        let (reading, writing) = (pipe.reading.raw, pipe.writing.raw)
        #expect(try await !poller.wait(for: reading, toBe: .readable, until: .now() + .milliseconds(10)))
        #expect(try await poller.wait(for: writing, toBe: .writable, until: .now() + .seconds(600)))

        async let waiting = poller.wait(for: reading, toBe: .readable, until: .now() + .seconds(600))
        try pipe.writing.writeAll([1])
        let isReady = try await waiting

        #expect(isReady)
        #expect(try await poller.wait(for: reading, toBe: .readable, until: .now() + .seconds(600)), "again")
    }

    @Test("whoever is cancelled does not wait any longer", arguments: [false, true])
    func cancelled(isBefore: Bool) async throws {
        let poller = try Self.poller.get()
        let pipe = try Pipe()
        let reading = pipe.reading.raw
        let task = Task {
            if isBefore { while !Task.isCancelled { await Task.yield() } }
            await #expect(throws: CancellationError.self) { try await poller.sleep(until: .now() + .seconds(3000)) }
            await #expect(throws: CancellationError.self) {
                _ = try await poller.wait(for: reading, toBe: .readable, until: .now() + .seconds(3000))
            }
        }

        task.cancel()
        await task.value
    }

    @Test("tasks that prefer it run on its thread, whatever they wait for")
    func tasks() async throws {
        let poller = try Self.poller.get()
        let (threads, said) = AsyncStream.makeStream(of: UInt.self)
        poller.call(at: .now()) { said.yield(UInt(pthread_self())) }
        let own = try #require(await threads.first { _ in true })

        let seen = await Task(executorPreference: poller) {
            var seen = [UInt(pthread_self())]
            try? await poller.sleep(until: .now() + .milliseconds(1))
            seen.append(UInt(pthread_self()))
            seen += await withTaskGroup(of: UInt.self) { group in
                for _ in 0..<100 { group.addTask { UInt(pthread_self()) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            await Task {}.value
            seen.append(UInt(pthread_self()))
            return seen
        }.value

        #expect(Set(seen) == [own])
    }

    @Test("tasks that go on and on keep no descriptor waiting")
    func fairness() async throws {
        let poller = try Self.poller.get()
        let busy = Task(executorPreference: poller) { while !Task.isCancelled { await Task.yield() } }
        defer { busy.cancel() }
        let pipe = try Pipe()
        let reading = pipe.reading.raw
        try pipe.writing.writeAll([1])

        #expect(try await poller.wait(for: reading, toBe: .readable, until: .now() + .seconds(600)))
    }
}
