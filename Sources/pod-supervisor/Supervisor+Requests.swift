import CBirth

// What a client may ask for. Every request is idempotent: the id decides, not the connection.
extension Supervisor {
    /// Carries out one request.
    func answer(_ request: Client.Request, from client: UInt32) {
        let waiter = Supervised.Waiter(client: client, request: request.number)
        if isShuttingDown, request.type != MessageType.shutDown, request.type != MessageType.state {
            refuse(waiter, RequestFailure.shuttingDown)
            return closeAll(request.descriptors)
        }
        do throws(WireError) {
            switch request.type {
            case MessageType.hello: hello(try HelloRequest(decoding: request.body), waiter)
            case MessageType.state: send(MessageType.answer(to: MessageType.state), to: waiter, stateFields())
            case MessageType.stop: stop(try StopRequest(decoding: request.body), waiter)
            case MessageType.signalExec: signalExec(try TargetRequest(decoding: request.body), waiter)
            case MessageType.acknowledge: acknowledge(try TargetRequest(decoding: request.body), waiter)
            case MessageType.openSocket: openSocket(waiter)
            case MessageType.attach: attach(try AttachRequest(decoding: request.body), waiter)
            case MessageType.mount: mountVolume(try MountRequest(decoding: request.body), waiter)
            case MessageType.shutDown: beginShutdown(waiter)
            case MessageType.createSandbox:
                return createSandbox(try SandboxRequest(decoding: request.body), request.descriptors, waiter)
            case MessageType.start where sandbox?.lifecycle.phase == .starting:
                return heldStarts.append((request, client))
            case MessageType.start:
                return start(try StartRequest(decoding: request.body), request.descriptors, waiter)
            case MessageType.exec:
                return exec(try ExecRequest(decoding: request.body), request.descriptors, waiter)
            default: refuse(waiter, RequestFailure.unknownMessage)
            }
        } catch {
            refuse(waiter, RequestFailure.malformed)
        }
        closeAll(request.descriptors)
    }

    func refuse(_ waiter: Supervised.Waiter, _ stage: UInt32, error: Int32 = 0) {
        let failure = BirthFailure(stage: stage, error: UInt32(error), detail: [])
        send(MessageType.failure, to: waiter, failure.encoded)
    }

    private func closeAll(_ descriptors: [Int32]) { for descriptor in descriptors { close(descriptor) } }

    private func hello(_ request: HelloRequest, _ waiter: Supervised.Waiter) {
        var writer = FieldWriter()
        writer.put(1, 1 as UInt32)
        writer.put(2, SupervisorFeatures.all)
        writer.put(3, UInt32(getpid()))
        if let index = clients.firstIndex(where: { $0.serial == waiter.client }) {
            clients[index].subscribed = request.subscribe
        }
        send(MessageType.answer(to: MessageType.hello), to: waiter, writer.bytes + stateFields())
    }

    private func stateFields() -> [UInt8] {
        var writer = FieldWriter()
        for child in supervised {
            look(child)
            writer.put(20, child.entry.encoded)
        }
        return writer.bytes
    }

    // MARK: Births

