extension Duration {
    /// `42ms`, `1.5s`, `2m3.25s`, `1h0m0s`: as Go prints durations, which the kubelet's messages carry; cut to milliseconds.
    var goWords: String {
        let milliseconds = max(0, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
        if milliseconds == 0 { return "0s" }
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        let seconds = "\(rest / 1000)\(Self.fraction(rest % 1000))s"
        if minutes == 0 { return seconds }
        return minutes < 60 ? "\(minutes)m\(seconds)" : "\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func fraction(_ milliseconds: Int64) -> String {
        if milliseconds == 0 { return "" }
        var digits = String(String(1000 + milliseconds).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }
}
