import Foundation
import Glibc

/// A process of a test's node, as /proc shows it.
struct NodeProcess: Hashable, Sendable {
    /// Its number on the machine.
    let pid: pid_t
    /// Its name, at most 15 bytes of it.
    let name: String
    /// Its arguments.
    let arguments: [String]
    /// Whether it is the first process of its PID namespace: a container's own, not a child of it.
    let isFirstOfContainer: Bool

    /// Every process in a cgroup below `parent`, and every one that was started with a path below `base`.
    static func all(below parent: String, or base: String? = nil, besides holder: pid_t = 0) throws -> [NodeProcess] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.sorted().compactMap {
            pid in
            guard pid != holder, let process = NodeProcess(pid) else { return nil }
            let isOfNode = base.map { base in process.arguments.contains { $0.contains(base) } } ?? false
            return isOfNode || text("\(pid)/cgroup").contains("/\(parent)") ? process : nil
        }
    }

    /// A process that lives; nil for one that ended.
    private init?(_ pid: pid_t) {
        let status = Self.text("\(pid)/status").split(separator: "\n")
        func field(_ name: String) -> [Substring] {
            status.first { $0.hasPrefix("\(name):") }?.split(whereSeparator: \.isWhitespace).dropFirst().map { $0 }
                ?? []
        }
        guard let name = field("Name").first, field("State").first != "Z" else { return nil }
        self.pid = pid
        self.name = String(name)
        arguments = Self.text("\(pid)/cmdline").split(separator: "\0").map(String.init)
        let numbers = field("NSpid")
        isFirstOfContainer = numbers.count > 1 && numbers.last == "1"
    }

    /// Ends it as a crash would.
    func kill() { Glibc.kill(pid, SIGKILL) }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: "/proc/\(path)", encoding: .utf8)) ?? ""
    }
}

extension TestNode {
    /// The processes in this node's cgroups that bear a name.
    func processes(named name: String) throws -> [NodeProcess] {
        try NodeProcess.all(below: cgroupParent).filter { $0.name == name }
    }
}
