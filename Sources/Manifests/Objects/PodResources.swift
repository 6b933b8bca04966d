// What a Pod as a whole may use and counts on: by its own `resources`, else by those of its containers
// (k8s.io/component-helpers/resource).

extension PodSpec {
    /// What the node sets aside for it: what it requests as a whole, and its overhead. Nothing said is 0.
    public var effectiveRequests: ResourceList {
        func amount(_ count: (ResourceList) -> Int?) -> Int {
            let requested = (resources?.requests).flatMap(count) ?? peak { count($0.requests) ?? 0 }
            return sum(requested, count(overhead) ?? 0)
        }
        return ResourceList(
            cpu: MilliCPU(amount { $0.cpu?.count }), memory: Bytes(amount { $0.memory?.count }),
            ephemeralStorage: Bytes(amount { $0.ephemeralStorage?.count }))
    }

    /// The most it may use as a whole, its overhead included: what its own limits say, else all containers' together where
    /// each has one. Nil for no bound; a limit of 0 is none.
    public var effectiveLimits: ResourceList {
        func amount(_ count: (ResourceList) -> Int?) -> Int? {
            let own = (resources?.limits).flatMap(count) ?? 0
            let isBounded = !containers.isEmpty && allContainers.allSatisfy { (count($0.resources.limits) ?? 0) > 0 }
            guard own > 0 || isBounded else { return nil }
            return sum(own > 0 ? own : peak { count($0.limits) ?? 0 }, count(overhead) ?? 0)
        }
        return ResourceList(
            cpu: amount { $0.cpu?.count }.map { MilliCPU($0) }, memory: amount { $0.memory?.count }.map { Bytes($0) })
    }

    /// The most that containers have of something together at any time: an init container runs beside the sidecars before
    /// it, the containers beside all of them.
    public func peak(of amount: (ResourceRequirements) -> Int) -> Int {
        var sidecars = 0
        var most = 0
        for container in initContainers {
            let together = sum(sidecars, amount(container.resources))
            most = max(most, together)
            if container.isSidecar { sidecars = together }
        }
        return max(most, containers.reduce(sidecars) { sum($0, amount($1.resources)) })
    }

    /// Fills in what the Pod as a whole requests where it says only what it may use: what its containers request
    /// together, else as much as it may use (`defaultPodRequests`).
    mutating func requestResources() {
        guard var whole = resources else { return }
        if whole.isEmpty {
            resources = nil
            return
        }
        let all = allContainers.map(\.resources.requests)
        let (cpu, memory) = (peak { $0.requests.cpu?.count ?? 0 }, peak { $0.requests.memory?.count ?? 0 })
        whole.requests.cpu =
            whole.requests.cpu ?? (all.contains { $0.cpu != nil } ? MilliCPU(cpu) : whole.limits.cpu)
        whole.requests.memory =
            whole.requests.memory ?? (all.contains { $0.memory != nil } ? shortest(memory) : whole.limits.memory)
        resources = whole
    }
}

extension PodSpec {
    /// Whether anything it keeps on the disk is bounded.
    public var hasDiskLimits: Bool {
        volumes.contains { $0.emptyDir?.diskLimit != nil }
            || allContainers.contains { $0.resources.limits.ephemeralStorage != nil }
    }
}

extension ResourceRequirements {
    /// Whether nothing is said.
    var isEmpty: Bool { limits.isEmpty && requests.isEmpty }
}

/// A sum that stays at the largest number.
private func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, isTooMuch) = left.addingReportingOverflow(right)
    return isTooMuch ? .max : sum
}

/// Bytes in the notation in which they are read again as they are written.
private func shortest(_ count: Int) -> Bytes {
    count % 1024 == 0 ? Bytes(count) : Bytes(Quantity(count)) ?? Bytes(count)
}
