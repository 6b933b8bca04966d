import CLinux
import Glibc
import Linux
import SupervisorCore

/// Carries bytes between the user's streams and a container that runs on without them.
///
/// Blocks the thread it runs on: give it one of its own.
struct AttachRelay: ~Copyable {
    /// Why it ended.
    enum End: Sendable, Hashable {
        /// The container ended, or closed its output.
        case container
        /// The user's input did.
        case input
        /// What passes the output on did.
        case brokeOff
        /// As many are attached as can be.
        case refused
    }

    /// The user's streams; input is -1 when nothing is to be read.
    struct Streams: Sendable {
        let input: Int32
        let output: Int32
        let error: Int32
    }

    /// What becomes of the user's input, and whose size a terminal has.
    struct Manners: Sendable {
        /// Whether the container reads what it is given; it may have a terminal, and read nothing.
        let takesInput: Bool
        /// Whether the end of the input is the container's, and the output goes on; else it is the session's.
        let endsInput: Bool
        /// Whether the container's terminal is as large as ours.
        let followsSize: Bool
    }

    /// How much may be typed ahead of a container that does not read, in bytes; beyond it keys do nothing.
    private static let mostKeys = 64 << 10

    private let packets: Descriptor
    private var container: Descriptor?
    /// The number of that; -1 when it is closed.
    private var target: Int32
    private let streams: Streams
    private let manners: Manners
    private var detachKeys: DetachKeys?
    private let sizeChanges: Descriptor
    private var packet = [UInt8](repeating: 0, count: 2 * AttachPacket.longest)

    /// - Parameters:
    ///   - packets: where the output comes from.
    ///   - container: the number of its standard input, or its terminal's other side, not blocking; -1 for none. The
    ///     relay closes it.
    init(
        packets: consuming Descriptor, container: Int32, streams: Streams, manners: Manners, detachKeys: DetachKeys?
    ) throws(SystemError) {
        self.packets = packets
        self.container = container >= 0 ? Descriptor(owning: container) : nil
        target = container
        self.streams = streams
        self.manners = manners
        self.detachKeys = detachKeys
        sizeChanges = Descriptor(owning: try retrying("signalfd") { clinux_signalfd(SIGWINCH) })
    }

    /// Goes on until the container or the input ends.
    consuming func run() throws(SystemError) -> End {
        if manners.followsSize { redraw() }
        // What was typed or piped in, and has no room with the container yet. Meanwhile no more is taken, but where keys
        // detach: those must be seen whether the container reads or not.
        var keys: ArraySlice<UInt8> = []
        var source = streams.input
        var isDetached = false
        while true {
            var waited = [
                pollfd(fd: packets.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: sizeChanges.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: keys.isEmpty || detachKeys != nil ? source : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: keys.isEmpty ? -1 : target, events: Int16(POLLOUT), revents: 0),
            ]
            try retrying("poll") { poll(&waited, nfds_t(waited.count), -1) }
            if waited[0].revents != 0, let end = try show() { return end }
            if waited[1].revents != 0 {
                clinux_signalfd_drain(sizeChanges.raw)
                if manners.followsSize { copySize() }
            }
            if waited[2].revents != 0 {
                if let typed = try readWhatIsThere(from: source) {
                    keys += accept(typed, &isDetached).prefix(max(0, Self.mostKeys - keys.count))
                } else {
                    source = -1
                }
            }
            if !keys.isEmpty { keys = try offer(keys) }
            if isDetached { return .input }
            if source < 0, streams.input >= 0, keys.isEmpty, target >= 0 {
                // All of it has arrived: the container reads the end, or the session has its own.
                if !manners.endsInput { return .input }
                closeContainer()
            }
        }
    }

    /// Passes a packet on to the user. Its end is the relay's.
    private mutating func show() throws(SystemError) -> End? {
        let (socket, capacity) = (packets.raw, packet.count)
        let count = try retrying("recv") {
            packet.withUnsafeMutableBytes { recv(socket, $0.baseAddress, capacity, 0) }
        }
        if count == 0 { return .brokeOff }
        let content = packet[1..<count]
        switch packet[0] {
        case AttachPacket.output: try write(content, to: streams.output)
        case AttachPacket.error: try write(content, to: streams.error)
        case AttachPacket.lost:
            let bytes = content.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            let notice = "\r\nwarning: \(bytes) bytes of output are missing here: they were not read in time\r\n"
            try write(Array(notice.utf8)[...], to: streams.error)
        case AttachPacket.end: return .container
        case AttachPacket.refused: return .refused
        default: break
        }
        return nil
    }

    private mutating func accept(_ typed: [UInt8], _ isDetached: inout Bool) -> ArraySlice<UInt8> {
        var keys = typed
        if var sequence = detachKeys {
            (keys, isDetached) = sequence.take(typed)
            detachKeys = sequence
        }
        return manners.takesInput ? keys[...] : []
    }

    private mutating func closeContainer() {
        container = nil
        target = -1
    }

    private borrowing func write(_ bytes: ArraySlice<UInt8>, to stream: Int32) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            do {
                let count = try retrying("write") {
                    rest.withUnsafeBytes { Glibc.write(stream, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(count)
            } catch let error where error.code == EAGAIN {
                // Somebody else made our terminal one that does not block.
                var wanted = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
                try retrying("poll") { poll(&wanted, 1, -1) }
            }
        }
    }

    /// Gives the container what it takes without waiting. One that has closed its input gets nothing more.
    ///
    /// - Returns: the rest.
    private mutating func offer(_ keys: ArraySlice<UInt8>) throws(SystemError) -> ArraySlice<UInt8> {
        let raw = target
        if raw < 0 { return [] }
        do {
            return keys.dropFirst(
                try retrying("write") { keys.withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) } })
        } catch let error where error.code == EAGAIN {
            return keys
        } catch let error where error.code == EPIPE || error.code == EIO {
            closeContainer()
            return []
        }
    }

    /// Sets a size that is none and then the right one, so that what runs on the terminal shows itself again (kubectl).
    private borrowing func redraw() {
        guard target >= 0, var size = userSize else { return }
        size.ws_row &+= 1
        size.ws_col &+= 1
        _ = ioctl(target, UInt(TIOCSWINSZ), &size)
        copySize()
    }

    private borrowing func copySize() {
        guard target >= 0, var size = userSize else { return }
        _ = ioctl(target, UInt(TIOCSWINSZ), &size)
    }

    /// Output that is no terminal has no size to pass on.
    private var userSize: winsize? {
        var size = winsize()
        return ioctl(streams.output, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }
}
