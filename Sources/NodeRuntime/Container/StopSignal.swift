/// The signal that asks a container to stop, as images name it.
enum StopSignal {
    /// SIGTERM, when the image names none (OCI image-spec).
    static let standard: Int32 = 15

    /// Reads `SIGTERM`, `TERM`, `15` or `SIGRTMIN+3`; nil for anything else.
    static func number(of text: String) -> Int32? {
        if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if name.hasPrefix("RTMIN") { return realTime(name.dropFirst(5), from: 34, sign: "+") }
        if name.hasPrefix("RTMAX") { return realTime(name.dropFirst(5), from: 64, sign: "-") }
        return names.firstIndex(of: others[name] ?? name).map { Int32($0 + 1) }
    }

    private static func realTime(_ offset: Substring, from base: Int32, sign: Character) -> Int32? {
        if offset.isEmpty { return base }
        guard offset.first == sign, let distance = Int32(offset.dropFirst()), (0...30).contains(distance) else {
            return nil
        }
        return sign == "+" ? base + distance : base - distance
    }

    /// Other names of the same signals.
    private static let others = ["CLD": "CHLD", "IOT": "ABRT", "POLL": "IO"]

    /// By number, from 1 (signal(7), x86 and arm).
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]
}
