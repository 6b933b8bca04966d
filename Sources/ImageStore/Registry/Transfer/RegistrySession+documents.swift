import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What is small enough to be held in memory.
extension RegistrySession {
    /// A manifest or an index.
    nonisolated func document(_ resource: String, headers: HTTPHeaders) async throws -> [UInt8] {
        try await bytes(of: resource, headers: headers, limit: Int(StagedArchive.jsonLimit), called: "manifest")
    }

    /// A blob, as its digest promises it.
    nonisolated func smallBlob(_ descriptor: OCIDescriptor, limit: Int) async throws -> [UInt8] {
        let bytes = try await bytes(
            of: "blobs/\(descriptor.digest)", headers: [:], limit: limit, called: "blob \(descriptor.digest)")
        let digest = Digest(of: bytes)
        guard digest == descriptor.digest else {
            throw ImagePullError.corrupt(image, reason: "blob \(descriptor.digest) comes with the digest \(digest)")
        }
        return bytes
    }

    private nonisolated func bytes(
        of resource: String, headers: HTTPHeaders, limit: Int, called what: String
    ) async throws -> [UInt8] {
        let response = try await get(resource, headers: headers, timeout: .seconds(60))
        do {
            return Array(try await response.body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ImagePullError.malformed(image, reason: "its \(what) has more than \(limit) bytes")
        } catch let error where !(error is CancellationError) {
            throw ImagePullError.unreachable(registry: endpoint.authority, reason: error.transportReason)
        }
    }
}
