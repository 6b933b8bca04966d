import ImageStore
import Synchronization
import Testing

@testable import NodeRuntime

@Suite("Pulls that many wait for")
struct SharedPullsTests {
    /// Work that ends when told to, and counts.
    private final class Registry: Sendable {
        private let state = Mutex((begun: [String](), cancelled: 0, isOpen: false))

        var begun: [String] { state.withLock { $0.begun } }
        var cancelled: Int { state.withLock { $0.cancelled } }

        func open() { state.withLock { $0.isOpen = true } }

        func pull(_ image: ImageReference) async throws -> StoredImage {
            state.withLock { $0.begun.append(image.familiar) }
            do {
                while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(1)) }
            } catch {
                state.withLock { $0.cancelled += 1 }
                throw error
            }
            let id = try #require(ImageID(hex: String(repeating: "a", count: 64)))
            return StoredImage(reference: image, imageID: id, config: ImageConfig(), layers: [], size: 1)
        }
    }

    private func key(_ name: String, secret: String? = nil) throws -> SharedPulls.Key {
        SharedPulls.Key(
            image: try ImageReference(parsing: name),
            secrets: secret.map { [PullSecrets.File(name: $0, contents: Array($0.utf8))] } ?? [])
    }

    private func wait(for pulls: SharedPulls, _ key: SharedPulls.Key, _ registry: Registry) -> Task<
        StoredImage, any Error
    > {
        Task { try await pulls.transfer(of: key) { try await registry.pull(key.image) }.image }
    }

    private func until(_ isSo: () async -> Bool) async throws {
        while await !isSo() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("one image is pulled once, however many wait for it; with other credentials it is another pull")
    func shared() async throws {
        let (pulls, registry) = (SharedPulls(width: 3), Registry())
        let waiting = try (0..<20).map { _ in wait(for: pulls, try key("app:1"), registry) }
        let other = wait(for: pulls, try key("app:1", secret: "mine"), registry)

        let (all, one) = (try key("app:1"), try key("app:1", secret: "mine"))
        try await until { await pulls.waiters(of: all) == 20 }
        try await until { await pulls.waiters(of: one) == 1 }
        try await until { registry.begun.count == 2 }
        registry.open()

        for task in waiting + [other] { #expect(try await task.value.reference.familiar == "app:1") }
        #expect(registry.begun.count == 2)
    }

    @Test("so many go on at once and no more")
    func width() async throws {
        let (pulls, registry) = (SharedPulls(width: 1), Registry())
        let first = wait(for: pulls, try key("a:1"), registry)
        try await until { registry.begun == ["a:1"] }
        let second = wait(for: pulls, try key("b:1"), registry)
        for _ in 0..<50 { await Task.yield() }
        #expect(registry.begun == ["a:1"])

        registry.open()

        _ = try await (first.value, second.value)
        #expect(registry.begun == ["a:1", "b:1"])
    }

    @Test("it goes on while anybody waits, and is given up with the last")
    func givenUp() async throws {
        let (pulls, registry) = (SharedPulls(width: 1), Registry())
        let first = wait(for: pulls, try key("a:1"), registry)
        try await until { registry.begun == ["a:1"] }
        let second = wait(for: pulls, try key("a:1"), registry)
        let image = try key("a:1")
        try await until { await pulls.waiters(of: image) == 2 }

        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(registry.cancelled == 0)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        try await until { registry.cancelled == 1 }
    }
}
