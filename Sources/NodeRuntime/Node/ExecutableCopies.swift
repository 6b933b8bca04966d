import Glibc
import Linux

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
