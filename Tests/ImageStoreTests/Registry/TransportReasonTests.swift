import AsyncHTTPClient
import Glibc
import NIOCore
import Testing

@testable import ImageStore

@Suite("Why a registry did not answer")
struct TransportReasonTests {
    @Test("it is said in the system's words, without those of the library")
    func words() {
        let refused = IOError(errnoCode: ECONNREFUSED, reason: "connection reset (error set)")

        #expect(refused.transportReason == "Connection refused")
        #expect(HTTPClientError.remoteConnectionClosed.transportReason == "it closed the connection")
        #expect(HTTPClientError.readTimeout.transportReason == "it does not answer in time")
    }
}
