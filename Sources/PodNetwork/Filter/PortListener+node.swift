import Linux

extension PortListener {
    /// The first program of the node that one of these ports would be taken from; nil for none. Looks at the calling
    /// thread's network namespace.
    public static func first(hiddenBy ports: [NodePort]) -> (port: NodePort, listener: PortListener)? {
        for transport in PortTransport.allCases {
            let concerned = ports.filter { $0.transport == transport }
            if concerned.isEmpty { continue }
            let name = transport.name.lowercased()
            let listeners = [name, name + "6"].flatMap { read(transport, list: list($0)) }
            for port in concerned {
                if let listener = listeners.first(where: { $0.isHidden(by: port) }) { return (port, listener) }
            }
        }
        return nil
    }

    /// Empty where the kernel has none, as without IPv6.
    private static func list(_ name: String) -> String {
        guard let file = try? Descriptor.open("/proc/thread-self/net/\(name)"), let bytes = try? file.readToEnd() else {
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
