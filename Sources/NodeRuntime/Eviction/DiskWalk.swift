import Glibc
import Linux

/// Adds up the room that everything below a directory takes, as du does: whole blocks, and files of several names once.
///
/// What containers write is not trusted: no link is followed, nothing that is mounted entered, and a walk ends after so many
/// entries, however deep they lie, and says that it did not find all.
struct DiskWalk {
    /// Entries that one walk looks at.
    static let mostEntries = 20_000_000
    /// Bytes of the names of directories that wait to be looked into.
    private static let mostWaiting = 64 << 20
    /// How often a walk begins anew because directories were moved elsewhere under it.
    private static let attempts = 3

    /// What was found.
    private(set) var bytes = 0
    /// Files and directories.
    private(set) var inodes = 0
    /// Whether that is all there is.
    private(set) var isComplete = true
    private let most: Int
    private var entries = 0
    private var waitingBytes = 0
    private var device: dev_t = 0
    private var linked: Set<UInt64> = []

    /// - Parameter most: entries it looks at.
    init(most: Int = DiskWalk.mostEntries) { self.most = most }

    /// Walks through a directory; nothing is found where there is none. Blocks.
    mutating func add(_ path: String) {
        let before = self
        for _ in 0..<Self.attempts {
            do throws(SystemError) { return try walk(path) } catch {
                // What goes while it is looked at counts nothing; where it was moved, the walk begins anew.
                if error.code != ESTALE { return }
                self = before
            }
        }
        isComplete = false
    }

    private mutating func walk(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        device = status.st_dev
        count(status)
        guard status.isDirectory else { return }
        var place = try TreePlace(try Descriptor.openDirectory(path), crossesMounts: false)
        // Of the directories from the first one to the place: those in it that are still to be looked into.
        var waiting = [directories(in: place)]
        while !waiting.isEmpty, isComplete {
            guard let name = waiting[waiting.count - 1].popLast() else {
                waiting.removeLast()
                try place.leave()
                continue
            }
            waitingBytes -= name.count
            do throws(SystemError) { try place.enter(name) } catch { continue }
            waiting.append(directories(in: place))
        }
    }

    /// Counts what is in a directory, and tells which of it are directories: by bytes, names are not always UTF-8.
    private mutating func directories(in place: borrowing TreePlace) -> [[CChar]] {
        var found: [[CChar]] = []
        let directory = place.raw
        try? place.forEachName { name in
            if entries >= most || waitingBytes > Self.mostWaiting {
                isComplete = false
                return false
            }
            entries += 1
            var status = stat()
            guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_dev == device else {
                return true
            }
            count(status)
            if status.isDirectory {
                found.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
                waitingBytes += strlen(name) + 1
            }
            return true
        }
        return found
    }

    private mutating func count(_ status: stat) {
        if status.st_nlink > 1, !status.isDirectory, !linked.insert(UInt64(status.st_ino)).inserted { return }
        bytes += Int(status.st_blocks) * 512
        inodes += 1
    }
}

extension stat {
    fileprivate var isDirectory: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) }
}
