import Glibc
import Linux

/// The process that handles bytes nobody vouches for: `reconcile-agent worker unpack`.
///
/// One request on standard input, one answer on standard output. Before the first byte of an archive is looked at, the
/// process is confined to the directory it fills: other namespaces, no other file in sight, no network, next to no
/// privileges. A flaw in the tar or decompression code then reaches that directory and nothing else.
public enum UnpackWorker {
    /// Handles one request; returns the process's exit status.
    public static func run() -> Int32 {
        dieWithParent()
        do {
            let input = try Descriptor(owning: STDIN_FILENO).readToEnd(limit: 1 << 20)
            let request: UnpackRequest
            do {
                request = try JSON.decode(UnpackRequest.self, from: input)
            } catch {
                return end(UnpackStatus.misused, "the request is not understood: \(error)")
            }
            let answer = try handle(request)
            try Descriptor(owning: STDOUT_FILENO).writeAll(answer)
            return UnpackStatus.done
        } catch let refusal as Refusal {
            return end(UnpackStatus.refused, refusal.description)
        } catch let archive as UnsoundArchive {
            return end(UnpackStatus.unsound, archive.description)
        } catch let error as UnreadableArchive {
            return end(UnpackStatus.unreadable, error.description)
        } catch {
            return end(UnpackStatus.failed, "\(error)")
        }
    }

    private static func handle(_ request: UnpackRequest) throws -> [UInt8] {
        switch request {
        case .stage(let archive, let directory, let limits):
            let source = try ArchiveSource.open(archive)
            let lock = try confine(to: directory, keeping: [])
            let files = try source.stage(limits: limits)
            try lock.syncFileSystem()
            return try JSON.encode(files)
        case .layer(let blob, let isArriving, let directory, let diffID, let limits):
            let source = try LayerBlob(blob, isArriving: isArriving)
            let lock = try confine(to: directory, keeping: Set(Capability.allCases))
            let layer = try unpackLayer(source, expecting: diffID, limits: limits)
            try lock.syncFileSystem()
            return try JSON.encode(layer)
        }
    }

    /// Confines the process, and returns the directory, locked: as long as that lives, a clean-up leaves it alone.
    private static func confine(to directory: String, keeping kept: Set<Capability>) throws -> Descriptor {
        // libarchive gives names as the locale spells them; C.UTF-8 needs no files, and the charset tables are loaded
        // before the root changes, so that they cannot come from the layer.
        setlocale(LC_CTYPE, "C.UTF-8")
        iconv_close(iconv_open("UTF-8", "UTF-8"))
        umask(0o022)
        try limitMemory(to: 2 << 30)
        let lock = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard try lock.tryLock() else { throw UnpackFailure("\(directory) is locked by another worker") }
        try Linux.confine(to: directory)
        try confinePrivileges(to: kept)
        return lock
    }

    private static func end(_ status: Int32, _ message: String) -> Int32 {
        // Should nobody be left to read it, the status still speaks.
        try? Descriptor(owning: STDERR_FILENO).writeAll(Array((message + "\n").utf8))
        return status
    }
}
