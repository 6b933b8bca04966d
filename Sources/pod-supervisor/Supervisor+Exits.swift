import CBirth
import CLinux

// How births end and processes die: reports, exit records, output, shutdown.
extension Supervisor {
    /// How long the output of an ended container may take to be written.
    private static let drainLimit: UInt64 = 2_000_000_000

    /// Reads what a birth reports. The channel closes by the exec: that is the success.
    func takeReports(_ child: Supervised) {
        while child.channel >= 0 {
            var report = birth_report()
            var descriptor: [Int32] = [-1]
            var count = 1
            let size = MemoryLayout<birth_report>.size
            let received = clinux_receive(child.channel, &report, size, &descriptor, &count, clinux_dont_wait())
            if received < 0, system_errno() == EAGAIN { return }
            if received != size {
                unwatch(child.channel, epoll)
                child.channel = -1
                if child.failure == nil, !child.timeline.isEmpty { born(child) }
                return
            }
            switch report.kind {
            case UInt32(BIRTH_REPORT_FAILURE.rawValue):
                if child.failure == nil {
                    child.failure = BirthFailure(
                        stage: report.stage, error: UInt32(bitPattern: report.error), detail: detail(of: report))
                }
            case UInt32(BIRTH_REPORT_NOTICE.rawValue):
                child.notices.append(
                    BirthFailure(
                        stage: report.stage, error: UInt32(bitPattern: report.error), detail: detail(of: report)))
            case UInt32(BIRTH_REPORT_TERMINAL.rawValue): takeTerminal(descriptor[0], of: child)
            default: child.timeline = timeline(of: report, since: child.clonedAt)
            }
        }
    }

    private func born(_ child: Supervised) {
        // It may be long ago, where nobody watched. The clocks are read in this order, so that no limit is found to be early.
        let now = birth_clock()
        let age = child.isAnsweredAtEnd ? now - min(child.clonedAt + lastStage(child.timeline), now) : 0
        child.startedAt = system_wall_nanoseconds() - age
        let limit = child.timeLimit == 0 ? nil : system_boot_nanoseconds() - age + child.timeLimit
        apply(child.lifecycle.born(killAt: limit), to: child)
        if !child.isAnsweredAtEnd { release(child) }
        if child.kind == StateEntry.sandbox { answerHeldStarts() }
    }

    /// The sandbox stands, or failed to: whoever wanted to start a container is answered now.
    private func answerHeldStarts() {
        let held = heldStarts
        heldStarts = []
        for start in held { answer(start.request, from: start.client) }
    }

    private func release(_ child: Supervised) {
        let waiting = child.waiting
        child.waiting = []
        for waiter in waiting { answerBirth(child, waiter) }
    }

    private func detail(of report: birth_report) -> [UInt8] {
        var report = report
        return withUnsafeBytes(of: &report.detail) { bytes in
            var detail: [UInt8] = []
            for byte in bytes {
                if byte == 0 { break }
                detail.append(byte)
            }
            return detail
        }
    }

    private func timeline(of report: birth_report, since start: UInt64) -> [UInt8] {
        var report = report
        var encoded: [UInt8] = []
        withUnsafeBytes(of: &report.finished) { bytes in
            for stage in 0..<16 {
                let instant = bytes.loadUnaligned(fromByteOffset: stage * 8, as: UInt64.self)
                append(instant > start ? instant - start : 0, width: 8, to: &encoded)
            }
        }
        return encoded
    }

    /// When the last stage of a birth was over, in nanoseconds after the clone.
    private func lastStage(_ timeline: [UInt8]) -> UInt64 {
        var last: UInt64 = 0
        var start = 0
        while start + 8 <= timeline.count {
            last = max(last, littleEndian(timeline[start..<start + 8]))
            start += 8
        }
        return last
    }

    /// A process ended: record first, reap then, tell last.
    func takeExit(_ child: Supervised) {
        var bySignal: Int32 = 0
        var status: Int32 = 0
        // What has no record is reaped at once.
        let isRecorded = child.kind != StateEntry.exec
        guard child.pidfd >= 0, system_child_ended(child.pidfd, isRecorded ? 0 : 1, &bySignal, &status) == 1 else {
            return
        }
        takeReports(child)
        var exit = Exit()
        exit.id = child.id
        exit.pid = UInt32(child.pid)
        exit.startedAt = child.startedAt
        exit.finishedAt = system_wall_nanoseconds()
        exit.finishedBoot = system_boot_nanoseconds()
        exit.signal = bySignal != 0 ? UInt32(status) : 0
        exit.code = bySignal != 0 ? 128 + UInt32(status) : UInt32(status)
        exit.killedForMemory = child.oomKills() > child.oomKillsBefore
        if child.lifecycle.phase == .starting, child.failure == nil {
            // Killed before it became what it was to become, and not by its deadline.
            child.failure = BirthFailure(stage: UInt32(BIRTH_STAGE_EXEC.rawValue), error: UInt32(EINTR), detail: [])
        }
        if let failure = child.failure {
            exit.failure = failure
            exit.code = 128
            exit.signal = 0
        }
        if let slot = child.slot { exits.write(exit, in: slot) }
        if isRecorded { _ = system_child_ended(child.pidfd, 1, &bySignal, &status) }
        unwatch(child.pidfd, epoll)
        child.pidfd = -1
        // The kernel ends a container with its first process only where that one is the first of a namespace.
        let others = UInt32(BIRTH_HOST_PROCESSES.rawValue | BIRTH_SHARED_PROCESSES.rawValue)
        if child.kind == StateEntry.container, namespaces & others != 0 { child.kill() }
        child.spareCgroup?.remove(from: child.cgroup)
        child.spareCgroup = nil
        unwatch(child.channel, epoll)
        (child.channel, child.lookAt) = (-1, nil)
        child.exit = exit
        child.lifecycle.exited()
        if child.kind == StateEntry.container { child.letGoOfInput() }
        if child.kind == StateEntry.container, child.log >= 0, !child.outputs.isEmpty {
            child.drainUntil = exit.finishedBoot + Self.drainLimit
        } else {
            tellExit(child)
        }
    }

