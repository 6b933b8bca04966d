import CBirth
import CLinux

/// The logger: reads the containers' output and writes CRI log files.
final class Logger {
    private let socket: Int32
    private let epoll = clinux_epoll()
    private var logs: [Log] = []
    private var readers = LogReaders()
    private var isReleased = false
    /// Containers whose streams are to be let go of, once nothing of them is being read.
    private var finishing: [UInt32] = []
    /// Made once: notes are looked for with each piece of output.
    private var packet = [UInt8](repeating: 0, count: Note.longest)
    private var chunk = [UInt8](repeating: 0, count: 32 << 10)

    /// One container's log file and its streams.
    private final class Log {
        let serial: UInt32
        var file: LogFile
        /// The container's cgroup in the unified tree.
        let cgroup: Int32
        var streams: [Int32]
        var formats: [CRILog]

        init(serial: UInt32, file: LogFile, streams: [Int32], cgroup: Int32) {
            self.serial = serial
            self.file = file
            self.cgroup = cgroup
            self.streams = streams
            formats =
                streams.count == 1
                ? [CRILog(isError: false, isTerminal: true)] : [CRILog(isError: false), CRILog(isError: true)]
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
                } else if keys[index] & LogReaders.keyBit != 0 {
                    readers.heard(from: keys[index], epoll)
                } else {
                    read(serial: UInt32(keys[index] >> 1), stream: Int(keys[index] & 1))
                }
            }
            while let serial = finishing.popLast() { finish(serial) }
        }
    }

    private func takeNotes() {
        while true {
            var descriptors: [Int32] = [-1, -1, -1, -1, -1]
            var count = descriptors.count
            let received = clinux_receive(socket, &packet, Note.longest, &descriptors, &count, clinux_dont_wait())
            if received < 0 { return }
            if received < Note.size { return supervisorEnded() }
            let serial = UInt32(littleEndian(packet[4..<8]))
            let log = logs.first { $0.serial == serial }
            let streams = Int(packet[1])
            if packet[0] == Note.add, (1...2).contains(streams), count >= 2 + streams {
                let plan = try? LogPlan(decoding: packet[Note.size..<received])
                adopt(
                    serial, LogFile(descriptors[0], directory: descriptors[2 + streams], plan: plan),
                    streams: [Int32](descriptors[2..<2 + streams]), cgroup: descriptors[1])
            } else if packet[0] == Note.finish, log != nil {
                finishing.append(serial)
            } else if packet[0] == Note.attach, count == 1 {
                readers.add(descriptors[0], to: serial, isOver: log == nil, epoll)
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

    private func adopt(_ serial: UInt32, _ file: LogFile, streams: [Int32], cgroup: Int32) {
        logs.append(Log(serial: serial, file: file, streams: streams, cgroup: cgroup))
        for stream in streams.indices {
            _ = clinux_epoll_add(epoll, streams[stream], UInt64(serial) << 1 | UInt64(stream))
        }
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
        let came = chunk[0..<count]
        // Who was attached before this was written is to get it: epoll may have told of the stream before the note.
        if !isReleased { takeNotes() }
        // First, so that a slow disk does not make them wait.
        readers.send(came, isError: stream == 1, of: log.serial, epoll)
        var lines: [UInt8] = []
        lines.reserveCapacity(count + 64)
        let now = system_wall_nanoseconds()
        log.formats[stream].take(came, at: now, into: &lines)
        log.file.append(lines, at: now)
        return true
    }

    private func finish(_ serial: UInt32) {
        guard let log = logs.first(where: { $0.serial == serial }) else { return }
        for stream in log.streams.indices { finish(stream, of: log) }
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
        let now = system_wall_nanoseconds()
        log.formats[stream].finish(at: now, into: &lines)
        log.file.append(lines, at: now)
        unwatch(log.streams[stream], epoll)
        log.streams[stream] = -1
        if log.streams.contains(where: { $0 >= 0 }) { return }
        readers.end(of: log.serial, epoll)
        log.file.end()
        close(log.cgroup)
        logs.removeAll { $0 === log }
        var packet: [UInt8] = [Note.done, 0, 0, 0]
        append(UInt64(log.serial), width: 4, to: &packet)
        if !isReleased { _ = clinux_send(socket, packet, packet.count, nil, 0, clinux_dont_wait()) }
    }
}
