import CBirth
import CLinux

/// One connection: bytes that came and are not yet a whole frame, and the descriptors that came with them.
struct Client {
    /// The connection; -1 once it is closed.
    var socket: Int32
    /// Whether exits are told.
    var subscribed = false
    /// Tells connections apart that used the same place in the table.
    let serial: UInt32
    private var bytes: [UInt8] = []
    private var descriptors: [Int32] = []

    init(socket: Int32, serial: UInt32) {
        self.socket = socket
        self.serial = serial
    }

    /// What a look at the connection found.
    enum Arrival {
        /// Something came; there may be more.
        case some
        /// No more is there now.
        case none
        /// The peer is gone.
        case end
    }

    /// Reads a piece of what has come.
    mutating func receive() -> Arrival {
        let capacity = 16 << 10
        var came = [Int32](repeating: -1, count: FrameHeader.descriptorLimit)
        var count = came.count
        var error: Int32 = 0
        let received = withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { chunk in
            let received = clinux_receive(socket, chunk.baseAddress, capacity, &came, &count, clinux_dont_wait())
            if received < 0 { error = system_errno() }
            if received > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(chunk)[0..<received]) }
            return received
        }
        for index in 0..<count { descriptors.append(came[index]) }
        if received < 0 { return error == EAGAIN ? .none : .end }
        if received == 0 { return .end }
        // With less than fits all was read; what comes later is reported again.
        return received < capacity ? .none : .some
    }

    /// A whole frame, taken out of what came.
    struct Request {
        let type: UInt16
        let number: UInt32
        let body: [UInt8]
        /// The receiver owns these.
        let descriptors: [Int32]
    }

    /// The next whole frame; nil when there is none yet.
    ///
    /// - Throws: when the stream makes no sense any more.
    mutating func next() throws(WireError) -> Request? {
        // Descriptors that no frame announced would shift into the next one's roles.
        if bytes.isEmpty, !descriptors.isEmpty { throw .frameTooLarge }
        guard let header = try FrameHeader(bytes[...]) else { return nil }
        guard bytes.count >= FrameHeader.size + header.length else { return nil }
        guard descriptors.count >= header.descriptors else { throw .truncated }
        let body = [UInt8](bytes[FrameHeader.size..<FrameHeader.size + header.length])
        bytes.removeFirst(FrameHeader.size + header.length)
        let own = [Int32](descriptors[0..<header.descriptors])
        descriptors.removeFirst(header.descriptors)
        return Request(type: header.type, number: header.request, body: body, descriptors: own)
    }

    /// Sends a frame. False: the peer does not read, or is gone; it is to be cut off.
    func send(type: UInt16, request: UInt32, body: [UInt8], descriptors: [Int32] = []) -> Bool {
        let frame = FrameHeader.frame(type: type, request: request, descriptors: descriptors.count, body: body)
        return frame.withUnsafeBytes { bytes in
            descriptors.withUnsafeBufferPointer { list in
                clinux_send(socket, bytes.baseAddress, bytes.count, list.baseAddress, list.count, clinux_dont_wait())
                    == bytes.count
            }
        }
    }

    /// Closes the connection and every descriptor that nobody took.
    mutating func cut(from epoll: Int32) {
        unwatch(socket, epoll)
        socket = -1
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
        bytes = []
    }
}
