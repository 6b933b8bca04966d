import Glibc

/// The socket of the service manager that started this process and wants to hear how it is: the protocol of sd_notify(3),
/// one datagram per message to what `$NOTIFY_SOCKET` names.
public struct NotifySocket: Hashable, Sendable {
    /// What can be told.
    public enum Message: Hashable, Sendable {
        /// The service does what it was started for.
        case ready
        /// The service is about to end.
        case stopping
        /// One line for whoever asks how the service is.
        case status(String)
        /// The service is not stuck.
        case alive

        fileprivate var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .status(let text): "STATUS=\(text.split(separator: "\n").joined(separator: " "))"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    private let socket: String

    /// - Parameter socket: the value of `$NOTIFY_SOCKET`: a path, or `@` and an abstract name.
    /// - Returns: nil when there is nobody to tell.
    public init?(socket: String?) {
        guard let socket, socket.hasPrefix("/") || socket.hasPrefix("@") else { return nil }
        self.socket = socket
    }

    /// Tells, without waiting.
    ///
    /// - Throws: `SystemError`, also when the manager's queue is full (EAGAIN).
    public func tell(_ messages: Message...) throws(SystemError) {
        let datagram = Array(messages.map(\.line).joined(separator: "\n").utf8)
        let descriptor = Descriptor(
            owning: try retrying("socket", socket) {
                Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        var (address, length) = try address()
        let raw = descriptor.raw
        try retrying("sendto", socket) {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(
                        raw, datagram, datagram.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), $0, length)
                }
            }
        }
    }

    private func address() throws(SystemError) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with a zero byte, and its length is all that ends it.
        let isAbstract = socket.hasPrefix("@")
        let name = Array(isAbstract ? "\0\(socket.dropFirst())".utf8 : "\(socket)\0".utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count <= room else { throw SystemError("sendto", socket, code: ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        return (address, socklen_t(MemoryLayout<sa_family_t>.size + name.count))
    }
}
