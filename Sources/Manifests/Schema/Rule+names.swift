// The names Kubernetes allows, and its words for those it does not
// (k8s.io/apimachinery/pkg/util/validation, k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == String {
    /// A label of DNS, at most 63 bytes: containers, namespaces, host names.
    static var dnsLabel: Rule { .names { Names.dnsLabel($0) } }

    /// Labels with dots between them, at most 253 bytes: Pods, nodes.
    static var dnsSubdomain: Rule { .names { Names.dnsSubdomain($0) } }

    /// The name of a port, at most 15 bytes (`IsValidPortName`).
    static var portName: Rule { .names { Names.port($0) } }

    /// The name of an environment variable (`IsRelaxedEnvVarName`, the rule since v1.34).
    static var environmentName: Rule {
        .names { name in
            let isAllowed = name.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
            return isAllowed
                ? []
                : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
        }
    }

    /// An image reference without blanks around it.
    static var untrimmed: Rule {
        .names { text in
            let isBlank = { (character: Character?) in character?.isWhitespace ?? false }
            return isBlank(text.first) || isBlank(text.last) ? ["must not have leading or trailing whitespace"] : []
        }
    }

    private static func names(_ complaints: @escaping @Sendable (String) -> [String]) -> Rule {
        .value(shownAs: { $0.quoted }, complaints)
    }
}

extension Rule where Value == [String: String] {
    /// Keys are qualified names, values at most 63 bytes of letters, digits, `-`, `_`, `.` (`ValidateLabels`).
    static var labels: Rule {
        Rule { labels in
            labels.sorted { $0.key < $1.key }.flatMap { key, value in
                keyViolations(key, checked: key)
                    + Names.labelValue(value).map {
                        Violation(message: "Invalid value: \(value.quoted): \($0)", place: [.key(key)])
                    }
            }
        }
    }

    /// Keys are qualified names, whatever their case; all together at most 256 KiB (`ValidateAnnotations`).
    static var annotations: Rule {
        Rule { annotations in
            let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            return annotations.keys.sorted().flatMap { keyViolations($0, checked: $0.lowercased()) }
                + (size > 262_144 ? [Violation(message: "Too long: may not be more than 262144 bytes")] : [])
        }
    }

    private static func keyViolations(_ key: String, checked: String) -> [Violation] {
        Names.qualified(checked).map { Violation(message: "Invalid value: \(key.quoted): \($0)", place: [.key(key)]) }
    }
}

/// What is wrong with a name; nothing for a good one.
enum Names {
    static func dnsLabel(_ name: String) -> [String] {
        tooLong(name, 63)
            + (isDNSLabel(name[...])
                ? []
                : [
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                        + "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
                        + "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                ])
    }

    static func dnsSubdomain(_ name: String) -> [String] {
        tooLong(name, 253)
            + (name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isDNSLabel)
                ? []
                : [
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                        + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
                        + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                ])
    }

    static func port(_ name: String) -> [String] {
        let bytes = Array(name.utf8)
        var complaints = tooLong(name, 15)
        if !bytes.allSatisfy({ isLowerOrDigit($0) || $0 == dash }) {
            complaints.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !bytes.contains(where: { isLowerOrDigit($0) && !isDigit($0) }) {
            complaints.append("must contain at least one letter (a-z)")
        }
        if zip(bytes, bytes.dropFirst()).contains(where: { $0 == dash && $1 == dash }) {
            complaints.append("must not contain consecutive hyphens")
        }
        if bytes.first == dash || bytes.last == dash {
            complaints.append("must not begin or end with a hyphen")
        }
        return complaints
    }

    /// The name of a piece of configuration (`IsConfigMapKey`).
    static func configKey(_ key: String) -> [String] {
        var complaints = tooLong(key, 253)
        if key.isEmpty || !key.utf8.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) }) {
            complaints.append(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
                    + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
        }
        if key == "." {
            complaints.append("must not be '.'")
        } else if key == ".." {
            complaints.append("must not be '..'")
        } else if key.hasPrefix("..") {
            complaints.append("must not start with '..'")
        }
        return complaints
    }

    static func labelValue(_ value: String) -> [String] {
        tooLong(value, 63)
            + (value.isEmpty || isLabelText(value)
                ? []
                : [
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                        + "must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
                        + "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                ])
    }

    /// `name`, or `prefix/name` (`IsQualifiedName`).
    static func qualified(_ key: String) -> [String] {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let rule =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
        guard parts.count <= 2, let name = parts.last else {
            return [
                "a qualified name \(rule) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        var complaints: [String] = []
        if parts.count == 2, let prefix = parts.first {
            complaints +=
                prefix.isEmpty
                ? ["prefix part must be non-empty"] : dnsSubdomain(prefix).map { "prefix part \($0)" }
        }
        complaints += name.isEmpty ? ["name part must be non-empty"] : tooLong(name, 63).map { "name part \($0)" }
        return isLabelText(name) ? complaints : complaints + ["name part \(rule)"]
    }

    private static let dash = UInt8(ascii: "-")

    private static func tooLong(_ text: String, _ most: Int) -> [String] {
        text.utf8.count > most ? ["must be no more than \(most) bytes"] : []
    }

    private static func isDNSLabel(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last)
            && text.utf8.allSatisfy { isLowerOrDigit($0) || $0 == dash }
    }

    private static func isLabelText(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
