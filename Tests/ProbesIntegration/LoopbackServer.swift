import Dispatch
import Glibc
import Synchronization

/// A server on loopback that answers each connection with what a test says, byte for byte.
final class LoopbackServer: Sendable {
    /// What to do with a connection.
    enum Reply: Sendable {
        /// Read the request, send these bytes, close.
        case text(String)
        /// Read the request and say nothing until the peer leaves.
        case silence
        /// Read the request and reset the connection.
        case reset
        /// Read the request, send these bytes, and say no more until the peer leaves.
        case stalled(String)
    }

    let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[String]>([])

    /// - Parameter reply: what to do with a connection whose request is given; nil text if the server never reads.
    init(_ reply: @escaping @Sendable (String) -> Reply) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        precondition(bound, "a test must be able to listen on loopback")
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        DispatchQueue(label: "loopback server").async { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    close(listener)
                    return
                }
                DispatchQueue.global().async { self.serve(connection, reply) }
            }
        }
    }

    /// The requests so far.
    var requests: [String] { seen.withLock { $0 } }

    /// Listens no more. Whoever accepts closes: a number that is free at once would soon be another server's, whose
    /// connections this one would take.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32, _ reply: @Sendable (String) -> Reply) {
        defer { close(connection) }
        var request = ""
        while !request.contains("\r\n\r\n") {
            guard let more = receive(connection) else { break }
            request += more
        }
        if !request.isEmpty { seen.withLock { $0.append(request) } }
        switch reply(request) {
        case .text(let text): transmit(text, connection)
        case .reset:
            var atOnce = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
        case .silence: while receive(connection) != nil {}
        case .stalled(let text):
            transmit(text, connection)
            while receive(connection) != nil {}
        }
    }

    private func receive(_ connection: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private func transmit(_ text: String, _ connection: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent <= 0 { return }
            rest = rest.dropFirst(sent)
        }
    }
}

/// A whole answer.
func answer(_ status: String, _ headers: [String] = [], body: String = "") -> LoopbackServer.Reply {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return .text(lines.map { $0 + "\r\n" }.joined() + "\r\n" + body)
}
