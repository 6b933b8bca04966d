import Glibc
import Linux

/// The directory of the clone, held by one worker at a time, and known to be ours.
struct CloneDirectory: ~Copyable {
    let path: String
    /// Locked as long as it is open.
    private let lock: Descriptor

    /// The file that says: made by us, for this URL. Written first and never erased, so that whatever a crash leaves
    /// behind is recognised.
    private static let marker = "reconcile-agent"

    /// Beyond this number of packs, one for each push that was followed, fetching all anew is the better bargain.
    private static let packLimit = 64

    /// Takes the directory, making it if needed and emptying it if it is for another URL.
    ///
    /// Waits while another worker, perhaps of an agent that just died, has it.
    ///
    /// - Parameter url: without secrets; it is written down.
    init(claiming path: String, for url: String) throws(GitSourceError) {
        lock = try Self.claimed(path, for: url)
        self.path = path
    }

    private static func claimed(_ path: String, for url: String) throws(GitSourceError) -> Descriptor {
        do throws(SystemError) {
            let lock = try locked(path)
            if try prepare(path, for: url) == .ours { return lock }
        } catch { throw .cloneUnusable(path: path, reason: error.description) }
        throw .cloneNotOurs(path: path)
    }

    private enum State { case ours, foreign }

    private static func locked(_ path: String) throws(SystemError) -> Descriptor {
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemError("mkdir", path) }
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        let number = directory.raw
        try retrying("flock", path) { flock(number, LOCK_EX) }
        return directory
    }

    private static func prepare(_ path: String, for url: String) throws(SystemError) -> State {
        let owner = try owner(of: path)
        if owner == url { return .ours }
        if owner == nil, try !entries(of: path).isEmpty { return .foreign }
        try removeContents(of: path, except: marker)
        try Descriptor.open("\(path)/\(marker)", O_WRONLY | O_CREAT | O_TRUNC).writeAll(Array(url.utf8))
        return .ours
    }

    /// Removes the clone, keeping the directory and its owner.
    func erase() throws(SystemError) { try removeContents(of: path, except: Self.marker) }

    /// Removes what a worker that was killed left behind: nobody else is at work here.
    func sweep() throws(SystemError) {
        for directory in ["", "refs", "refs/reconcile", "refs/reconcile/heads", "refs/reconcile/tags"] {
            for name in try entries(of: "\(path)/\(directory)") where name.hasSuffix(".lock") {
                try remove("\(path)/\(directory)/\(name)")
            }
        }
        let packs = "\(path)/objects/pack"
        let names = Set(try entries(of: packs))
        // A pack is whole once both halves have their final names.
        let whole = names.filter { $0.hasPrefix("pack-") && $0.hasSuffix(".pack") }.map { $0.dropLast(".pack".count) }
            .filter { names.contains("\($0).idx") }
        for name in names.subtracting(whole.flatMap { ["\($0).pack", "\($0).idx"] }) { try remove("\(packs)/\(name)") }
        if whole.count > Self.packLimit { try erase() }
    }

    /// The URL that the directory was made for, "" when a crash came in between; nil when it is not ours.
    private static func owner(of path: String) throws(SystemError) -> String? {
        do throws(SystemError) {
            let bytes = try Descriptor.open("\(path)/\(marker)").readToEnd()
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}

/// The names in a directory; none when it does not exist.
private func entries(of path: String) throws(SystemError) -> [String] {
    guard let stream = opendir(path) else {
        if errno == ENOENT { return [] }
        throw SystemError("opendir", path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = readdir(stream) else {
            if errno != 0 { throw SystemError("readdir", path) }
            return names
        }
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
}

private func removeContents(of path: String, except kept: String? = nil) throws(SystemError) {
    for name in try entries(of: path) where name != kept { try remove("\(path)/\(name)") }
}

/// Removes a file, or a directory and all in it; follows no link.
private func remove(_ path: String) throws(SystemError) {
    if unlink(path) == 0 || errno == ENOENT { return }
    if errno != EISDIR { throw SystemError("unlink", path) }
    try removeContents(of: path)
    if rmdir(path) != 0 { throw SystemError("rmdir", path) }
}
