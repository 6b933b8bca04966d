import CBirth
import CLinux

/// The event loop: one thread, everything by descriptors, and a timer only while something has a deadline.
///
/// At rest nothing wakes it: no poll, no tick, no heartbeat.
final class Supervisor {
    /// What a key in epoll stands for; the low half is a serial number.
    enum Source: UInt32 {
        case listener = 1
        case client, timer, channel, process, logger, loggerProcess
    }

    let epoll: Int32
    let listening: Int32
    let timer: Int32
    let ownNetwork: Int32
    let ownProcesses: Int32
    /// The node's mounts, which the supervisor's own only follow.
    let nodeMounts: Int32
    var exits: ExitFile
    var logger = LoggerHandle()
    var clients: [Client] = []
    var supervised: [Supervised] = []
    /// The Pod's network namespace, once there is a sandbox.
    var network: Int32 = -1
    /// Where volumes were mounted.
    var volumes: [[UInt8]] = []
    /// The Pod's namespace of users, once there is a sandbox that has one, and the node's number of its root.
    var users: (namespace: Int32, first: UInt32) = (-1, 0)
    /// Which namespaces of the Pod are not its own, once there is a sandbox.
    var namespaces: UInt32 = 0
    /// Who asked for the end of everything.
    var shutdown: [Supervised.Waiter] = []
    var isShuttingDown = false
    /// Whether the logger was told that nothing more will come.
    var loggerWasReleased = false
    /// When a logger that does not end is killed, during a shutdown.
    var loggerLimit: UInt64?
    /// When a logger that could not be started or told something is tried again.
    var loggerRetryAt: UInt64?
    /// Starts that came before pause was alive.
    var heldStarts: [(request: Client.Request, client: UInt32)] = []
    /// Given up for a moment when descriptors run out, so that a connection can still be taken and closed.
    private var spare: Int32 = -1
    private var nextSerial: UInt32 = 1
    private var armedFor: UInt64 = 0

    init?(listening: Int32, exits: Int32, nodeMounts: Int32) {
        self.listening = listening
        self.nodeMounts = nodeMounts
        self.exits = ExitFile(descriptor: exits)
        epoll = clinux_epoll()
        timer = system_timer()
        ownNetwork = system_open_namespace(getpid(), "net")
        ownProcesses = system_open_namespace(getpid(), "pid")
        guard epoll >= 0, timer >= 0, ownNetwork >= 0, ownProcesses >= 0 else { return nil }
        spare = fcntl_duplicate(timer)
        watch(listening, .listener, 0)
        watch(timer, .timer, 0)
        startLogger()
    }

    /// Serves until the Pod is shut down.
    func run() {
        var keys = [UInt64](repeating: 0, count: 32)
        while true {
            let count = clinux_epoll_wait(epoll, &keys, Int32(keys.count))
            if count < 0 { abort() }
            for index in 0..<Int(count) {
                let serial = UInt32(truncatingIfNeeded: keys[index])
                handle(Source(rawValue: UInt32(truncatingIfNeeded: keys[index] >> 32)), serial)
            }
            if isShuttingDown, finishShutdown() { return }
            arm()
        }
    }

    private func handle(_ source: Source?, _ serial: UInt32) {
        switch source {
        case .listener: accept()
        case .client: serve(serial)
        case .timer: tick()
        case .channel: find(serial).map(takeReports)
        case .process: find(serial).map(takeExit)
        case .logger: takeLoggerNotes()
        case .loggerProcess: replaceLogger()
        case nil: break
        }
    }

    // MARK: Tables

    /// A number for an epoll key.
    func serial() -> UInt32 {
        nextSerial += 1
        return nextSerial
    }

    func watch(_ descriptor: Int32, _ source: Source, _ serial: UInt32) {
        _ = clinux_epoll_add(epoll, descriptor, UInt64(source.rawValue) << 32 | UInt64(serial))
    }

    func find(_ serial: UInt32) -> Supervised? { supervised.first { $0.serial == serial } }

    func find(kind: UInt32, id: [UInt8]) -> Supervised? { supervised.first { $0.kind == kind && $0.id == id } }

    /// Pause, while it lives.
    var sandbox: Supervised? { supervised.first { $0.kind == StateEntry.sandbox } }

    /// Follows a child that was just cloned.
    func follow(_ child: Supervised) {
        supervised.append(child)
        if child.lookAt == nil { watch(child.channel, .channel, child.serial) }
        watch(child.pidfd, .process, child.serial)
    }

