import Glibc
import Linux
import Testing

@testable import NodeRuntime

@Suite("A supervisor is taken for gone only where nobody can be there")
struct SupervisorErrorTests {
    @Test(
        "what connect(2) says",
        arguments: [
            (ENOENT, "gone"), (ECONNREFUSED, "gone"), (EAGAIN, "silent"), (EMFILE, "unasked"), (ENFILE, "unasked"),
            (ENOBUFS, "unasked"), (ENOMEM, "unasked"), (EACCES, "unasked"),
        ])
    func connecting(code: Int32, meaning: String) {
        #expect(word(SupervisorError(connectingTo: "/run/pod", SystemError("connect", code: code))) == meaning)
    }

    @Test(
        "what sendmsg(2) and recvmsg(2) say",
        arguments: [
            (EPIPE, "gone"), (ECONNRESET, "gone"), (ETIMEDOUT, "silent"), (EMFILE, "unasked"), (ENOMEM, "unasked"),
            (ETOOMANYREFS, "unasked"),
        ])
    func talking(code: Int32, meaning: String) {
        let error = SupervisorError(
            endingConnectionTo: "/run/pod", SystemError("sendmsg", code: code), sendingFor: .seconds(3))
        #expect(word(error) == meaning)
    }

    private func word(_ error: SupervisorError) -> String {
        switch error {
        case .gone: "gone"
        case .silent: "silent"
        case .unasked: "unasked"
        default: "\(error)"
        }
    }
}
