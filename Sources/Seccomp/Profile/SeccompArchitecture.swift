/// An instruction set, as profiles name it (libseccomp's `SCMP_ARCH_*`): those that the project runs on, and the 32-bit
/// ones that their kernels run too.
public enum SeccompArchitecture: String, Sendable, Hashable, CaseIterable {
    /// 64-bit Intel and AMD.
    case x86_64 = "SCMP_ARCH_X86_64"
    /// 32-bit Intel and AMD.
    case x86 = "SCMP_ARCH_X86"
    /// 32-bit pointers on 64-bit Intel and AMD.
    case x32 = "SCMP_ARCH_X32"
    /// 64-bit ARM.
    case aarch64 = "SCMP_ARCH_AARCH64"
    /// 32-bit ARM.
    case arm = "SCMP_ARCH_ARM"

    /// This machine's own.
    public static var native: SeccompArchitecture {
        #if arch(arm64)
        .aarch64
        #else
        .x86_64
        #endif
    }

    /// Docker's word for this machine.
    static var machine: String { native == .aarch64 ? "arm64" : "amd64" }

    /// Whether this machine's kernel runs programs of it.
    var isOfThisMachine: Bool { [.aarch64, .arm].contains(self) == (Self.native == .aarch64) }

    /// What other machines call theirs: left out, like those of another machine of ours.
    static let foreign: Set<String> = [
        "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
        "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390",
        "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64",
        "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
    ]
}
