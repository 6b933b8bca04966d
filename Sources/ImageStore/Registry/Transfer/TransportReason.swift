import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

extension Error {
    /// Why a request met no answer, as the end of a sentence for people.
    var transportReason: String {
        switch self {
        case let error as HTTPClientError: error.sentence
        case let error as NIOConnectionError: error.sentence
        // NIO's own words name its call and the number.
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOSSLError: "its certificate or protocol is not accepted (\(error))"
        default: "\(self)"
        }
    }
}

extension HTTPClientError {
    fileprivate var sentence: String {
        switch self {
        case .connectTimeout: "no connection comes about"
        case .readTimeout, .deadlineExceeded: "it does not answer in time"
        case .remoteConnectionClosed: "it closed the connection"
        default: "\(self)"
        }
    }
}

extension NIOConnectionError {
    fileprivate var sentence: String {
        if let error = dnsAError ?? dnsAAAAError, connectionErrors.isEmpty { return "its name is not known: \(error)" }
        return connectionErrors.first.map { $0.error.transportReason } ?? "no connection comes about"
    }
}
