import CLinux
import Glibc

/// An open file descriptor with one owner; closed when the owner lets go of it.
public struct Descriptor: ~Copyable, Sendable {
    /// The number, valid as long as this value lives. Borrow it for a call; never store it.
    public let raw: Int32

    /// Takes over a descriptor that nobody else will close.
    public init(owning raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Gives the number away without closing it: the caller owns it now.
    public consuming func release() -> Int32 {
        let number = raw
        discard self
        return number
    }

    /// A second descriptor of the same open file, closed on exec.
    public borrowing func duplicate() throws(SystemError) -> Descriptor {
        let raw = raw
        return Descriptor(owning: try retrying("fcntl(F_DUPFD_CLOEXEC)") { clinux_fcntl(raw, F_DUPFD_CLOEXEC, 3) })
    }
}

extension Descriptor {
    /// Opens `path` (relative to `directory`, by default the working directory), closed on exec.
    ///
    /// - Parameters:
    ///   - flags: `O_*`; `O_CLOEXEC` is added.
    ///   - mode: permission bits of a file that this call creates.
    public static func open(
        _ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0o600, at directory: Int32 = AT_FDCWD
    ) throws(SystemError) -> Descriptor {
        Descriptor(
            owning: try retrying("openat", path) { clinux_openat(directory, path, flags | O_CLOEXEC, mode) })
    }

    /// Reads until the end of the file, or until `limit` bytes were read.
    ///
    /// - Throws: `SystemError` with EFBIG when the file holds more than `limit` bytes.
    public borrowing func readToEnd(limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        let raw = raw
        while true {
            let count = try retrying("read") { chunk.withUnsafeMutableBytes { read(raw, $0.baseAddress, $0.count) } }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > limit { throw SystemError("read", code: EFBIG) }
        }
    }

    /// Writes all of `bytes`.
    public borrowing func writeAll(_ bytes: some Sequence<UInt8>) throws(SystemError) {
        let raw = raw
        var rest = ArraySlice(Array(bytes))
        while !rest.isEmpty {
            let count = try retrying("write") { rest.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) } }
            rest = rest.dropFirst(count)
        }
    }
}

extension Descriptor {
    /// Reads up to the first line feed, byte by byte so that nothing behind it is lost; nil at the end of the file.
    public borrowing func readLine() throws(SystemError) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        let raw = raw
        while try retrying("read", nil, { read(raw, &byte, 1) }) == 1 {
            if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
