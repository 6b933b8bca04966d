import Glibc
import Linux
import Logging
import Manifests
import PodModel
import PodNetwork

/// Leading ports of the node to Pods, and Pods to the world beyond the node.
extension NodeRuntime {
    /// Refuses ports that a program of the node waits at, as container engines do: the packets would pass it by, and
    /// whoever can push could so cut off the node's own services.
    static func requireFree(_ ports: [PublishedPort]) throws {
        guard let taken = PortListener.first(hiddenBy: ports.map(\.port)) else { return }
        let place = taken.listener.address.map { "\($0):\(taken.listener.number)" } ?? "port \(taken.listener.number)"
        throw ActionFailure(
            reason: "FailedCreatePodSandBox",
            message: "hostPort \(taken.port) is in use: a program of the node listens at \(place); end it, or choose "
                + "another hostPort")
    }

    /// Publishes a Pod's ports once it has its link.
    func publish(_ ports: [PublishedPort], of uid: PodUID) async throws {
        guard let hostPorts else {
            throw ActionFailure(
                reason: "FailedCreatePodSandBox",
                message:
                    "hostPort needs nf_tables, which this kernel does not have: \(PacketFilter.remedy), or boot another; "
                    + "then start the agent anew")
        }
        try await onOwnThread { [network] in
            try network.letLoopbackReachPods()
            try network.letReachItself(podKey: uid.text, host: NetlinkSocket())
            try hostPorts.publish(ports, of: uid)
        }
    }

    /// Renews what a bridge or a link that was made anew has lost of it.
    func publishAgain() async throws {
        let owners = hostPorts?.owners ?? []
        if owners.isEmpty { return }
        try await onOwnThread { [network] in
            try network.letLoopbackReachPods()
            let host = try NetlinkSocket()
            for uid in owners { try network.letReachItself(podKey: uid.text, host: host) }
        }
    }

    /// Opens the packet filter, with the ports of all Pods that live; nil, and told, where the kernel has none: Pods
    /// without ports of the node run all the same. Blocks.
    static func makeHostPorts(
        _ filter: PacketFilter, of records: [PodRecord], in paths: NodePaths, _ boot: BootID, _ watch: NetworkWatch,
        log: Logger
    ) -> HostPorts? {
        do {
            let ports = try HostPorts(filter, log: log)
            // Who has ended gives way where two claim one port.
            for record in records.sorted(by: { ($0.finalPhase != nil ? 0 : 1) < ($1.finalPhase != nil ? 0 : 1) })
            where isDirectory(paths.run(of: record.uid)) {
                ports.note(record.publishedPorts(in: boot), of: record.uid)
            }
            do { try ports.write() } catch  where !error.isForGood {
                log.error("packet filter not written; tried again", metadata: ["error": "\(error)"])
                watch.setDue(.init(doubtfulFilter: true))
            }
            return ports
        } catch {
            log.warning(
                "no packet filter: hostPort cannot be had, and pods go beyond the node by their own addresses",
                metadata: ["error": "\(error)", "remedy": "\(PacketFilter.remedy)"])
            return nil
        }
    }

    /// Has the node pass on what goes between Pods and the world. Blocks.
    static func prepareForwarding(_ isWanted: Bool, log: Logger) {
        if Forwarding.isOn() == true { return }
        guard isWanted else {
            return log.info("net.ipv4.ip_forward is off and left so: pods reach nothing beyond the node")
        }
        do {
            try Forwarding.turnOn()
            log.warning("net.ipv4.ip_forward was off and was turned on, for pods to reach beyond the node")
        } catch {
            log.warning(
                "net.ipv4.ip_forward cannot be turned on: pods reach nothing beyond the node",
                metadata: ["error": "\(error)"])
        }
    }
}

extension PodNetworkError {
    /// Whether the kernel lacks what it would take.
    fileprivate var isForGood: Bool {
        guard case .kernel(_, let error) = self, let code = error.code else { return false }
        return [EPROTONOSUPPORT, EAFNOSUPPORT, EOPNOTSUPP, ENOENT, EINVAL, EPERM].contains(code)
    }
}
