import Crypto
import Glibc
import Linux
import NIOCore
import NIOPosix
import Synchronization

/// A file that is written piece by piece, hashed on the way. Disks may be slow: all work on it is done on threads of
/// their own. One writer at a time.
final class BlobFile: Sendable {
    private struct State: ~Copyable {
        let file: Descriptor
        var hash = SHA256()
        var count: Int64 = 0
        var wasRewound = false
    }

    private let state: Mutex<State>
    /// Told of all that comes; nil when nobody follows.
    private let arrival: BlobArrival?

    /// Makes the file; one that is there is an unfinished one.
    init(_ path: String, followedBy arrival: BlobArrival? = nil) throws(SystemError) {
        self.arrival = arrival
        state = Mutex(State(file: try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)))
    }

    /// Bytes written so far.
    var count: Int64 { state.withLock { $0.count } }

    func append(_ piece: ByteBuffer) async throws {
        try await work { state in
            try piece.withUnsafeReadableBytes { bytes in
                state.hash.update(bufferPointer: bytes)
                var rest = bytes[...]
                while !rest.isEmpty {
                    let raw = state.file.raw
                    let written = try retrying("write") {
                        write(raw, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    }
                    rest = rest.dropFirst(written)
                }
            }
            state.count += Int64(piece.readableBytes)
        }
        arrival?.note()
    }

    /// Whether a transfer was forgotten: who follows may have read some of it.
    var wasRewound: Bool { state.withLock { $0.wasRewound } }

    /// Forgets what was written. Who follows reads on where it was once the file is longer again: a blob's bytes are the
    /// same each time, as a rule.
    func rewind() async throws {
        try await work { state in
            let raw = state.file.raw
            try retrying("ftruncate") { ftruncate(raw, 0) }
            try retrying("lseek") { lseek(raw, 0, SEEK_SET) }
            state.hash = SHA256()
            state.count = 0
            state.wasRewound = true
        }
    }

    /// Compares the whole with what was promised, tells who follows that it is, and makes it durable.
    func finish(expecting descriptor: OCIDescriptor, of image: ImageReference) async throws {
        try await work { state in
            let digest = Digest(state.hash.finalize())
            guard digest == descriptor.digest else {
                throw ImagePullError.corrupt(
                    image, reason: "blob \(descriptor.digest) comes with the digest \(digest)")
            }
            self.arrival?.end()
            try state.file.sync()
        }
    }

    private func work(_ body: @escaping @Sendable (inout State) throws -> Void) async throws {
        try await NIOThreadPool.singleton.runIfActive { try self.state.withLock { try body(&$0) } }
    }
}
