import Glibc
import Linux

/// The refs of a repository in a directory of this machine, read straight from their files (gitrepository-layout(5)).
///
/// Only what is as plain as it nearly always is gets an answer. Anything else (work trees, reftables, a ref that is not
/// there) gets nil, and is left to libgit2.
struct PlainRefs: Sendable {
    /// The repository, bare or with a work tree.
    let path: String

    /// A ref and the id that it holds.
    struct Found: Hashable, Sendable {
        /// The first of the asked names that exists.
        let name: String
        /// The ref it leads to: itself, or where the links end.
        let final: String
        let target: Revision
    }

    /// The first of `names` that exists.
    func first(of names: [String]) throws(SystemError) -> Found? {
        guard let directory = try gitDirectory() else { return nil }
        for name in names {
            switch try look(up: name, in: directory, links: 5) {
            case .holds(let final, let target): return Found(name: name, final: final, target: target)
            case .absent: continue
            case .unusual: return nil
            }
        }
        return nil
    }

    private enum Finding {
        case holds(final: String, Revision)
        case absent
        case unusual
    }

    /// Where `HEAD` and `refs` are; nil when that is not said by two directories and a file.
    private func gitDirectory() throws(SystemError) -> String? {
        var directory = path
        switch try Descriptor.status(of: "\(path)/.git", at: AT_FDCWD)?.kind {
        case .directory: directory += "/.git"
        case nil: break
        default: return nil
        }
        for (name, kind) in [("objects", FileStatus.Kind.directory), ("refs", .directory), ("HEAD", .regular)]
        where try Descriptor.status(of: "\(directory)/\(name)", at: AT_FDCWD)?.kind != kind { return nil }
        for name in ["commondir", "reftable"]
        where try Descriptor.status(of: "\(directory)/\(name)", at: AT_FDCWD) != nil { return nil }
        return directory
    }

    private func look(up name: String, in directory: String, links: Int) throws(SystemError) -> Finding {
        guard links > 0, isPlain(name) else { return .unusual }
        guard let text = try contents("\(directory)/\(name)", limit: 4096) else {
            return try packed(name, in: directory)
        }
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        if line.starts(with: "ref: ".utf8) {
            let target = String(decoding: line.dropFirst(5), as: UTF8.self)
            // A link to nothing is the word of a person who made it: that is for libgit2 to judge.
            if case .holds(let final, let id) = try look(up: target, in: directory, links: links - 1) {
                return .holds(final: final, id)
            }
            return .unusual
        }
        guard let id = Revision(String(decoding: line, as: UTF8.self)) else { return .unusual }
        return .holds(final: name, id)
    }

    /// Finds a ref among those that `git pack-refs` put into one file. Git writes that file before it removes the
    /// others, so whoever looks there last misses none.
    private func packed(_ name: String, in directory: String) throws(SystemError) -> Finding {
        guard let text = try contents("\(directory)/packed-refs", limit: 32 << 20) else { return .absent }
        let name = Array(name.utf8)
        // "<40 digits> <name>"; what a tag leads to follows on a line of its own, which ends otherwise.
        let line = text.split(separator: UInt8(ascii: "\n")).first {
            $0.count == 41 + name.count && $0.dropFirst(41).elementsEqual(name)
        }
        guard let line else { return .absent }
        guard let target = Revision(String(decoding: line.prefix(40), as: UTF8.self)) else { return .unusual }
        return .holds(final: String(decoding: name, as: UTF8.self), target)
    }

    /// A file's bytes; nil when there is none of this name.
    private func contents(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try Descriptor.open(path, O_RDONLY | O_NONBLOCK).readToEnd(limit: limit)
        } catch {
            if [ENOENT, ENOTDIR, EISDIR].contains(error.code) { return nil }
            throw error
        }
    }

    /// Whether a name stays below the repository; the rest of git's rules is for those who make refs.
    private func isPlain(_ name: String) -> Bool {
        guard name == "HEAD" || name.hasPrefix("refs/") else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0)
        }
    }
}
