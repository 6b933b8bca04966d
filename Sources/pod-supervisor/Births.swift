import CBirth

/// What a birth needs beside the plan: descriptors that came with the request, by their roles.
struct BirthDescriptors {
    var cgroup: Int32 = -1
    var tasks: [Int32] = []
    var oomEvents: Int32 = -1
    var log: Int32 = -1
    var logDirectory: Int32 = -1
    var stdio: [Int32] = [-1, -1, -1]

    /// Sorts `descriptors` by `roles`; one whose role is not among the `allowed` is closed.
    init(_ descriptors: [Int32], roles: [UInt8], allowed: [UInt8]) {
        for index in 0..<descriptors.count {
            let role = index < roles.count && allowed.contains(roles[index]) ? roles[index] : 0
            switch role {
            case DescriptorRole.cgroup: Self.take(descriptors[index], as: &cgroup)
            case DescriptorRole.cgroupTasks where tasks.count < Int(BIRTH_MOST_PLACES):
                tasks.append(descriptors[index])
            case DescriptorRole.oomEvents: Self.take(descriptors[index], as: &oomEvents)
            case DescriptorRole.log: Self.take(descriptors[index], as: &log)
            case DescriptorRole.logDirectory: Self.take(descriptors[index], as: &logDirectory)
            case DescriptorRole.standardInput: Self.take(descriptors[index], as: &stdio[0])
            case DescriptorRole.standardOutput: Self.take(descriptors[index], as: &stdio[1])
            case DescriptorRole.standardError: Self.take(descriptors[index], as: &stdio[2])
            default: close(descriptors[index])
            }
        }
    }

    /// The last of several wins.
    private static func take(_ descriptor: Int32, as place: inout Int32) {
        if place >= 0 { close(place) }
        place = descriptor
    }

    /// Closes everything.
    func discard() {
        for descriptor in [cgroup, oomEvents, log, logDirectory] + tasks + stdio where descriptor >= 0 {
            close(descriptor)
        }
    }
}

/// Clones the child that carries out a plan. The supervisor never waits for it.
enum Birth {
    /// The namespaces a birth joins.
    struct Joined {
        var sandbox: Int32 = -1
        var target: Int32 = -1
    }

    /// What the containers of a Pod are born into.
    struct Sandbox {
        /// Pause.
        let pidfd: Int32
        /// Which namespaces are not the Pod's own.
        let namespaces: UInt32
        /// The supervisor's own namespace of processes.
        let ownProcesses: Int32
        /// The node's mount namespace.
        let nodeMounts: Int32
        /// The Pod's namespace of users, if it has one, and the node's number of its root.
        let users: (namespace: Int32, first: UInt32)
    }

    /// How unwillingly the kernel kills pause, with which the whole Pod would go (kubelet: `PodInfraOOMAdj`).
    private static let pauseScore: Int32 = -998

    /// Starts pause in namespaces of its own.
    static func pause(_ request: SandboxRequest, _ supervised: Supervised) -> Bool {
        var arena = Arena()
        var plan = birth_plan()
        plan.kind = UInt32(BIRTH_PAUSE.rawValue)
        plan.node_mounts = -1
        plan.users = -1
        plan.hostname = arena.string(request.hostname)
        plan.namespaces = request.namespaces
        plan.parameters = UnsafePointer(arena.list(request.parameters))
        var process = ProcessPlan()
        process.arguments = [request.pause]
        process.oomScoreAdjustment = Self.pauseScore
        return clone(&plan, process, stdio: [-1, -1, -1], Joined(), supervised, &arena)
    }

    /// Starts a container's first process.
    static func container(
        _ request: StartRequest, _ supervised: Supervised, in joined: Sandbox, stdio: [Int32]
    ) -> Bool {
        var arena = Arena()
        var plan = birth_plan()
        plan.kind = UInt32(BIRTH_CONTAINER.rawValue)
        plan.namespaces = joined.namespaces
        plan.node_mounts = joined.nodeMounts
        plan.users = joined.users.namespace
        plan.first_user = joined.users.first
        let root = arena.array(birth_root.self, count: 1)
        root.pointee.lower = UnsafePointer(arena.list(request.root.lower))
        root.pointee.base = arena.string(request.root.base)
        root.pointee.upper = arena.string(request.root.upper)
        root.pointee.work = arena.string(request.root.work)
        root.pointee.read_only = request.root.readOnly ? 1 : 0
        plan.root = UnsafePointer(root)
        let steps = arena.array(birth_step.self, count: request.steps.count)
        for index in 0..<request.steps.count {
            let step = request.steps[index]
            steps[index] = birth_step(
                kind: step.kind, target: arena.string(step.target), source: arena.string(step.source),
                options: UnsafePointer(arena.list(step.options)), attributes: step.attributes, major: step.major,
                minor: step.minor, mode: step.mode, owner: step.owner, group: step.group,
                within: UnsafePointer(arena.list(step.within)), without_links: step.withoutLinks,
                is_made: step.isMade ? 1 : 0, is_recursive: step.isRecursive ? 1 : 0,
                follows_node: step.followsNode ? 1 : 0, is_nodes_own: step.isNodesOwn ? 1 : 0, prepared: -1)
        }
        plan.steps = steps
        plan.step_count = request.steps.count
        let isShared = joined.namespaces & UInt32(BIRTH_SHARED_PROCESSES.rawValue) != 0
        guard isShared else {
            return clone(&plan, request.process, stdio: stdio, Joined(sandbox: joined.pidfd), supervised, &arena)
        }
        return amongProcesses(of: joined.pidfd, own: joined.ownProcesses) {
            clone(&plan, request.process, stdio: stdio, Joined(sandbox: joined.pidfd), supervised, &arena)
        }
    }

