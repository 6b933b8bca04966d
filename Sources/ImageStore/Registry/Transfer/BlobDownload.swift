import AsyncHTTPClient
import Crypto
import Glibc
import Linux
import NIOCore
import NIOHTTP1
import NIOPosix

/// One blob on its way from a registry into a file: counted and hashed as it comes, resumed where it broke off.
struct BlobDownload: Sendable {
    let session: RegistrySession
    let descriptor: OCIDescriptor
    /// The file to be made.
    let path: String
    /// Told of every piece, in bytes so far.
    let progress: @Sendable (Int64) -> Void

    /// How often a transfer that broke off goes on before it is given up; each time something must have come.
    private static let resumptions = 10
    /// The slowest transfer worth waiting for.
    private static let bytesPerSecond: Int64 = 16 << 10

    /// Downloads the blob. A file that is there afterwards is complete, right and synced.
    ///
    /// - Throws: `ImagePullError`, `SystemError`, `CancellationError`.
    func run() async throws { try await run(into: try begin()) }

    /// Makes the file, still empty.
    ///
    /// - Parameter arrival: told while it grows; nil when nobody follows.
    func begin(followedBy arrival: BlobArrival? = nil) throws(SystemError) -> BlobFile {
        try BlobFile(path, followedBy: arrival)
    }

    /// Downloads the blob into a file that was begun.
    func run(into file: BlobFile) async throws {
        do {
            var resumptions = 0
            while try await !transfer(into: file) {
                resumptions += 1
                if resumptions > Self.resumptions { throw brokenOff(at: file.count) }
            }
            try await file.finish(expecting: descriptor, of: session.image)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// One request; false when it broke off after something had come.
    private func transfer(into file: BlobFile) async throws -> Bool {
        let begun = file.count
        if begun == descriptor.size { return true }
        let response = try await session.get(
            "blobs/\(descriptor.digest)", headers: begun > 0 ? ["Range": "bytes=\(begun)-"] : [:],
            timeout: .seconds(60 + descriptor.size / Self.bytesPerSecond))
        // A registry that knows no ranges begins anew.
        if begun > 0, response.status != .partialContent { try await file.rewind() }
        do {
            for try await piece in response.body {
                guard file.count + Int64(piece.readableBytes) <= descriptor.size else {
                    throw ImagePullError.corrupt(
                        session.image,
                        reason: "blob \(descriptor.digest) has more than the \(descriptor.size) bytes of its manifest")
                }
                try await file.append(piece)
                progress(file.count)
            }
        } catch let error where !(error is ImagePullError || error is SystemError || error is CancellationError) {
            try Task.checkCancellation()
            if file.count > begun { return false }
            throw ImagePullError.unreachable(registry: session.endpoint.authority, reason: error.transportReason)
        }
        // A body without a length ends where the connection does.
        if file.count < descriptor.size { return file.count > begun ? false : try brokenOffNow(file) }
        return true
    }

    private func brokenOffNow(_ file: BlobFile) throws -> Bool { throw brokenOff(at: file.count) }

    private func brokenOff(at count: Int64) -> ImagePullError {
        .corrupt(
            session.image,
            reason: "blob \(descriptor.digest) breaks off after \(count) of \(descriptor.size) bytes, again and again")
    }
}
