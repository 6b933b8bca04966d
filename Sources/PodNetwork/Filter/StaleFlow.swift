import Linux

/// What the node's own packet filter says of connections that are under way already.
extension TrackedFlow {
    /// Whether the flow goes elsewhere than a packet would that came now: the kernel decides with the first packet of a
    /// connection, and where one is nothing but packets between two ports, as in UDP, a client that goes on sending
    /// would for ever be answered by a Pod that is gone, or never by the one that came.
    ///
    /// - Parameters:
    ///   - port: a port of the node that was published, or is no longer.
    ///   - target: where it leads now; nil for nowhere.
    ///   - addresses: the node's own.
    func isStale(for port: NodePort, leadingTo target: PublishedPort?, addresses: Set<IPv4Address>) -> Bool {
        guard original.transport == port.transport.rawValue, original.destinationPort == port.number else {
            return false
        }
        let destination = IPv4Address(original.destination)
        let isLocal = addresses.contains(destination) || destination.bits >> 24 == 127
        guard isLocal, port.address == nil || port.address == destination else { return false }
        let answering = IPv4Address(reply.source)
        guard let target else { return answering != destination }
        return answering != target.target || reply.sourcePort != target.targetPort
    }
}
