import CLinux
import Glibc

/// A pipe, both ends closed on exec.
public struct Pipe: ~Copyable, Sendable {
    /// The end to read from.
    public let reading: Descriptor
    /// The end to write to.
    public let writing: Descriptor

    /// Makes a pipe.
    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try retrying("pipe2") { clinux_pipe(&ends) }
        reading = Descriptor(owning: ends[0])
        writing = Descriptor(owning: ends[1])
    }

    /// Closes the writing end.
    public consuming func intoReading() -> Descriptor { reading }

    /// Closes the reading end.
    public consuming func intoWriting() -> Descriptor { writing }
}

extension Descriptor {
    /// Makes reads and writes return EAGAIN instead of waiting.
    public borrowing func setNonBlocking() throws(SystemError) {
        let raw = raw
        let flags = try retrying("fcntl(F_GETFL)") { clinux_fcntl(raw, F_GETFL, 0) }
        try retrying("fcntl(F_SETFL)") { clinux_fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
    }
}
