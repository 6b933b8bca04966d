/// Calls that are newer than libseccomp.
///
/// Where what is not allowed fails, they fail with ENOSYS, as on a kernel that lacks them: C libraries then fall back to
/// older calls, and would not with EPERM. libseccomp cannot say this, so a few instructions stand before its own.
struct NewerCalls {
    private let newest: UInt32
    private let refusal: UInt32?

    /// - Parameters:
    ///   - newest: the newest call that libseccomp knows.
    ///   - action: what happens by default; where it is no failure, newer calls get no other treatment.
    init(after newest: UInt32, by action: SeccompAction) {
        self.newest = newest
        let noSuchCall: UInt32 = 38
        if case .fail = action { refusal = Self.fail | noSuchCall } else { refusal = nil }
    }

    // linux/seccomp.h, linux/bpf_common.h
    private static let fail: UInt32 = 0x0005_0000
    private static let allow: UInt32 = 0x7fff_0000
    private static let load: UInt16 = 0x20
    private static let jumpIfGreater: UInt16 = 0x25
    private static let jumpIfEqual: UInt16 = 0x15
    private static let answer: UInt16 = 0x06

    /// - Parameter numbers: the newer calls that are allowed.
    /// - Returns: instructions that end for every newer call, and fall through for the others.
    func program(allowing numbers: Set<UInt32>) -> [UInt8] {
        if refusal == nil, numbers.isEmpty { return [] }
        var rest: [UInt8] = []
        for number in numbers.sorted() {
            rest += instruction(Self.jumpIfEqual, number, then: 0, else: 1) + instruction(Self.answer, Self.allow)
        }
        if let refusal { rest += instruction(Self.answer, refusal) }
        return instruction(Self.load, 0) + instruction(Self.jumpIfGreater, newest, then: 0, else: UInt8(rest.count / 8))
            + rest
    }

    private func instruction(_ code: UInt16, _ operand: UInt32, then: UInt8 = 0, else other: UInt8 = 0) -> [UInt8] {
        withUnsafeBytes(of: code) { Array($0) } + [then, other] + withUnsafeBytes(of: operand) { Array($0) }
    }
}