    private func tellExit(_ child: Supervised) {
        child.drainUntil = nil
        release(child)
        guard let exit = child.exit else { return }
        var writer = FieldWriter()
        if child.kind == StateEntry.sandbox {
            writer.put(1, UInt32(child.pid))
            writer.put(21, exit.encoded)
            tell(MessageType.sandboxDied, writer.bytes)
            return answerHeldStarts()
        }
        if !child.isAnsweredAtEnd {
            writer.put(21, exit.encoded)
            tell(
                child.kind == StateEntry.container ? MessageType.containerExited : MessageType.execExited, writer.bytes)
        }
        guard child.kind == StateEntry.exec else { return }
        let isOwned = clients.contains { $0.serial == child.owner }
        // What it left running in the background was its client's too.
        if child.endsWithClient, !isOwned { child.kill() }
        giveBackCgroup(of: child, to: find(kind: StateEntry.container, id: child.container))
        child.letGo()
        if !isOwned || child.isAnsweredAtEnd { supervised.removeAll { $0 === child } }
    }

    /// The output of an ended container takes long: first the logger is asked to let go, then the exit is told anyway.
    func hurry(_ child: Supervised, _ now: UInt64) {
        if child.isHurried { return finishDrain(child) }
        child.isHurried = true
        child.drainUntil = now + 1_000_000_000
        logger.finish(child.serial)
    }

    private func finishDrain(_ child: Supervised) {
        child.letGo()
        if child.drainUntil != nil { tellExit(child) }
    }

    // MARK: Logger

    func startLogger() {
        guard logger.start() else { return retryLoggerLater() }
        watch(logger.socket, .logger, 0)
        watch(logger.pidfd, .loggerProcess, 0)
    }

    func takeLoggerNotes() {
        for serial in logger.receive() {
            guard let child = find(serial) else { continue }
            child.letGoOfOutput()
            if child.drainUntil != nil { tellExit(child) }
        }
    }

    /// Gives a container's streams to the logger; tried again later when that fails.
    func handToLogger(_ child: Supervised) {
        guard child.log >= 0, !child.outputs.isEmpty else { return }
        child.awaitsLogger = !logger.add(child)
        if child.awaitsLogger { retryLoggerLater() }
    }

    private func retryLoggerLater() { loggerRetryAt = system_boot_nanoseconds() + 200_000_000 }

    func retryLogger() {
        loggerRetryAt = nil
        if logger.pidfd < 0 { startLogger() }
        for child in supervised where child.awaitsLogger { handToLogger(child) }
    }

    /// The logger died: a new one takes over the streams, which were kept open meanwhile.
    func replaceLogger() {
        var bySignal: Int32 = 0
        var status: Int32 = 0
        guard system_child_ended(logger.pidfd, 1, &bySignal, &status) != 0 else { return }
        takeLoggerNotes()
        logger.buried(from: epoll)
        loggerLimit = nil
        if isShuttingDown, loggerWasReleased { return }
        startLogger()
        for child in supervised { handToLogger(child) }
    }

    // MARK: Shutdown

    /// Kills what runs; the answer comes when nothing does.
    func beginShutdown(_ waiter: Supervised.Waiter) {
        shutdown.append(waiter)
        isShuttingDown = true
        for child in supervised where child.lifecycle.phase != .exited { child.kill() }
    }

    /// Whether all is over: every process reaped, every line of output written.
    func finishShutdown() -> Bool {
        for child in supervised where child.lifecycle.phase != .exited || child.drainUntil != nil { return false }
        if logger.pidfd >= 0 {
            if !loggerWasReleased { loggerLimit = system_boot_nanoseconds() + Self.drainLimit }
            loggerWasReleased = true
            logger.release(from: epoll)
            return false
        }
        for waiter in shutdown { send(MessageType.answer(to: MessageType.shutDown), to: waiter) }
        return true
    }
}