    /// Starts one more process in the container that `target` is the first process of.
    static func exec(
        _ request: ExecRequest, _ supervised: Supervised, target: Int32, in joined: Sandbox, stdio: [Int32]
    ) -> Bool {
        var arena = Arena()
        var plan = birth_plan()
        plan.kind = UInt32(BIRTH_EXEC.rawValue)
        plan.namespaces = joined.namespaces
        plan.node_mounts = -1
        plan.users = -1
        plan.first_user = joined.users.first
        return amongProcesses(of: target, own: joined.ownProcesses) {
            clone(&plan, request.process, stdio: stdio, Joined(target: target), supervised, &arena)
        }
    }

    /// Clones in the namespace of another's processes. For children only; by pidfd, so that a recycled process number
    /// can never be joined.
    private static func amongProcesses(of other: Int32, own: Int32, _ clone: () -> Bool) -> Bool {
        guard system_setns_pid(other) == 0 else { return false }
        let cloned = clone()
        let error = system_errno()
        guard system_setns_pid(own) == 0 else { abort() }
        set_errno(error)
        return cloned
    }

    private static func clone(
        _ plan: inout birth_plan, _ process: ProcessPlan, stdio: [Int32], _ joined: Joined,
        _ supervised: Supervised, _ arena: inout Arena
    ) -> Bool {
        var channel: [Int32] = [-1, -1]
        guard system_packet_pair(&channel) == 0 else { return false }
        plan.channel = channel[1]
        let places = arena.array(Int32.self, count: supervised.tasks.count)
        for index in 0..<supervised.tasks.count { places[index] = supervised.tasks[index] }
        plan.places = UnsafePointer(places)
        plan.place_count = supervised.tasks.count
        plan.cgroup = supervised.cgroup
        plan.sandbox = joined.sandbox
        plan.target = joined.target
        plan.process.arguments = UnsafePointer(arena.list(process.arguments))
        plan.process.environment = arena.list(process.environment, spare: 1)
        plan.process.directory = arena.string(process.directory)
        plan.process.user = arena.string(process.user)
        plan.process.capabilities = process.capabilities
        plan.process.no_new_privileges = process.noNewPrivileges ? 1 : 0
        // Never as protected as the supervisor.
        plan.process.oom_score_adjustment = process.oomScoreAdjustment ?? 0
        let groups = arena.array(UInt32.self, count: process.groups.count)
        for index in 0..<process.groups.count { groups[index] = process.groups[index] }
        plan.process.groups = UnsafePointer(groups)
        plan.process.group_count = process.groups.count
        plan.process.leaves_image_groups = process.leavesImageGroups ? 1 : 0
        plan.process.is_never_root = process.isNeverRoot ? 1 : 0
        if !process.seccompFilter.isEmpty {
            plan.process.filter = UnsafeRawPointer(arena.string(process.seccompFilter))
            plan.process.filter_count = UInt32(process.seccompFilter.count / 8)
            plan.process.filter_flags = process.seccompFlags
        }
        plan.process.stdio = (stdio[0], stdio[1], stdio[2])
        plan.process.terminal = process.terminal ? 1 : 0
        plan.process.rows = UInt16(truncatingIfNeeded: process.rows)
        plan.process.columns = UInt16(truncatingIfNeeded: process.columns)

        var pidfd: Int32 = -1
        supervised.clonedAt = birth_clock()
        let pid = birth_clone(&plan, &pidfd)
        let error = system_errno()
        close(channel[1])
        if pid > 0 {
            supervised.pid = pid
            supervised.pidfd = pidfd
            supervised.channel = channel[0]
        } else {
            close(channel[0])
        }
        set_errno(error)
        return pid > 0
    }
}
