import Glibc
import Linux

extension CgroupTree {
    /// Makes a Pod's cgroups, with what all its containers together get. Holds no process itself.
    ///
    /// - Parameter tier: where it is made; one that is there already, of whatever tier, stays where it is.
    /// - Returns: the controllers that the limits need and this machine lacks.
    @discardableResult
    public func makePod(
        _ uid: String, in tier: PodTier = .guaranteed,
        limits: ResourceLimits = ResourceLimits(processes: defaultPodPidsLimit)
    ) throws(CgroupError) -> Set<Controller> {
        let (name, place) = (try podName(uid), try place(ofPod: uid))
        let names = place ?? tier.names + [name]
        for hierarchy in hierarchies {
            let pod = try makePath(names, below: try openParent(in: hierarchy), in: hierarchy)
            try enableControllers(in: pod, of: hierarchy)
        }
        return try apply(limits, to: names, isContainer: false)
    }

    /// Makes the cgroups of one attempt to run a container (or of the Pod's `pause`), below the Pod's.
    ///
    /// - Parameter limits: what it gets; nil leaves it to the Pod's.
    /// - Returns: where its process goes.
    /// - Throws: `CgroupError.parentMissing` when the Pod has no cgroup.
    public func makeContainer(
        pod: String, id: String, limits: ResourceLimits? = nil
    ) throws(CgroupError) -> Placement {
        let (podNames, name) = (try names(ofPod: pod), try CgroupName(id).description)
        let path = podNames.joined(separator: "/")
        var placement = try placement { (parent, hierarchy) throws(CgroupError) in
            // A Pod made by an earlier release has no cgroup in a hierarchy that was not used then.
            let pod =
                hierarchy.kind == .unified
                ? try parent.child(path) : try makePath(podNames, below: parent, in: hierarchy)
            guard let pod else { throw .parentMissing(path: "\(parent.path)/\(path)") }
            return try pod.makeChild(name)
        }
        if let limits { placement.missing = try apply(limits, to: podNames + [name], isContainer: true) }
        return placement
    }

    /// Makes a cgroup for one exec below its container's, so that the exec and its children can be killed alone. In v1
    /// hierarchies the exec joins its container's own cgroup.
    public func makeExec(pod: String, container: String, id: String) throws(CgroupError) -> Placement {
        let containerNames = try names(ofPod: pod) + [try CgroupName(container).description]
        let (path, name) = (containerNames.joined(separator: "/"), try CgroupName(id).description)
        return try placement { (parent, hierarchy) throws(CgroupError) in
            guard let container = try parent.child(path) else {
                throw .parentMissing(path: "\(parent.path)/\(path)")
            }
            return hierarchy.kind == .unified ? try container.makeChild(name) : container
        }
    }

    /// The UIDs of Pods that have a cgroup.
    public func pods() throws(CgroupError) -> [String] {
        var pods: [String] = []
        for tier in PodTier.allCases { pods += try self.pods(in: tier) }
        return pods.sorted()
    }

    /// The UIDs of Pods that have a cgroup in a tier.
    public func pods(in tier: PodTier) throws(CgroupError) -> [String] {
        guard let directory = try open(tier.names, in: unified) else { return [] }
        return try directory.children().filter { $0.hasPrefix(podPrefix) }
            .map { String($0.dropFirst(podPrefix.count)) }.sorted()
    }

    /// The ids of a Pod's containers that have a cgroup; none when the Pod has none.
    public func containers(pod: String) throws(CgroupError) -> [String] {
        guard let pod = try open(try names(ofPod: pod), in: unified) else { return [] }
        return try pod.children().sorted()
    }

    /// The processes of a Pod, of all its containers and execs.
    public func processes(pod: String) throws(CgroupError) -> [pid_t] {
        guard let pod = try open(try names(ofPod: pod), in: unified) else { return [] }
        return try pod.allProcesses()
    }

    /// Kills every process of a Pod with SIGKILL, frozen ones and those being forked included. Does not wait for them
    /// to be gone.
    public func kill(pod: String) throws(CgroupError) { try killAll(in: try names(ofPod: pod)) }

    /// Kills every process of a container and of its execs.
    public func kill(pod: String, container: String) throws(CgroupError) {
        try killAll(in: try names(ofPod: pod) + [try CgroupName(container).description])
    }

