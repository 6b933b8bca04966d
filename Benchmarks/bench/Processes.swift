import Foundation

/// What processes cost, as /proc and the control groups tell.
enum Processes {
    /// Proportional set size of a process in KiB; 0 when it is gone.
    static func proportionalSetSize(_ pid: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") } ?? ""
        return Int(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "") ?? 0
    }

    /// How often processes were switched to, in all their lives.
    static func switches(_ pids: [Int32]) -> Int {
        pids.reduce(0) { sum, pid in
            let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
            return sum
                + status.split(separator: "\n").filter { $0.contains("ctxt_switches") }
                .compactMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") }.reduce(0, +)
        }
    }

    /// Where the unified tree is mounted.
    static let unified =
        FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup"

    /// The processes of a cgroup and of all below it.
    static func below(_ cgroup: String) -> [Int32] {
        let root = "\(unified)/\(cgroup)"
        let groups = [root] + (FileManager.default.subpaths(atPath: root) ?? []).map { "\(root)/\($0)" }
        return groups.filter { FileManager.default.fileExists(atPath: "\($0)/cgroup.procs") }.flatMap { group in
            ((try? String(contentsOfFile: "\(group)/cgroup.procs", encoding: .utf8)) ?? "")
                .split(separator: "\n").compactMap { Int32($0) }
        }
    }

    /// Microseconds of processor time that a cgroup has used, children that ended included.
    static func processorTime(of cgroup: String) -> Double {
        let text = (try? String(contentsOfFile: "\(unified)/\(cgroup)/cpu.stat", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("usage_usec ") } ?? ""
        return Double(line.dropFirst("usage_usec ".count)) ?? .nan
    }

    /// How many TCP connections were accepted so far in the network namespaces of processes.
    static func acceptedConnections(_ pids: [Int32]) -> Int {
        pids.reduce(0) { sum, pid in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/net/snmp", encoding: .utf8)) ?? ""
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map { $0.split(separator: " ") }
            guard lines.count == 2, let column = lines[0].firstIndex(of: "PassiveOpens") else { return sum }
            return sum + (Int(lines[1][column]) ?? 0)
        }
    }

    /// KiB of kernel memory charged to a cgroup; nil where this kernel does not tell.
    static func kernelMemory(of cgroup: String) -> Int? {
        let legacy = "/sys/fs/cgroup/memory/\(cgroup)/memory.kmem.usage_in_bytes"
        if let text = try? String(contentsOfFile: legacy, encoding: .utf8) {
            return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { $0 / 1024 }
        }
        let text = (try? String(contentsOfFile: "\(unified)/\(cgroup)/memory.stat", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("kernel ") }
        return line.flatMap { Int($0.dropFirst("kernel ".count)) }.map { $0 / 1024 }
    }
}