    private func createSandbox(_ request: SandboxRequest, _ descriptors: [Int32], _ waiter: Supervised.Waiter) {
        if let present = sandbox {
            closeAll(descriptors)
            if present.id != request.id { return refuse(waiter, RequestFailure.noSandbox) }
            return join(present, waiter)
        }
        let roles = BirthDescriptors(
            descriptors, roles: request.roles, allowed: [DescriptorRole.cgroup, DescriptorRole.cgroupTasks])
        guard roles.cgroup >= 0 else {
            roles.discard()
            return refuse(waiter, RequestFailure.malformed)
        }
        mkdir(cString(request.sharedMemory), 0o755)
        let options = "mode=1777,size=".utf8.map { $0 } + decimal(request.sharedMemorySize)
        let flags = UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC)
        guard mount("shm", cString(request.sharedMemory), "tmpfs", flags, cString(options)) == 0 else {
            let error = system_errno()
            roles.discard()
            return refuse(waiter, UInt32(BIRTH_STAGE_MOUNTS.rawValue), error: error)
        }
        let pause = Supervised(
            kind: StateEntry.sandbox, id: request.id, serial: serial(),
            birthDeadline: deadline(request.deadlineMilliseconds))
        pause.cgroup = roles.cgroup
        pause.tasks = roles.tasks
        guard Birth.pause(request, pause) else {
            let error = system_errno()
            umount2(cString(request.sharedMemory), Int32(MNT_DETACH))
            return refuse(waiter, UInt32(BIRTH_STAGE_CLONE.rawValue), error: error)
        }
        namespaces = request.namespaces
        if let error = giveUsers(request, to: pause) {
            pause.kill()
            _ = pause.reap()
            umount2(cString(request.sharedMemory), Int32(MNT_DETACH))
            return refuse(waiter, UInt32(BIRTH_STAGE_USERS.rawValue), error: error)
        }
        // The namespaces exist from the clone on: the agent may furnish them while pause comes to life.
        if network >= 0 { close(network) }
        network = system_open_namespace(pause.pid, "net")
        follow(pause)
        join(pause, waiter)
    }

    /// What processes of the Pod are born into.
    private func place(of sandbox: Supervised) -> Birth.Sandbox {
        Birth.Sandbox(
            pidfd: sandbox.pidfd, namespaces: namespaces, ownProcesses: ownProcesses, nodeMounts: nodeMounts,
            users: users)
    }

    private func start(_ request: StartRequest, _ descriptors: [Int32], _ waiter: Supervised.Waiter) {
        if let present = find(kind: StateEntry.container, id: request.container) {
            closeAll(descriptors)
            return join(present, waiter)
        }
        guard let sandbox, sandbox.lifecycle.phase == .running else {
            closeAll(descriptors)
            return refuse(waiter, RequestFailure.noSandbox)
        }
        let roles = BirthDescriptors(
            descriptors, roles: request.roles,
            allowed: [
                DescriptorRole.cgroup, DescriptorRole.cgroupTasks, DescriptorRole.oomEvents, DescriptorRole.log,
                DescriptorRole.logDirectory, DescriptorRole.standardInput,
            ])
        // One outside a cgroup would have nobody to kill it.
        guard roles.cgroup >= 0, request.steps.allSatisfy({ $0.isKnown }) else {
            roles.discard()
            return refuse(waiter, RequestFailure.malformed)
        }
        guard let slot = exits.reserve(for: request.container) else {
            roles.discard()
            return refuse(waiter, RequestFailure.noExitRecord, error: ENOSPC)
        }
        let child = Supervised(
            kind: StateEntry.container, id: request.container, serial: serial(),
            birthDeadline: deadline(request.deadlineMilliseconds))
        child.slot = slot
        child.filter = (request.process.seccompFilter, request.process.seccompFlags)
        child.oomScore = request.process.oomScoreAdjustment
        child.cgroup = roles.cgroup
        child.tasks = roles.tasks
        child.oomEvents = roles.oomEvents
        child.oomKillsBefore = child.oomKills()
        child.log = roles.log
        child.logDirectory = roles.logDirectory
        child.logPlan = request.log
        child.inputKind = request.input
        let stdio: [Int32]? = request.process.terminal ? [-1, -1, -1] : child.makePipes(input: roles.stdio[0])
        let born = stdio.map { Birth.container(request, child, in: place(of: sandbox), stdio: $0) } ?? false
        let failure = system_errno()
        for end in (stdio ?? []) + [stdio?[0] == roles.stdio[0] ? -1 : roles.stdio[0]] where end >= 0 { close(end) }
        guard born else {
            exits.release(slot)
            return refuse(waiter, UInt32(BIRTH_STAGE_CLONE.rawValue), error: failure)
        }
        follow(child)
        handToLogger(child)
        join(child, waiter)
    }

    private func exec(_ request: ExecRequest, _ descriptors: [Int32], _ waiter: Supervised.Waiter) {
        if let present = find(kind: StateEntry.exec, id: request.exec) {
            closeAll(descriptors)
            return join(present, waiter)
        }
        guard let container = find(kind: StateEntry.container, id: request.container) else {
            closeAll(descriptors)
            return refuse(waiter, RequestFailure.unknownTarget)
        }
        guard container.lifecycle.phase == .running || container.lifecycle.phase == .stopping else {
            closeAll(descriptors)
            return refuse(waiter, RequestFailure.notRunning)
        }
        let roles = BirthDescriptors(
            descriptors, roles: request.roles,
            allowed: [DescriptorRole.standardInput, DescriptorRole.standardOutput, DescriptorRole.standardError])
        let child = Supervised(
            kind: StateEntry.exec, id: request.exec, container: request.container, serial: serial(),
            birthDeadline: deadline(request.deadlineMilliseconds))
        child.owner = waiter.client
        child.endsWithClient = request.endsWithClient
        child.timeLimit = min(request.timeoutMilliseconds, 1 << 40) * 1_000_000
        child.isAnsweredAtEnd = request.isAnsweredAtEnd
        if child.isAnsweredAtEnd { child.lookAt = firstLook(at: child) }
        let spare = container.spareCgroup
        container.spareCgroup = nil
        child.execCgroup = spare ?? ExecCgroup(in: container.cgroup, number: child.serial)
        guard let execCgroup = child.execCgroup else {
            let error = system_errno()
            roles.discard()
            return refuse(waiter, UInt32(BIRTH_STAGE_CGROUP.rawValue), error: error)
        }
        child.cgroup = execCgroup.directory
        // Lent for the clone.
        child.tasks = container.tasks
        var request = request
        // Nobody who asks for an exec can forget what its container is held to.
        if request.process.seccompFilter.isEmpty {
            (request.process.seccompFilter, request.process.seccompFlags) = container.filter
        }
        request.process.oomScoreAdjustment = request.process.oomScoreAdjustment ?? container.oomScore
        let born = Birth.exec(
            request, child, target: container.pidfd, in: place(of: sandbox ?? container), stdio: roles.stdio)
        let failure = system_errno()
        child.tasks = []
        for end in roles.stdio where end >= 0 { close(end) }
        guard born else {
            giveBackCgroup(of: child, to: container)
            return refuse(waiter, UInt32(BIRTH_STAGE_CLONE.rawValue), error: failure)
        }
        follow(child)
        join(child, waiter)
    }

    /// When its time, counted from its birth, is over at the earliest, or that of its birth: before, nobody has to know whether it
    /// was born. nil: there is no such time.
    private func firstLook(at child: Supervised) -> UInt64? {
        guard child.timeLimit != 0 else { return child.lifecycle.killAt }
        let limit = system_boot_nanoseconds() + child.timeLimit
        return min(limit, child.lifecycle.killAt ?? limit)
    }

    /// The next exec of the container gets the cgroup of one that ended, unless something is left in it. Not one that was
    /// killed as a whole: the kernel (6.18) takes the number of kills of the supervisor's own cgroup for that of the cgroup
    /// that a process is cloned into, finds that one was killed meanwhile, and kills the newborn.
    func giveBackCgroup(of child: Supervised, to container: Supervised?) {
        guard let execCgroup = child.execCgroup else { return }
        (child.execCgroup, child.cgroup) = (nil, -1)
        guard let container, container.cgroup >= 0 else { return execCgroup.letGo() }
        let isWanted = container.spareCgroup == nil && container.lifecycle.phase != .exited
        if isWanted, !child.wasCgroupKilled, execCgroup.isEmpty {
            container.spareCgroup = execCgroup
        } else {
            execCgroup.remove(from: container.cgroup)
        }
    }

    /// Waits for a birth, or is answered at once when it is over.
    func join(_ child: Supervised, _ waiter: Supervised.Waiter) {
        if child.kind == StateEntry.exec { child.owner = waiter.client }
        let isAwaited = child.isAnsweredAtEnd ? child.exit == nil : child.lifecycle.phase == .starting
        if isAwaited, child.kind != StateEntry.sandbox {
            child.waiting.append(waiter)
        } else {
            answerBirth(child, waiter)
        }
    }

    /// The answer to a birth that is over.
    func answerBirth(_ child: Supervised, _ waiter: Supervised.Waiter) {
        if let failure = child.failure { return send(MessageType.failure, to: waiter, failure.encoded) }
        var writer = FieldWriter()
        writer.put(1, UInt32(child.pid))
        if child.startedAt != 0 { writer.put(2, child.startedAt) }
        if !child.timeline.isEmpty { writer.put(4, child.timeline) }
        for notice in child.notices { writer.put(5, notice.encoded) }
        if child.isAnsweredAtEnd, let exit = child.exit { writer.put(21, exit.encoded) }
        switch child.kind {
        case StateEntry.sandbox:
            let socket = system_netlink_inside(network, ownNetwork)
            send(
                MessageType.answer(to: MessageType.createSandbox), to: waiter, writer.bytes,
                descriptors: socket >= 0 ? [network, socket] : [network])
            if socket >= 0 { close(socket) }
        case StateEntry.container:
            send(MessageType.answer(to: MessageType.start), to: waiter, writer.bytes)
        default:
            let terminal = child.terminal >= 0 ? [child.terminal] : []
            send(MessageType.answer(to: MessageType.exec), to: waiter, writer.bytes, descriptors: terminal)
            if child.terminal >= 0 { close(child.terminal) }
            child.terminal = -1
        }
    }

    private func openSocket(_ waiter: Supervised.Waiter) {
        guard network >= 0 else { return refuse(waiter, RequestFailure.noSandbox) }
        let socket = system_netlink_inside(network, ownNetwork)
        guard socket >= 0 else { return refuse(waiter, RequestFailure.noSandbox, error: system_errno()) }
        send(MessageType.answer(to: MessageType.openSocket), to: waiter, descriptors: [network, socket])
        close(socket)
    }

    // MARK: Ends

    private func stop(_ request: StopRequest, _ waiter: Supervised.Waiter) {
        guard let child = find(kind: StateEntry.container, id: request.container) else {
            return refuse(waiter, RequestFailure.unknownTarget)
        }
        let now = system_boot_nanoseconds()
        let grace = min(request.graceMilliseconds, 1 << 40) * 1_000_000
        apply(child.lifecycle.stop(signal: request.signal, deadline: now + grace, now: now), to: child)
        send(MessageType.answer(to: MessageType.stop), to: waiter)
    }

    private func signalExec(_ request: TargetRequest, _ waiter: Supervised.Waiter) {
        guard let child = find(kind: StateEntry.exec, id: request.exec) else {
            return refuse(waiter, RequestFailure.unknownTarget)
        }
        // Whoever waits for its end wants nothing of it to go on.
        if child.isAnsweredAtEnd, request.signal == 9 { child.kill() } else { child.signal(request.signal) }
        send(MessageType.answer(to: MessageType.signalExec), to: waiter)
    }

    private func acknowledge(_ request: TargetRequest, _ waiter: Supervised.Waiter) {
        let kind = request.exec.isEmpty ? StateEntry.container : StateEntry.exec
        let id = request.exec.isEmpty ? request.container : request.exec
        if let child = find(kind: kind, id: id) {
            guard child.lifecycle.phase == .exited, child.drainUntil == nil else {
                return refuse(waiter, RequestFailure.notRunning)
            }
            if let slot = child.slot { exits.release(slot) }
            supervised.removeAll { $0 === child }
        } else {
            exits.release(ofEarlier: id)
        }
        send(MessageType.answer(to: MessageType.acknowledge), to: waiter)
    }

    func apply(_ effect: Lifecycle.Effect, to child: Supervised) {
        switch effect {
        case .none: break
        case .signal(let number): child.signal(number)
        case .kill: child.kill()
        }
    }

    private func deadline(_ milliseconds: UInt64) -> UInt64? {
        milliseconds == 0 ? nil : system_boot_nanoseconds() + min(milliseconds, 1 << 40) * 1_000_000
    }
}

/// `bytes` with the NUL that C wants.
func cString(_ bytes: [UInt8]) -> [CChar] {
    var text: [CChar] = []
    for byte in bytes { text.append(CChar(bitPattern: byte)) }
    text.append(0)
    return text
}
