/// What the agent asks of one run of the worker: JSON on its standard input.
enum UnpackRequest: Codable, Sendable {
    /// Copy what an archive or a layout directory holds into `directory`, each file under its digest.
    case stage(archive: String, directory: String, limits: UnpackLimits)
    /// Unpack the layer in the file `blob` into `directory`; its tar's digest must be `diffID`. One that is still arriving
    /// is followed as it grows, as `BlobArrival` tells on descriptor `BlobArrival.number`.
    case layer(blob: String, isArriving: Bool, directory: String, diffID: Digest, limits: UnpackLimits)

    /// The directory that the worker works in, and is confined to.
    var directory: String {
        switch self {
        case .stage(_, let directory, _), .layer(_, _, let directory, _, _): directory
        }
    }
}

/// What an archive holds, as the worker found it: JSON on its standard output.
struct StagedFiles: Codable, Sendable {
    /// A regular file, which now lies in the staging directory under its digest's digits.
    struct File: Codable, Sendable {
        let digest: Digest
        /// Bytes.
        let size: Int64
    }

    /// Most files and links in one archive: enough for hundreds of images.
    static let most = 20_000

    /// Regular files by their path in the archive, without a leading `./`.
    var files: [String: File] = [:]
    /// Links by their path: to which path of the archive they lead.
    var links: [String: String] = [:]
}

/// What unpacking a layer left to do, which takes a privilege that the worker does not have.
struct UnpackedLayer: Codable, Sendable {
    /// Directories that hide what lower layers have in their place, relative to the layer.
    var opaqueDirectories: [String] = []
    /// Device nodes that were left out.
    var skippedDevices = 0
}

/// How a worker ends (sysexits.h).
enum UnpackStatus {
    /// The answer is on standard output.
    static let done: Int32 = 0
    /// The archive is at fault; why is on standard error.
    static let refused: Int32 = 65
    /// The archive's bytes make no sense; why is on standard error.
    static let unsound: Int32 = 76
    /// This machine is at fault; why is on standard error.
    static let failed: Int32 = 74
    /// The request could not be read.
    static let misused: Int32 = 64
    /// The archive cannot be opened; why is on standard error.
    static let unreadable: Int32 = 66
}
