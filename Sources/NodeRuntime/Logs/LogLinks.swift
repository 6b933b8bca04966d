import Glibc
import Linux
import Logging
import PodModel

/// The flat links that log collectors look for: `containers/<pod>_<namespace>_<container>-<id>.log` beside the directory of the
/// logs, each to a container's log file (kubelet: `logSymlink`).
///
/// Several agents may share the directory. A link is ours if it leads into our log directory: no other is ever removed.
struct LogLinks: Sendable {
    let paths: NodePaths

    /// Makes the link to an instance's log; does nothing where it is, or where the log is not. Blocks.
    func make(_ id: ContainerID, of container: String, attempt: Int, in pod: PodName, _ uid: PodUID) throws {
        guard let directory = paths.logLinks else { return }
        let log = paths.log(of: container, attempt: attempt, in: pod, uid)
        let link = "\(directory)/\(Self.name(of: id, container, in: pod))"
        guard access(log, F_OK) == 0, target(of: link) != log else { return }
        try makeDirectory(directory, mode: 0o755)
        for _ in 0..<2 {
            if symlink(log, link) == 0 { return }
            // A long name is cut, and says no more which instance it is of.
            let code = errno
            guard code == EEXIST, isOurs(link) else { throw SystemError("symlink", link, code: code) }
            unlink(link)
        }
    }

    /// Removes ours that lead to no file any more. Blocks.
    ///
    /// - Parameter container: only those of this container; all without it.
    func removeDead(of container: String? = nil, in pod: PodName? = nil) throws {
        guard let directory = paths.logLinks else { return }
        let prefix = container.flatMap { container in pod.map { Self.start(of: container, in: $0) } } ?? ""
        for name in try names(in: directory) where name.hasPrefix(prefix) {
            let link = "\(directory)/\(name)"
            if isOurs(link), access(link, F_OK) != 0, errno == ENOENT { unlink(link) }
        }
    }

    /// Cut to what a file system takes (kubelet).
    static func name(of id: ContainerID, _ container: String, in pod: PodName) -> String {
        let ending = ".log"
        let whole = Array((start(of: container, in: pod) + id.text).utf8)
        return String(decoding: whole.prefix(Int(NAME_MAX) - ending.utf8.count), as: UTF8.self) + ending
    }

    private static func start(of container: String, in pod: PodName) -> String {
        "\(pod.name)_\(pod.namespace)_\(container)-"
    }

    private func isOurs(_ link: String) -> Bool { target(of: link)?.hasPrefix("\(paths.logDirectory)/") == true }

    private func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(link, &buffer, buffer.count - 1)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension NodeRuntime {
    /// Makes the links of all instances that there are: those that an agent before this one was ended before, or did not
    /// know of.
    func mendLogLinks() { linkLogs(records.all.map { ($0, $0.containers) }) }

    /// Makes the links to the logs of some instances. Nobody waits for it, and nothing depends on it.
    func linkLogs(_ instances: [(record: PodRecord, containers: [String: ContainerRecord])]) {
        let (links, log) = (LogLinks(paths: paths), log)
        do {
            try startThread {
                for (record, containers) in instances {
                    for (name, container) in containers {
                        guard let id = container.id else { continue }
                        do {
                            try links.make(
                                id, of: name, attempt: container.attempt, in: record.accepted.name, record.uid)
                        } catch {
                            log.warning(
                                "no link to a log for collectors",
                                metadata: ["pod": "\(record.uid)", "container": "\(name)", "error": "\(error)"])
                        }
                    }
                }
            }
        } catch {
            log.warning("no thread for links to logs", metadata: ["error": "\(error)"])
        }
    }
}
