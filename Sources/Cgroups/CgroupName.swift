/// One component of a cgroup's path, checked: a name can neither leave its parent nor be taken for a control file.
public struct CgroupName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands in the file system.
    public let description: String

    /// - Parameter text: 1 to 128 letters, digits, '-' and '_'. A dot is refused: control files have one.
    public init(_ text: String) throws(CgroupError) {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isPlain) else { throw .invalidName(text) }
        description = text
    }
}

/// Where a parent cgroup lies below the root of each hierarchy, such as `reconcile-agent` or `kube.slice/agent-1`.
public struct CgroupPath: Hashable, Sendable, CustomStringConvertible {
    /// The names from the root down; at least one.
    public let components: [String]

    /// - Parameter text: names of letters, digits, '-', '_', '.' and '@' with single slashes between them; none is
    ///   `.` or `..`.
    public init(_ text: String) throws(CgroupError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let areNames = parts.allSatisfy { part in
            (1...128).contains(part.utf8.count) && part != "." && part != ".." && !part.hasPrefix("cgroup.")
                && part.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "@") }
        }
        guard areNames, parts.count <= 16 else { throw .invalidParent(text) }
        components = parts
    }

    /// The path with slashes.
    public var description: String { components.joined(separator: "/") }
}

private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
}
