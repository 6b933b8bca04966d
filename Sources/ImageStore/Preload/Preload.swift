import Glibc
import Linux

/// Keeps a store filled with the images of a directory: docker archives, OCI layouts, tars of them.
///
/// What was imported once is remembered in the store by its file's name, size and times, so that a look at an unchanged
/// directory reads no archive. An image that is removed from the store, or imported anew by hand, stays so until its
/// file changes.
public actor Preload {
    /// What came of one file.
    public enum Finding: Sendable {
        /// Its images are in the store.
        case imported(file: String, images: [StoredImage])
        /// It was left out; `reason` is a full sentence that names it.
        case skipped(file: String, reason: String)
    }

    /// What came of one look at the directory.
    public struct Pass: Sendable {
        /// One for each file that is new or changed.
        public var findings: [Finding] = []
        /// Whether somebody seems to be writing a file: to be looked at again shortly.
        public var isSettling = false
    }

    private let directory: String
    private let store: ImageStore
    /// What was skipped, so that it is told once.
    private var skipped: [String: ArchiveSignature] = [:]

    /// - Parameter directory: absolute.
    public init(directory: String, store: ImageStore) {
        self.directory = directory
        self.store = store
    }

    /// A file that was written to a moment ago is probably not whole.
    private static let settling = Duration.seconds(2)

    /// Imports what is new. Names that begin with a dot are passed over: so are called what tools are still writing.
    ///
    /// - Throws: `ImageStoreError` when the directory or the store cannot be read or written; `CancellationError`.
    public func pass() async throws -> Pass {
        var memory = PreloadMemory.load(from: store.layout)
        var pass = Pass()
        for name in try names() {
            let file = "\(directory)/\(name)"
            guard let signature = try? ArchiveSignature(of: file) else { continue }
            if memory.files[file] == signature || skipped[file] == signature { continue }
            if signature.age(now: wallTime()) < Self.settling {
                pass.isSettling = true
                continue
            }
            do {
                pass.findings.append(.imported(file: file, images: try await store.importArchive(file)))
                memory.files[file] = signature
                try memory.save(in: store.layout)
            } catch let error as ImageStoreError {
                guard error.isOfTheArchive else { throw error }
                skipped[file] = signature
                pass.findings.append(.skipped(file: file, reason: error.description))
            }
        }
        return pass
    }

    private func names() throws -> [String] {
        let names: [String]
        do throws(SystemError) {
            let opened = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
            names = try opened.names()
        } catch {
            throw ImageStoreError.unreadableArchive(path: directory, reason: error.reason)
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    private func wallTime() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

extension ImageStoreError {
    /// Whether another archive may fare better: the fault is not the store's or the machine's.
    fileprivate var isOfTheArchive: Bool {
        switch self {
        case .workerFailed, .busy, .storeUnusable: false
        default: true
        }
    }
}
