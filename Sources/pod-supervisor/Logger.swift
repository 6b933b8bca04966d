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
    /// Supervisor → logger: nothing more will come. An end without this note is the supervisor's death.
    static let release: UInt8 = 4
}

/// The supervisor's end of its logger, a child that writes the log files: a slow disk stops the child alone.
struct LoggerHandle {
    private(set) var pidfd: Int32 = -1
    private(set) var socket: Int32 = -1

    /// Forks the logger, which keeps nothing of the supervisor's but its own socket. False when it cannot be started.
    mutating func start() -> Bool {
        var pair: [Int32] = [-1, -1]
        guard system_packet_pair(&pair) == 0 else { return false }
        let pid = system_fork(&pidfd)
        if pid == 0 {
            closeInherited(except: [pair[1]])
            Logger(socket: pair[1]).run()
            _exit(0)
        }
        close(pair[1])
        if pid < 0 {
            close(pair[0])
            pidfd = -1
            return false
        }
        socket = pair[0]
        return true
    }

    /// Hands over a container's log file, output streams and cgroup.
    func add(_ serial: UInt32, log: Int32, outputs: [Int32], cgroup: Int32) -> Bool {
        socket >= 0 && send(Note.add, serial, [log] + outputs + [cgroup])
    }

    /// Asks the logger to write what is there and let go of streams that somebody still holds open.
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
    mutating func release(from epoll: Int32) {
        if socket >= 0 { _ = send(Note.release, 0, []) }
        unwatch(socket, epoll)
        socket = -1
    }

    /// Kills a logger that does not end.
    func kill() { if pidfd >= 0 { _ = system_signal(pidfd, 9) } }

    /// Forgets a logger that died.
    mutating func buried(from epoll: Int32) {
        unwatch(socket, epoll)
        unwatch(pidfd, epoll)
        socket = -1
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
        /// The container's cgroup in the unified tree.
        let cgroup: Int32
        var streams: [Int32]
        var formats = [CRILog(isError: false), CRILog(isError: true)]

        init(serial: UInt32, file: Int32, streams: [Int32], cgroup: Int32) {
            self.serial = serial
            self.file = file
            self.cgroup = cgroup
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
            var descriptors: [Int32] = [-1, -1, -1, -1]
            var count = 4
            let received = clinux_receive(socket, &packet, 8, &descriptors, &count, clinux_dont_wait())
            if received < 0 { return }
            if received == 0 { return supervisorEnded() }
            let serial = UInt32(littleEndian(packet[4..<8]))
            if packet[0] == Note.add, count == 4 {
                adopt(
                    serial, file: descriptors[0], streams: [descriptors[1], descriptors[2]], cgroup: descriptors[3])
            } else if packet[0] == Note.finish, let log = logs.first(where: { $0.serial == serial }) {
                for stream in 0..<2 { finish(stream, of: log) }
            } else if packet[0] == Note.release {
                isReleased = true
            }
        }
    }

    /// A supervisor that ended without a word was killed: its containers go with it. PDEATHSIG alone would spare those
    /// that changed their user since (gosu, su-exec).
    private func supervisorEnded() {
        for log in logs where !isReleased {
            let switchFile = system_open(log.cgroup, "cgroup.kill", O_WRONLY, 0)
            if switchFile < 0 { continue }
            write(switchFile, "1", 1)
            close(switchFile)
        }
        isReleased = true
        unwatch(socket, epoll)
    }

    private func adopt(_ serial: UInt32, file: Int32, streams: [Int32], cgroup: Int32) {
        logs.append(Log(serial: serial, file: file, streams: streams, cgroup: cgroup))
        for stream in 0..<2 { _ = clinux_epoll_add(epoll, streams[stream], UInt64(serial) << 1 | UInt64(stream)) }
    }

    private func read(serial: UInt32, stream: Int) {
        guard let log = logs.first(where: { $0.serial == serial }) else { return }
        _ = readChunk(stream, of: log)
    }

    /// Writes a piece of a stream to its log. False: nothing was there, or the stream has ended.
    private func readChunk(_ stream: Int, of log: Log) -> Bool {
        guard log.streams[stream] >= 0 else { return false }
        let capacity = chunk.count
        let count = CBirth.read(log.streams[stream], &chunk, capacity)
        if count < 0, system_errno() == EINTR || system_errno() == EAGAIN { return false }
        if count <= 0 {
            end(stream, of: log)
            return false
        }
        var lines: [UInt8] = []
        lines.reserveCapacity(count + 64)
        log.formats[stream].take(chunk[0..<count], at: system_wall_nanoseconds(), into: &lines)
        put(lines, in: log)
        return true
    }

    /// What is in the pipe by now, and no more: somebody may hold its other end for ever.
    private func finish(_ stream: Int, of log: Log) {
        for _ in 0..<64 where log.streams[stream] >= 0 {
            if !readChunk(stream, of: log) { break }
        }
        end(stream, of: log)
    }

    private func end(_ stream: Int, of log: Log) {
        guard log.streams[stream] >= 0 else { return }
        var lines: [UInt8] = []
        log.formats[stream].finish(at: system_wall_nanoseconds(), into: &lines)
        put(lines, in: log)
        unwatch(log.streams[stream], epoll)
        log.streams[stream] = -1
        guard log.streams[0] < 0, log.streams[1] < 0 else { return }
        close(log.file)
        close(log.cgroup)
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
