import CLinux
import Glibc
import Synchronization

/// A routing or netfilter socket of one network namespace: the one it was created in, whoever holds it now.
///
/// Calls are synchronous: the kernel carries out a request inside the call that sends it, and its answer lies ready
/// when that call returns, so nothing here ever waits for anything but the kernel's own locks.
public struct NetlinkSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor
    /// The last sequence number given out; held for the length of one exchange, so that answers cannot mix.
    private let sequence = Mutex<UInt32>(0)

    /// Opens a socket in the calling thread's network namespace.
    public init() throws(NetlinkError) {
        let raw: Int32
        do { raw = try retrying("socket(NETLINK_ROUTE)") { clinux_netlink_route() } } catch { throw .system(error) }
        try self.init(adopting: Descriptor(owning: raw))
    }

    /// A socket for nf_tables and connection tracking, in the calling thread's network namespace, with a port of its own.
    public static func netfilter() throws(NetlinkError) -> NetlinkSocket {
        let raw: Int32
        do { raw = try retrying("socket(NETLINK_NETFILTER)") { clinux_netlink_netfilter() } } catch {
            throw .system(error)
        }
        return try NetlinkSocket(adopting: Descriptor(owning: raw))
    }

    /// Takes over a socket that somebody else created, inside whatever network namespace.
    public init(adopting descriptor: consuming Descriptor) throws(NetlinkError) {
        let raw = descriptor.raw
        self.descriptor = descriptor
        // Explanations in refusals; refusals without the request's echo; dumps filtered by the kernel (Linux 4.20).
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] {
            do { try retrying("setsockopt(SOL_NETLINK)") { clinux_netlink_enable(raw, option) } } catch {
                throw .system(error)
            }
        }
    }

    /// Carries out one request.
    ///
    /// - Throws: `NetlinkError.refused` with the kernel's explanation.
    public borrowing func request(_ request: NetlinkRequest) throws(NetlinkError) { try self.request([request]) }

    /// Carries out several requests, in order, with one system call that no signal can cut in two.
    ///
    /// - Throws: the first refusal. The kernel goes on after a refused request, so the ones behind it were tried too.
    public borrowing func request(_ requests: [NetlinkRequest]) throws(NetlinkError) { _ = try exchange(requests) }

    /// Asks one question: all objects of a dump, or the one object of a plain request.
    public borrowing func query(_ request: NetlinkRequest) throws(NetlinkError) -> [NetlinkMessage] {
        // The kernel flags a dump during which the list changed; the reader is to ask again.
        for _ in 0..<8 {
            let messages = try exchange([request])
            if !messages.contains(where: { $0.flags & NLM_F_DUMP_INTR != 0 }) { return messages }
        }
        throw .unanswered(purpose: request.purpose)
    }

    /// The port by which the kernel tells others who asked; 0 for a socket that has sent nothing yet.
    public var port: UInt32 { clinux_netlink_port(descriptor.raw) }

    /// Carries out nf_tables requests as one transaction: all of them, at one instant, or none.
    ///
    /// - Throws: the first refusal.
    public borrowing func transact(_ requests: [NetlinkRequest]) throws(NetlinkError) {
        guard let last = requests.last else { return }
        let raw = descriptor.raw
        try sequence.withLock { (counter) throws(NetlinkError) -> Void in
            let first = counter &+ 1
            counter = counter &+ UInt32(requests.count) &+ 2
            do {
                guard try settle(raw, requests, first: first) else {
                    throw NetlinkError.unanswered(purpose: last.purpose)
                }
            } catch let error as SystemError { throw .system(error) } catch let error as NetlinkError {
                throw error
            } catch { throw .malformed("\(error)") }
        }
    }

    private borrowing func exchange(_ requests: [NetlinkRequest]) throws(NetlinkError) -> [NetlinkMessage] {
        let raw = descriptor.raw
        return try sequence.withLock { (last) throws(NetlinkError) -> [NetlinkMessage] in
            let first = last &+ 1
            last = last &+ UInt32(requests.count)
            do { return try converse(raw, requests, first: first) } catch let error as SystemError {
                throw .system(error)
            } catch let error as NetlinkError { throw error } catch { throw .malformed("\(error)") }
        }
    }
}

/// Sends all requests in one datagram and gathers answers until the last one is settled.
private func converse(_ socket: Int32, _ requests: [NetlinkRequest], first: UInt32) throws -> [NetlinkMessage] {
    var datagram: [UInt8] = []
    for (offset, request) in requests.enumerated() {
        datagram += request.encoded(sequence: first &+ UInt32(offset))
    }
    try retrying("send(netlink)") { datagram.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) } }

    var objects: [NetlinkMessage] = []
    var failure: NetlinkError?
    var settled = 0
    while settled < requests.count {
        for message in try NetlinkMessage.parse(try receive(socket, for: requests[settled].purpose)) {
            let index = Int(message.sequence &- first)
            // An answer to an earlier, abandoned question.
            guard index < requests.count else { continue }
            switch try message.meaning() {
            case .object: objects.append(message)
            case .acknowledged, .done: settled += 1
            case .refused(let code, let explanation):
                settled += 1
                let purpose = requests[index].purpose
                failure = failure ?? .refused(purpose: purpose, code: code, explanation: explanation)
            case .nothing: break
            }
        }
    }
    if let failure { throw failure }
    return objects
}

/// Sends all requests in one datagram, as a transaction, and reads what the kernel has to say of it: it has carried it out
/// when the call that sends returns.
///
/// - Returns: whether the last request was acknowledged; the others are not asked to be.
private func settle(_ socket: Int32, _ requests: [NetlinkRequest], first: UInt32) throws -> Bool {
    var datagram = NetlinkRequest.transactionBegins.encoded(sequence: first, isAcknowledged: false)
    for (offset, request) in requests.enumerated() {
        datagram += request.encoded(
            sequence: first &+ 1 &+ UInt32(offset), isAcknowledged: offset == requests.count - 1)
    }
    datagram += NetlinkRequest.transactionEnds.encoded(
        sequence: first &+ 1 &+ UInt32(requests.count), isAcknowledged: false)
    try retrying("send(netlink)") { datagram.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) } }

    var isAcknowledged = false
    var failure: NetlinkError?
    while let answer = try receiveIfThere(socket) {
        for message in try NetlinkMessage.parse(answer) {
            let index = Int(message.sequence &- first) - 1
            // An answer to an earlier, abandoned question.
            guard index >= -1, index <= requests.count else { continue }
            switch try message.meaning() {
            case .acknowledged: isAcknowledged = true
            case .refused(let code, let explanation):
                // What is refused as a whole is refused in the name of what opens it.
                let purpose = requests[min(max(index, 0), requests.count - 1)].purpose
                failure = failure ?? .refused(purpose: purpose, code: code, explanation: explanation)
            case .done, .object, .nothing: break
            }
        }
    }
    if let failure { throw failure }
    return isAcknowledged
}

private func receive(_ socket: Int32, for purpose: String) throws -> ArraySlice<UInt8> {
    guard let answer = try receiveIfThere(socket) else { throw NetlinkError.unanswered(purpose: purpose) }
    return answer
}

private func receiveIfThere(_ socket: Int32) throws -> ArraySlice<UInt8>? {
    // The kernel fills at most 32 KiB per read of a dump (netlink_dump).
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC)
    do {
        let count = try retrying("recv(netlink)") {
            buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, flags) }
        }
        guard count <= buffer.count else { throw NetlinkError.malformed("a message of \(count) bytes") }
        return buffer.prefix(count)
    } catch let error as SystemError where error.code == EAGAIN {
        return nil
    }
}
