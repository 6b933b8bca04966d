import Glibc
import Linux
import Logging

/// Copies of the programs that every Pod has one of: an upgrade may replace the originals while Pods run, and a
/// container that reaches its supervisor's program file must not reach the next one's (CVE-2019-5736).
extension NodeConfiguration.Executables {
    /// Copies both into `<directory>/bin/<fingerprint>`, where the same content was not copied before.
    ///
    /// - Parameter directories: the first one whose file system may hold programs is taken: /run is often `noexec`.
    /// - Returns: the copies.
    func copied(below directories: [String]) throws(SystemError) -> NodeConfiguration.Executables {
        let programs = [
            (name: "pod-supervisor", bytes: try Descriptor.open(supervisor).readToEnd()),
            (name: "pause", bytes: try Descriptor.open(pause).readToEnd()),
        ]
        let content = programs.reduce(into: Fingerprint()) { $0.take($1.bytes) }
        let base = directories.first(where: mayExecute) ?? directories[0]
        let directory = "\(base)/bin/\(content.text)"
        try makeDirectory(directory)
        for program in programs {
            let path = "\(directory)/\(program.name)"
            if access(path, X_OK) != 0 {
                try replaceFile(program.name, in: directory, with: program.bytes, mode: 0o500)
            }
            // A Pod with users of its own has its pause run by one of them; the directory above stays closed to others.
            if program.name == "pause" { try retrying("chmod", path) { chmod(path, 0o555) } }
        }
        return NodeConfiguration.Executables(
            supervisor: "\(directory)/pod-supervisor", pause: "\(directory)/pause")
    }
}

extension NodeConfiguration.Executables {
    /// Removes the copies that an earlier release made and that no process runs from any more. Blocks; what cannot be
    /// removed is only told.
    func removeEarlier(_ log: Logger) {
        let own = supervisor.split(separator: "/").dropLast().map(String.init)
        guard let fingerprint = own.last else { return }
        let base = "/" + own.dropLast().joined(separator: "/")
        do throws(SystemError) {
            let earlier = try names(in: base).filter { $0 != fingerprint && isDirectory("\(base)/\($0)") }
            if earlier.isEmpty { return }
            let inUse = try ProgramFile.inUse()
            for name in earlier {
                let directory = "\(base)/\(name)"
                let files = try names(in: directory).map { "\(directory)/\($0)" }
                if files.contains(where: { ProgramFile($0).map(inUse.contains) ?? true }) { continue }
                for file in files { try retrying("unlink", file) { unlink(file) } }
                try retrying("rmdir", directory) { rmdir(directory) }
            }
        } catch {
            log.warning("programs of an earlier release stay", metadata: ["directory": "\(base)", "error": "\(error)"])
        }
    }
}

/// The file a process runs from, whatever it is called and whichever mount it is seen through.
private struct ProgramFile: Hashable {
    private let device: dev_t
    private let inode: ino_t

    /// What a path leads to; nil when it leads nowhere.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (status.st_dev, status.st_ino)
    }

    /// Those of all processes of this machine.
    static func inUse() throws(SystemError) -> Set<ProgramFile> {
        Set(try names(in: "/proc").filter { Int32($0) != nil }.compactMap { ProgramFile("/proc/\($0)/exe") })
    }
}

private func mayExecute(_ directory: String) -> Bool {
    var status = statvfs()
    return statvfs(directory, &status) == 0 && status.f_flag & 8 == 0  // ST_NOEXEC
}

/// FNV-1a, 64 bits: tells one release's programs from another's; nobody is to be kept from forging it.
private struct Fingerprint {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func take(_ bytes: [UInt8]) { for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }

    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
