/// Environment variables in order; one set again keeps its place and takes the new value.
struct Environment: Sendable, Hashable {
    private(set) var names: [String] = []
    private var values: [String: String] = [:]

    /// The value of a variable; nil when it is not set.
    subscript(name: String) -> String? { values[name] }

    /// Sets a variable.
    mutating func set(_ name: String, _ value: String) {
        if values.updateValue(value, forKey: name) == nil { names.append(name) }
    }

    /// Sets what `NAME=value` says; text without `=` sets nothing.
    mutating func set(_ assignment: String) {
        guard let equals = assignment.firstIndex(of: "=") else { return }
        set(String(assignment[..<equals]), String(assignment[assignment.index(after: equals)...]))
    }

    /// `NAME=value` each.
    var assignments: [String] { names.map { "\($0)=\(values[$0] ?? "")" } }

    /// The longest string that a program can be started with, in bytes (Linux: MAX_ARG_STRLEN).
    static let longestString = 128 << 10

    /// Replaces `$(NAME)` by the variable's value. `$$` is one `$`; what names no variable stays as it is (Kubernetes'
    /// expansion; there is no shell in it).
    ///
    /// Values that name each other grow without bounds. A text is cut off once it is too long for any program to be
    /// started with: the start then fails with the kernel's own words, and the agent's memory stays small.
    func expand(_ text: String) -> String {
        let input = Array(text.utf8)
        let (dollar, open, close) = (UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"))
        var output: [UInt8] = []
        var index = 0
        while index < input.count, output.count <= Self.longestString {
            guard input[index] == dollar, index + 1 < input.count else {
                output.append(input[index])
                index += 1
                continue
            }
            if input[index + 1] == dollar {
                output.append(dollar)
                index += 2
            } else if input[index + 1] == open, let end = input[(index + 2)...].firstIndex(of: close) {
                let name = String(decoding: input[(index + 2)..<end], as: UTF8.self)
                output += values[name].map { Array($0.utf8) } ?? Array(input[index...end])
                index = end + 1
            } else {
                output += input[index...(index + 1)]
                index += 2
            }
        }
        return String(decoding: output.prefix(Self.longestString + 1), as: UTF8.self)
    }
}
