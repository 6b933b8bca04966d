import Glibc
import Linux

extension PortListener {
    /// The first program of the node that one of these ports would be taken from; nil for none. Looks at the calling
    /// thread's network namespace.
    public static func first(hiddenBy ports: [NodePort]) -> (port: NodePort, listener: PortListener)? {
        for port in ports {
            let found = (try? asked(about: port)) ?? listed(port.transport)
            if let listener = found.first(where: { $0.isHidden(by: port) }) { return (port, listener) }
        }
        return nil
    }

    /// Asks the kernel about one port.
    private static func asked(about port: NodePort) throws(NetlinkError) -> [PortListener] {
        let socket = try NetlinkSocket.diagnostics()
        func sockets(_ family: Int32) throws(NetlinkError) -> [WaitingSocket] {
            try socket.waitingSockets(at: port.number, transport: port.transport.rawValue, family: family)
        }
        // A kernel without IPv6 has no sockets of it.
        return (try sockets(AF_INET) + ((try? sockets(AF_INET6)) ?? [])).compactMap { waiting in
            waiting.ofIPv4.map { PortListener(port.transport, port.number, at: $0.bits == 0 ? nil : $0) }
        }
    }

    /// What a kernel that cannot be asked lists; slow, for it looks through every connection.
    private static func listed(_ transport: PortTransport) -> [PortListener] {
        let name = transport.name.lowercased()
        return [name, name + "6"].flatMap { name -> [PortListener] in
            guard let file = try? Descriptor.open("/proc/thread-self/net/\(name)"), let bytes = try? file.readToEnd()
            else { return [] }
            return read(transport, list: String(decoding: bytes, as: UTF8.self))
        }
    }
}

extension WaitingSocket {
    /// The address of IPv4 it waits at, zero for every one; nil for none.
    fileprivate var ofIPv4: IPv4Address? {
        if address.count == 4 { return IPv4Address(address) }
        if address.allSatisfy({ $0 == 0 }) { return isIPv6Only ? nil : IPv4Address(bits: 0) }
        // ::ffff:a.b.c.d
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        return address.starts(with: mapped) ? IPv4Address(Array(address.suffix(4))) : nil
    }
}
