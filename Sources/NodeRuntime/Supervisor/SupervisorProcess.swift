import Cgroups
import Glibc
import Linux

/// A supervisor that cannot be asked any more: found by the directory it stands in, killed by pidfd.
struct SupervisorProcess {
    let directory: String

    /// Kills the supervisor of `directory` and its logger, wherever they hang. Blocks for a moment.
    func kill(among cgroups: CgroupTree) throws {
        let place = resolved(directory)
        try Self.kill(among: cgroups) { $0 == place }
    }

    /// Kills the supervisors of all directories below `directory`, and their loggers.
    func killBelow(among cgroups: CgroupTree) throws {
        let place = resolved(directory) + "/"
        try Self.kill(among: cgroups) { $0.hasPrefix(place) }
    }

    private static func kill(among cgroups: CgroupTree, where isMeant: (_ place: String) -> Bool) throws {
        for pid in try cgroups.supervisorProcesses() {
            // The descriptor first: from then on the number cannot come to mean another process.
            guard let process = try? ProcessDescriptor(pid), let place = place(of: pid), isMeant(place) else {
                continue
            }
            try process.kill()
        }
    }

    /// Where a supervisor stands: its Pod's run directory, also after that was renamed or removed. Its logger is a fork
    /// of it and stands there too.
    private static func place(of pid: pid_t) -> String? {
        guard let place = link(at: "/proc/\(pid)/cwd") else { return nil }
        let removed = " (deleted)"
        return place.hasSuffix(removed) ? String(place.dropLast(removed.count)) : place
    }

    /// The directory as the kernel names it, without symbolic links on the way to it.
    private func resolved(_ directory: String) -> String {
        guard let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else { return directory }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard realpath(String(directory[..<slash]), &buffer) != nil else { return directory }
        return text(buffer) + String(directory[slash...])
    }

    private static func link(at path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        return readlink(path, &buffer, buffer.count - 1) > 0 ? text(buffer) : nil
    }
}

/// The C string in a buffer.
private func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
