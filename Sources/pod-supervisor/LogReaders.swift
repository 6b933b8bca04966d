import CBirth
import CLinux

/// Those who are attached to containers: each gets what a container writes, as packets on a socket of its own.
///
/// None is ever waited for. What does not fit into a reader's socket is left out for that reader alone, who is told how much.
struct LogReaders {
    /// Tells the keys of readers in epoll from those of streams.
    static let keyBit: UInt64 = 1 << 63

    private var readers: [Reader] = []
    private var nextNumber: UInt64 = 1

    private struct Reader {
        let key: UInt64
        /// The container's serial number.
        let serial: UInt32
        let socket: Int32
        /// Bytes that had no room since the last that had.
        var lost: UInt64 = 0
    }

    /// Takes over the socket of somebody who attached to a container.
    mutating func add(_ socket: Int32, to serial: UInt32, isOver: Bool, _ epoll: Int32) {
        var count = 0
        for reader in readers where reader.serial == serial { count += 1 }
        if isOver || count >= AttachPacket.readerLimit {
            let last: [UInt8] = [isOver ? AttachPacket.end : AttachPacket.refused]
            _ = clinux_send(socket, last, last.count, nil, 0, clinux_dont_wait())
            close(socket)
            return
        }
        let key = Self.keyBit | nextNumber
        nextNumber += 1
        // Reported when the other side is closed.
        _ = clinux_epoll_add(epoll, socket, key)
        readers.append(Reader(key: key, serial: serial, socket: socket))
    }

    /// A reader that is gone; nothing else is to be heard of one.
    mutating func heard(from key: UInt64, _ epoll: Int32) {
        guard let index = readers.firstIndex(where: { $0.key == key }) else { return }
        remove(index, epoll)
    }

    /// Sends a piece of a container's output to all who are attached to it.
    mutating func send(_ bytes: ArraySlice<UInt8>, isError: Bool, of serial: UInt32, _ epoll: Int32) {
        if readers.isEmpty { return }
        var packet: [UInt8] = []
        var index = 0
        while index < readers.count {
            guard readers[index].serial == serial else {
                index += 1
                continue
            }
            if packet.isEmpty {
                packet.reserveCapacity(1 + bytes.count)
                packet.append(isError ? AttachPacket.error : AttachPacket.output)
                packet.append(contentsOf: bytes)
            }
            if pass(packet, to: index) { index += 1 } else { remove(index, epoll) }
        }
    }

    /// Nothing more will come of a container.
    mutating func end(of serial: UInt32, _ epoll: Int32) {
        var index = 0
        while index < readers.count {
            guard readers[index].serial == serial else {
                index += 1
                continue
            }
            _ = pass([AttachPacket.end], to: index)
            remove(index, epoll)
        }
    }

    /// Sends a packet, after how much is missing before it. False: the reader is gone.
    private mutating func pass(_ packet: [UInt8], to index: Int) -> Bool {
        if readers[index].lost > 0 {
            var notice = [AttachPacket.lost]
            append(readers[index].lost, width: 8, to: &notice)
            switch offer(notice, to: readers[index].socket) {
            case .sent: readers[index].lost = 0
            case .full:
                readers[index].lost += UInt64(packet.count - 1)
                return true
            case .gone: return false
            }
        }
        switch offer(packet, to: readers[index].socket) {
        case .sent: return true
        case .full:
            readers[index].lost += UInt64(packet.count - 1)
            return true
        case .gone: return false
        }
    }

    private enum Outcome { case sent, full, gone }

    private func offer(_ packet: [UInt8], to socket: Int32) -> Outcome {
        if clinux_send(socket, packet, packet.count, nil, 0, clinux_dont_wait()) == packet.count { return .sent }
        let reason = system_errno()
        return reason == EAGAIN || reason == ENOBUFS || reason == ENOMEM ? .full : .gone
    }

    private mutating func remove(_ index: Int, _ epoll: Int32) {
        unwatch(readers[index].socket, epoll)
        readers.remove(at: index)
    }
}
