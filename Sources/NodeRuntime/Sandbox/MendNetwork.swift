import Linux
import Logging
import Manifests
import PodModel
import PodNetwork

/// Putting the node's network right after others changed it: the bridge, its ports, links that are gone, and the packet
/// filter.
extension NodeRuntime {
    /// Looks at the network if the kernel told of something, or nobody looked yet, and mends it. What cannot be mended
    /// is logged and tried again at the next look at all Pods.
    func mendNetwork() async {
        let due = networkWatch.takeDue()
        do {
            if due.links { try await mendLinks() }
            if due.filter || due.doubtfulFilter { try await mendFilter(isChanged: due.filter) }
        } catch is CancellationError {
            networkWatch.setDue(due)
        } catch {
            networkWatch.setDue(due)
            log.error("network cannot be mended", metadata: ["error": "\(error)"])
        }
    }

    private func mendLinks() async throws {
        let standing = try await onOwnThread { [network] in try network.mend(host: NetlinkSocket()) }
        for repair in standing.repairs { log.warning("network mended", metadata: ["what": "\(repair)"]) }
        for record in records.all where record.expectsLink(in: bootID) {
            for repair in standing.repairs { tell(record, "\(repair)") }
            if !standing.linked.contains(record.uid.text) { try await linkAgain(record) }
        }
        try await publishAgain()
    }

    private func mendFilter(isChanged: Bool) async throws {
        guard let hostPorts else { return }
        try await onOwnThread { try hostPorts.write() }
        // Written on suspicion, most likely for nothing: nobody needs to know.
        guard isChanged else { return log.debug("packet filter written anew: more changed than the kernel could tell") }
        let repair = NetworkRepair.filterWritten
        log.warning("network mended", metadata: ["what": "\(repair)"])
        let owners = hostPorts.owners
        for record in records.all where owners.contains(record.uid) { tell(record, "\(repair)") }
    }

    /// A new link for a Pod whose own was deleted; the Pod runs on.
    private func linkAgain(_ record: PodRecord) async throws {
        guard let address = record.address.flatMap({ IPv4Address($0) }) else { return }
        do {
            let ends = try await connections.ask(record.uid) { try await $0.openNetwork() }
            // Without a supervisor its sandbox is made anew, link and all.
            guard let ends else { return }
            try await attach(ends, address, of: record.uid)
            let what = "the Pod's link was gone and was made anew"
            log.warning("network mended", metadata: ["what": "\(what)", "pod": "\(record.accepted.name)"])
            tell(record, what)
        } catch let error as SupervisorError {
            log.debug("link not made", metadata: ["pod": "\(record.accepted.name)", "error": "\(error)"])
        }
    }

    /// Has the history say why a Pod was out of reach for a moment.
    private func tell(_ record: PodRecord, _ what: String) {
        reports.tell(
            PodEvent(
                pod: record.accepted.name, uid: record.uid, container: nil, type: .warning, reason: "NetworkMended",
                message: what, at: .now()))
    }
}

extension PodRecord {
    /// Whether the Pod has a sandbox of this boot that is to stay, and so a link.
    func expectsLink(in boot: BootID) -> Bool {
        bootID == boot && sandbox != nil && address != nil && deletion == nil
            && accepted.pod.spec.namespaces.hostNetwork != true
    }
}
