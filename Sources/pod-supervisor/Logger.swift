import CBirth
import CLinux

/// Notes between the supervisor and its logger: one packet each.
private enum Note {
    /// Supervisor → logger: take over a log and the streams that ride along.
    static let add: UInt8 = 1
    /// Supervisor → logger: the container ended long ago; write what is there and let go.
    static let finish: UInt8 = 2
    /// Logger → supervisor: all output is written.
    static let done: UInt8 = 3
}

/// The supervisor's end of its logger, a child that writes the log files: a slow disk stops the child alone.
struct LoggerHandle {
    private(set) var pidfd: Int32 = -1
    private(set) var socket: Int32 = -1

    /// Forks the logger. False when it cannot be started.
    mutating func start(closing inherited: [Int32]) -> Bool {
        var pair: [Int32] = [-1, -1]
        guard system_packet_pair(&pair) == 0 else { return false }
        let pid = system_fork(&pidfd)
        if pid == 0 {
            for descriptor in inherited where descriptor >= 0 { close(descriptor) }
            close(pair[0])
            Logger(socket: pair[1]).run()
            _exit(0)
        }
        close(pair[1])
        socket = pair[0]
        return pid > 0
    }

    /// Hands over a container's log file and output streams.
    func add(_ serial: UInt32, log: Int32, outputs: [Int32]) -> Bool { send(Note.add, serial, [log] + outputs) }

    /// Asks the logger to let go of streams that somebody still holds open.
    func finish(_ serial: UInt32) { _ = send(Note.finish, serial, []) }

    /// The containers whose output is now written.
    func receive() -> [UInt32] {
        var finished: [UInt32] = []
        var packet = [UInt8](repeating: 0, count: 8)
        var none = 0
        while clinux_receive(socket, &packet, 8, nil, &none, clinux_dont_wait()) == 8 {
            if packet[0] == Note.done { finished.append(UInt32(littleEndian(packet[4..<8]))) }
            none = 0
        }
        return finished
    }

    /// Lets the logger end as soon as it has written everything.
    mutating func release() {
        if socket >= 0 { close(socket) }
        socket = -1
    }

    /// Forgets a logger that died.
    mutating func buried() {
        release()
        if pidfd >= 0 { close(pidfd) }
        pidfd = -1
    }

    private func send(_ kind: UInt8, _ serial: UInt32, _ descriptors: [Int32]) -> Bool {
        var packet: [UInt8] = [kind, 0, 0, 0]
        append(UInt64(serial), width: 4, to: &packet)
        return clinux_send(socket, packet, packet.count, descriptors, descriptors.count, clinux_dont_wait())
            == packet.count
    }
}

/// The logger: reads the containers' output and writes CRI log files.
final class Logger {
    private let socket: Int32
    private let epoll = clinux_epoll()
    private var logs: [Log] = []
    private var isReleased = false
    private var chunk = [UInt8](repeating: 0, count: 32 << 10)

    /// One container's log file and its streams.
    private final class Log {
        let serial: UInt32
        let file: Int32
        var streams: [Int32]
        var formats = [CRILog(isError: false), CRILog(isError: true)]

        init(serial: UInt32, file: Int32, streams: [Int32]) {
            self.serial = serial
            self.file = file
            self.streams = streams
        }
    }

    init(socket: Int32) { self.socket = socket }

    /// Serves until the supervisor lets go and every stream has ended.
    func run() {
        system_set_name("logger")
        _ = clinux_epoll_add(epoll, socket, UInt64.max)
        var keys = [UInt64](repeating: 0, count: 32)
        while !(isReleased && logs.isEmpty) {
            let count = clinux_epoll_wait(epoll, &keys, Int32(keys.count))
            if count < 0 { return }
            for index in 0..<Int(count) {
                if keys[index] == UInt64.max {
                    takeNotes()
                } else {
                    read(serial: UInt32(keys[index] >> 1), stream: Int(keys[index] & 1))
                }
            }
        }
    }

    private func takeNotes() {
        while true {
            var packet = [UInt8](repeating: 0, count: 8)
            var descriptors: [Int32] = [-1, -1, -1]
            var count = 3
            let received = clinux_receive(socket, &packet, 8, &descriptors, &count, clinux_dont_wait())
            if received < 0 { return }
            if received == 0 {
                isReleased = true
                close(socket)
                return
            }
            let serial = UInt32(littleEndian(packet[4..<8]))
            if packet[0] == Note.add, count == 3 {
                adopt(serial, file: descriptors[0], streams: [descriptors[1], descriptors[2]])
            } else if packet[0] == Note.finish, let log = logs.first(where: { $0.serial == serial }) {
                for stream in 0..<2 { end(stream, of: log) }
            }
        }
    }

    private func adopt(_ serial: UInt32, file: Int32, streams: [Int32]) {
        logs.append(Log(serial: serial, file: file, streams: streams))
        for stream in 0..<2 { _ = clinux_epoll_add(epoll, streams[stream], UInt64(serial) << 1 | UInt64(stream)) }
    }

    private func read(serial: UInt32, stream: Int) {
        guard let log = logs.first(where: { $0.serial == serial }), log.streams[stream] >= 0 else { return }
        let capacity = chunk.count
        let count = CBirth.read(log.streams[stream], &chunk, capacity)
        if count < 0, system_errno() == EINTR || system_errno() == EAGAIN { return }
        if count <= 0 { return end(stream, of: log) }
        var lines: [UInt8] = []
        lines.reserveCapacity(count + 64)
        log.formats[stream].take(chunk[0..<count], at: system_wall_nanoseconds(), into: &lines)
        put(lines, in: log)
    }

    private func end(_ stream: Int, of log: Log) {
        guard log.streams[stream] >= 0 else { return }
        var lines: [UInt8] = []
        log.formats[stream].finish(at: system_wall_nanoseconds(), into: &lines)
        put(lines, in: log)
        close(log.streams[stream])
        log.streams[stream] = -1
        guard log.streams[0] < 0, log.streams[1] < 0 else { return }
        close(log.file)
        logs.removeAll { $0 === log }
        var packet: [UInt8] = [Note.done, 0, 0, 0]
        append(UInt64(log.serial), width: 4, to: &packet)
        if !isReleased { _ = clinux_send(socket, packet, packet.count, nil, 0, clinux_dont_wait()) }
    }

    /// A full disk costs lines, never the workload: what cannot be written is dropped.
    private func put(_ lines: [UInt8], in log: Log) {
        var written = 0
        while written < lines.count {
            let count = lines[written...].withUnsafeBytes { write(log.file, $0.baseAddress, $0.count) }
            if count < 0, system_errno() == EINTR { continue }
            if count <= 0 { return }
            written += count
        }
    }
}
