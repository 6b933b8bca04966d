import CBirth
import CLinux

/// Notes between the supervisor and its logger: one packet each, of a kind, a number of streams, two zeros and a serial
/// number; `add` has a log plan behind it when the log is to be rotated.
enum Note {
    /// Bytes of a note without more.
    static let size = 8
    /// Bytes of the longest note.
    static let longest = 512
    /// Supervisor → logger: take over a log, a cgroup, and the streams that ride along: output and errors, or a terminal.
    static let add: UInt8 = 1
    /// Supervisor → logger: the container ended long ago; write what is there and let go.
    static let finish: UInt8 = 2
    /// Logger → supervisor: all output is written.
    static let done: UInt8 = 3
    /// Supervisor → logger: nothing more will come. An end without this note is the supervisor's death.
    static let release: UInt8 = 4
    /// Supervisor → logger: send what the container writes to the socket that rides along, too.
    static let attach: UInt8 = 5
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

    /// Hands over a container's log file, output streams and cgroup, and how its log is rotated.
    func add(_ child: Supervised) -> Bool {
        guard socket >= 0 else { return false }
        let descriptors = [child.log, child.cgroup] + child.outputs
        let count = UInt8(truncatingIfNeeded: child.outputs.count)
        guard let plan = child.logPlan, child.logDirectory >= 0 else {
            return send(Note.add, child.serial, descriptors, streams: count)
        }
        return send(Note.add, child.serial, descriptors + [child.logDirectory], streams: count, plan.encoded)
    }

    /// Has the logger send a container's output to a socket, too.
    func attach(_ serial: UInt32, _ output: Int32) -> Bool {
        guard socket >= 0 else {
            set_errno(EAGAIN)
            return false
        }
        return send(Note.attach, serial, [output])
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

    private func send(
        _ kind: UInt8, _ serial: UInt32, _ descriptors: [Int32], streams: UInt8 = 0, _ more: [UInt8] = []
    ) -> Bool {
        var packet: [UInt8] = [kind, streams, 0, 0]
        append(UInt64(serial), width: 4, to: &packet)
        packet.append(contentsOf: more)
        return clinux_send(socket, packet, packet.count, descriptors, descriptors.count, clinux_dont_wait())
            == packet.count
    }
}
