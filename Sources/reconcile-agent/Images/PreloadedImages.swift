import ImageStore
import Linux
import Logging

/// Keeps a node's images as the archives of a directory have them.
struct PreloadedImages: Sendable {
    private let preload: Preload
    private let directory: String
    private let log: Logger
    /// Ends with the first pass of `follow`.
    private let first = AsyncStream.makeStream(of: Void.self)

    init(directory: String, store: ImageStore, log: Logger) {
        preload = Preload(directory: directory, store: store)
        self.directory = directory
        self.log = log
    }

    /// Imports what is there, and waits for what is being written, but not for ever. What cannot be imported is told in
    /// the log: it must not stop the rest.
    func load(atMost limit: Duration) async {
        await withTaskGroup { tasks in
            tasks.addTask {
                // Only a cancellation ends this early.
                while (try? await pass()) == true, (try? await Task.sleep(for: .seconds(1))) != nil {}
            }
            tasks.addTask { try? await Task.sleep(for: limit) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// Imports what appears, until the task is cancelled.
    func follow() async throws {
        while true {
            // Watched before it is looked at, so that nothing slips through between.
            let watch = try? FileWatch(directory: directory)
            let isSettling = try await pass()
            if !isSettling { first.continuation.finish() }
            // Without a watch, and for layouts that fill up below the directory, the clock has to do.
            let pause = Duration.seconds(isSettling ? 1 : 60)
            guard let watch else {
                try await Task.sleep(for: pause)
                continue
            }
            _ = try await blocking(within: pause + .seconds(1)) { try watch.wait(atMost: pause) }
        }
    }

    /// Waits until `follow`, at work elsewhere, has been through the directory once. Pods rarely wait for an image then
    /// that lies ready; and a service manager never waits for long imports.
    func firstPass(atMost limit: Duration) async {
        await withTaskGroup { tasks in
            tasks.addTask { for await _ in first.stream {} }
            tasks.addTask { try? await Task.sleep(for: limit) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    /// - Returns: whether to come back soon.
    private func pass() async throws -> Bool {
        do {
            let pass = try await preload.pass()
            for finding in pass.findings { tell(finding) }
            return pass.isSettling
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            log.warning("images cannot be imported", metadata: ["directory": "\(directory)", "error": "\(error)"])
            return false
        }
    }

    private func tell(_ finding: Preload.Finding) {
        switch finding {
        case .imported(let file, let images):
            let names = images.map(\.reference.familiar).joined(separator: ", ")
            log.info("images imported", metadata: ["file": "\(file)", "images": "\(names)"])
        case .skipped(let file, let reason):
            log.warning("archive skipped", metadata: ["file": "\(file)", "error": "\(reason)"])
        }
    }
}
