import CLibZ
import Glibc
import Linux

/// One file of a log, open for reading, packed or not.
struct LogPart: ~Copyable {
    private let file: Descriptor
    private let packed: PackedFile?
    private let isPacked: Bool
    private let status: stat

    /// Takes over an open file. Packed is what begins like it, whatever its name: a line of a log never does.
    init(_ file: consuming Descriptor) throws(SystemError) {
        var found = stat()
        let raw = file.raw
        try retrying("fstat") { fstat(raw, &found) }
        let begins = try PackedFile.isPacked(file)
        let reader = try begins ? PackedFile(reading: file) : nil
        (isPacked, status) = (begins, found)
        packed = reader
        self.file = file
    }

    /// The next bytes, at most about 64 KiB; none at its end. What cannot be unpacked ends it: a power loss tears at most that.
    func read() throws(SystemError) -> ArraySlice<UInt8> {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        switch packed {
        case .some(let packed):
            let count = packed.read(into: &chunk)
            return chunk[..<count]
        case nil: break
        }
        let raw = file.raw
        let count = try retrying("read") { chunk.withUnsafeMutableBytes { Glibc.read(raw, $0.baseAddress, $0.count) } }
        return chunk[..<count]
    }

    /// Whether another file is this one, or was packed from it since: as long and as old as what it was made of.
    func isSame(as other: borrowing LogPart) throws(SystemError) -> Bool {
        if status.st_dev == other.status.st_dev, status.st_ino == other.status.st_ino { return true }
        guard !isPacked, other.isPacked else { return false }
        var now = stat()
        let raw = file.raw
        try retrying("fstat") { fstat(raw, &now) }
        let packing = other.status.st_mtim
        return now.st_mtim.tv_sec == packing.tv_sec && now.st_mtim.tv_nsec == packing.tv_nsec
            && PackedFile.unpackedSize(other.file) == UInt32(truncatingIfNeeded: now.st_size)
    }
}

/// A file in gzip's format, by zlib.
struct PackedFile: ~Copyable {
    private let stream: gzFile

    /// Reads what a file holds, from its beginning.
    ///
    /// - Throws: `SystemError`, ENOMEM.
    init(reading file: borrowing Descriptor) throws(SystemError) { try self.init(file, "rb") }

    /// Packs into an empty file; what was written is there once this value is finished.
    ///
    /// - Throws: `SystemError`, ENOMEM.
    init(writing file: borrowing Descriptor) throws(SystemError) { try self.init(file, "wb6") }

    private init(_ file: borrowing Descriptor, _ mode: String) throws(SystemError) {
        // zlib closes what it is given.
        let own = try file.duplicate().release()
        guard let stream = gzdopen(own, mode) else {
            close(own)
            throw SystemError("gzdopen", code: ENOMEM)
        }
        self.stream = stream
    }

    deinit { gzclose(stream) }

    /// How many bytes were unpacked; 0 at the end, and where the rest cannot be unpacked.
    func read(into chunk: inout [UInt8]) -> Int {
        let room = UInt32(chunk.count)
        return Int(max(0, chunk.withUnsafeMutableBytes { gzread(stream, $0.baseAddress, room) }))
    }

    /// Packs some bytes.
    func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
        let count = bytes.withUnsafeBytes { gzwrite(stream, $0.baseAddress, UInt32($0.count)) }
        if Int(count) != bytes.count { throw SystemError("gzwrite", code: errno == 0 ? EIO : errno) }
    }

    /// Writes what is still to be written.
    consuming func finish() throws(SystemError) {
        let result = gzflush(stream, Z_FINISH)
        if result != Z_OK { throw SystemError("gzflush", code: errno == 0 ? EIO : errno) }
    }

    /// Whether a file begins like one of these (RFC 1952).
    static func isPacked(_ file: borrowing Descriptor) throws(SystemError) -> Bool {
        var magic: (UInt8, UInt8) = (0, 0)
        let raw = file.raw
        return try retrying("pread") { pread(raw, &magic, 2, 0) } == 2 && magic == (0x1F, 0x8B)
    }

    /// How many bytes a file was packed from, modulo 2^32; nil of one that is too short.
    static func unpackedSize(_ file: borrowing Descriptor) -> UInt32? {
        var size: UInt32 = 0
        var status = stat()
        let raw = file.raw
        guard fstat(raw, &status) == 0, status.st_size >= 18, pread(raw, &size, 4, status.st_size - 4) == 4 else {
            return nil
        }
        return UInt32(littleEndian: size)
    }
}