    /// Kills every process of one exec.
    public func kill(pod: String, container: String, exec: String) throws(CgroupError) {
        let names = [try CgroupName(container).description, try CgroupName(exec).description]
        try killAll(in: try self.names(ofPod: pod) + names)
    }

    /// How many processes of a container the kernel killed because memory ran out, whether by the container's limit,
    /// the Pod's or the machine's. Lasts as long as the cgroup: read it before `removeContainer`.
    public func oomKills(pod: String, container: String) throws(CgroupError) -> UInt64 {
        let names = try names(ofPod: pod) + [try CgroupName(container).description]
        guard let hierarchy = hierarchy(of: .memory) else { return 0 }
        guard let directory = try open(names, in: hierarchy) else {
            throw .parentMissing(path: ([path(in: hierarchy)] + names).joined(separator: "/"))
        }
        let file = backend == .unified ? "memory.events.local" : "memory.oom_control"
        return value(of: "oom_kill", in: try directory.read(file)) ?? 0
    }

    /// Removes a container's cgroups, its execs' with them. Waits up to half a second for dying processes.
    ///
    /// - Throws: `CgroupError.busy` with the processes that hold it.
    public func removeContainer(pod: String, id: String) throws(CgroupError) {
        let (podNames, name) = (try names(ofPod: pod), try CgroupName(id).description)
        // The unified tree is the one that is listed: it goes last, so that a crash loses nothing.
        for hierarchy in hierarchies.reversed() {
            if let pod = try open(podNames, in: hierarchy) { try pod.removeTree(name) }
        }
    }

    /// Removes an exec's cgroup.
    public func removeExec(pod: String, container: String, id: String) throws(CgroupError) {
        let names = try names(ofPod: pod) + [try CgroupName(container).description]
        let name = try CgroupName(id).description
        if let container = try open(names, in: unified) { try container.removeTree(name) }
    }

    /// Removes a Pod's cgroups with everything below them. Waits up to half a second for dying processes.
    ///
    /// - Throws: `CgroupError.busy` with the processes that hold it.
    public func removePod(_ uid: String) throws(CgroupError) {
        let name = try podName(uid)
        // In every tier: others may have removed it where it is looked for first.
        for hierarchy in hierarchies.reversed() {
            let parent = try openParent(in: hierarchy)
            for tier in PodTier.allCases { try parent.removeTree((tier.names + [name]).joined(separator: "/")) }
        }
    }

    /// Opens the cgroup that `find` leads to in every hierarchy.
    func placement(
        _ find: (_ parent: borrowing CgroupDirectory, Hierarchy) throws(CgroupError) -> CgroupDirectory
    ) throws(CgroupError) -> Placement {
        let directory = try find(try openParent(in: unified), unified)
        var memory: Descriptor?
        var pids: Descriptor?
        var cpu: Descriptor?
        for hierarchy in hierarchies {
            guard let controller = hierarchy.legacyController else { continue }
            let file = try find(try openParent(in: hierarchy), hierarchy).openTasks()
            switch controller {
            case .memory: memory = consume file
            case .pids: pids = consume file
            case .cpu: cpu = consume file
            }
        }
        return Placement(unified: directory.intoDescriptor(), memory: memory, pids: pids, cpu: cpu)
    }

    /// The cgroup at a path below our parent in which a controller's files are; nil when there is none.
    func open(_ names: [String], of controller: Controller) throws(CgroupError) -> CgroupDirectory? {
        guard let hierarchy = hierarchy(of: controller) else { return nil }
        return try open(names, in: hierarchy)
    }

    /// The cgroup at a path below our parent; nil when it, or one on the way, is not there.
    func open(_ names: [String], in hierarchy: Hierarchy) throws(CgroupError) -> CgroupDirectory? {
        let parent = try openParent(in: hierarchy)
        if names.isEmpty { return parent }
        return try parent.child(names.joined(separator: "/"))
    }

    func killAll(in names: [String]) throws(CgroupError) {
        guard let directory = try open(names, in: unified) else { return }
        try directory.write("cgroup.kill", "1")
    }
}

/// As the kubelet names them; apart from `supervisors` by that.
private let podPrefix = "pod"

func podName(_ uid: String) throws(CgroupError) -> String { podPrefix + (try CgroupName(uid).description) }

/// The value of `key` in lines of `key value`.
func value(of key: String, in text: String) -> UInt64? {
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2, words[0] == key { return UInt64(words[1]) }
    }
    return nil
}
