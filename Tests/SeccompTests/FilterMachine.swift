@testable import Seccomp

/// What the kernel would answer: runs a filter as it does, for one call.
struct FilterMachine {
    /// One call, as the kernel shows it to filters (struct seccomp_data).
    struct Call {
        var number: UInt32
        var architecture: UInt32 = Self.native
        var arguments: [UInt64] = []

        /// AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64.
        static let native: UInt32 = SeccompArchitecture.native == .aarch64 ? 0xC000_00B7 : 0xC000_003E

        fileprivate func word(at offset: UInt32) -> UInt32 {
            switch offset {
            case 0: return number
            case 4: return architecture
            case 16..<64:
                let index = Int(offset - 16) / 8
                let value = index < arguments.count ? arguments[index] : 0
                return UInt32(truncatingIfNeeded: offset % 8 == 0 ? value : value >> 32)
            default: return 0
            }
        }
    }

    static let allow: UInt32 = 0x7fff_0000
    static func fail(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }

    let filter: SeccompFilter

    /// The answer, as SECCOMP_RET_*; nil when the program is none.
    func answer(to call: Call) -> UInt32? {
        var (at, accumulator) = (0, UInt32(0))
        while at < filter.instructionCount {
            let bytes = filter.program[(at * 8)..<(at * 8 + 8)]
            let start = bytes.startIndex
            let code = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
            let operand = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + 4 + $1]) << (8 * UInt32($1)) }
            func jump(_ holds: Bool) -> Int { Int(bytes[start + (holds ? 2 : 3)]) }
            at += 1
            switch code {
            case 0x20: accumulator = call.word(at: operand)
            case 0x54: accumulator &= operand
            case 0x05: at += Int(operand)
            case 0x15: at += jump(accumulator == operand)
            case 0x25: at += jump(accumulator > operand)
            case 0x35: at += jump(accumulator >= operand)
            case 0x45: at += jump(accumulator & operand != 0)
            case 0x06: return operand
            default: return nil
            }
        }
        return nil
    }
}
