import Linux
import NIOCore
import NIOPosix

/// Why a connection was not made, or not answered in time.
enum DialFailure: Error, Hashable {
    /// Nothing came in time.
    case timedOut
    /// The kernel's reason, in its words.
    case refused(String)
    /// The host's name means nothing here.
    case noSuchHost
    /// Anything else.
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as DialFailure: self = error
        case is TCPConnection.TimedOut, ChannelError.connectTimeout: self = .timedOut
        case let error as SystemError: self = .refused(error.reason.lowercased())
        case let error as IOError: self = .refused(SystemError("connect", code: error.errnoCode).reason.lowercased())
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self = DialFailure(first.error)
            } else {
                self = .noSuchHost
            }
        default: self = .other("\(error)")
        }
    }

    /// In the words that Kubernetes' events have for it.
    func words(_ host: String, _ port: UInt16) -> String {
        switch self {
        case .timedOut: "dial tcp \(authority(host, port)): i/o timeout"
        case .refused(let reason): "dial tcp \(authority(host, port)): connect: \(reason)"
        case .noSuchHost: "dial tcp: lookup \(host): no such host"
        case .other(let reason): "dial tcp \(authority(host, port)): \(reason)"
        }
    }
}
