import Glibc

/// Whether the kernel is new enough. What it has is tried by `ThrowawayNode`; this says what its version promises.
enum KernelCheck {
    /// cgroup.kill; every other call used is older.
    private static let oldest = (major: 5, minor: 14)

    static func findings() -> [Finding] {
        var name = utsname()
        guard uname(&name) == 0 else { return [] }
        return [version(withUnsafeBytes(of: &name.release) { text(in: $0) })]
    }

    static func version(_ release: String) -> Finding {
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) < oldest else { return .ok("kernel", "Linux \(release)") }
        return .problem(
            "kernel", "Linux \(release) is older than \(oldest.major).\(oldest.minor): Pods cannot be ended as a whole",
            remedy: "install a newer kernel")
    }

    private static func text(in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