    /// Sees whether a child was born whose channel nobody watched; from now on it is watched.
    func look(_ child: Supervised) {
        guard child.lookAt != nil else { return }
        child.lookAt = nil
        takeReports(child)
        if child.channel >= 0 { watch(child.channel, .channel, child.serial) }
    }

    // MARK: Clients

    private func accept() {
        while true {
            let socket = system_accept(listening)
            if socket < 0 {
                guard system_errno() == EMFILE, spare >= 0 else { return }
                // Otherwise the listener would be reported again at once, for ever.
                close(spare)
                close(system_accept(listening))
                spare = fcntl_duplicate(timer)
                continue
            }
            let user = system_peer_user(socket)
            guard user == 0 || user == Int64(geteuid()) else {
                close(socket)
                continue
            }
            let client = Client(socket: socket, serial: serial())
            watch(socket, .client, client.serial)
            clients.append(client)
        }
    }

    private func serve(_ serial: UInt32) {
        while let index = clients.firstIndex(where: { $0.serial == serial }) {
            let arrival = clients[index].receive()
            guard answerFrames(of: serial) else { return cut(serial) }
            switch arrival {
            case .some: continue
            case .none: return
            case .end: return cut(serial)
            }
        }
    }

    /// Answers every whole frame that has come. False: what came makes no sense.
    private func answerFrames(of serial: UInt32) -> Bool {
        // Answering may cut clients off, this one among them.
        while let index = clients.firstIndex(where: { $0.serial == serial }) {
            do throws(WireError) {
                guard let request = try clients[index].next() else { return true }
                answer(request, from: serial)
            } catch { return false }
        }
        return true
    }

    func cut(_ serial: UInt32) {
        guard let index = clients.firstIndex(where: { $0.serial == serial }) else { return }
        clients[index].cut(from: epoll)
        clients.remove(at: index)
        for child in supervised where child.kind == StateEntry.exec && child.owner == serial && child.endsWithClient {
            look(child)
            // As a terminal does whose line is cut; a second later all of it is killed.
            let now = system_boot_nanoseconds()
            apply(child.lifecycle.stop(signal: UInt32(SIGHUP), deadline: now + 1_000_000_000, now: now), to: child)
        }
        // Nobody is left to acknowledge what it ran.
        supervised.removeAll { $0.kind == StateEntry.exec && $0.owner == serial && $0.lifecycle.phase == .exited }
    }

    /// Answers one client; one that does not read is cut off.
    func send(_ type: UInt16, to waiter: Supervised.Waiter, _ body: [UInt8] = [], descriptors: [Int32] = []) {
        guard let client = clients.first(where: { $0.serial == waiter.client }) else { return }
        if !client.send(type: type, request: waiter.request, body: body, descriptors: descriptors) {
            cut(waiter.client)
        }
    }

    /// Tells everybody who asked to be told.
    func tell(_ type: UInt16, _ body: [UInt8]) {
        for client in clients where client.subscribed {
            if !client.send(type: type, request: 0, body: body) { cut(client.serial) }
        }
    }

    // MARK: Time

    private func arm() {
        var earliest: UInt64 = 0
        func consider(_ instant: UInt64?) {
            if let instant, earliest == 0 || instant < earliest { earliest = instant }
        }
        for child in supervised {
            consider(child.lifecycle.killAt)
            consider(child.lookAt)
            consider(child.drainUntil)
        }
        consider(loggerLimit)
        consider(loggerRetryAt)
        if earliest != armedFor { _ = system_arm(timer, earliest) }
        armedFor = earliest
    }

    private func tick() {
        var expirations: UInt64 = 0
        read(timer, &expirations, 8)
        armedFor = 0
        let now = system_boot_nanoseconds()
        for child in supervised {
            if let instant = child.lookAt, instant <= now { look(child) }
            let wasStarting = child.lifecycle.phase == .starting
            if child.lifecycle.tick(now: now) == .kill {
                if wasStarting, child.failure == nil {
                    child.failure = BirthFailure(
                        stage: UInt32(BIRTH_STAGE_DEADLINE.rawValue), error: UInt32(ETIMEDOUT), detail: [])
                }
                child.kill()
            }
            if let limit = child.drainUntil, limit <= now { hurry(child, now) }
        }
        if let limit = loggerRetryAt, limit <= now { retryLogger() }
        if let limit = loggerLimit, limit <= now {
            loggerLimit = now + 1_000_000_000
            logger.kill()
        }
    }
}
