/// A text in double quotes, as Kubernetes writes it into events.
func quoted(_ text: String) -> String {
    let inner = text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case "\n": "\\n"
        case "\t": "\\t"
        default:
            scalar.value < 0x20
                ? "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : "\(scalar)"
        }
    }
    return "\"\(inner.joined())\""
}

/// Host and port; an IPv6 address in brackets.
func authority(_ host: String, _ port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
}

extension Duration {
    /// As Kubernetes writes it into events: `1s`, `1m30s`.
    var inWords: String {
        let seconds = components.seconds
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}
