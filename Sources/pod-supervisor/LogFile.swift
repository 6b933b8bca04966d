import CBirth

/// One container's log file: rotated when it is full, found again when others rotate it, and never waited for. What cannot
/// be written is dropped and counted.
struct LogFile {
    private var file: Int32
    /// The directory it is in; -1: unknown, so that it is neither rotated nor found again.
    private let directory: Int32
    private let name: [UInt8]
    private let limit: Int
    private let files: Int
    /// Lines dropped since the last one that was written, and why.
    private var lost: UInt64 = 0
    private var reason: Int32 = 0

    /// Takes over an open file, and the directory it is in.
    init(_ file: Int32, directory: Int32, plan: LogPlan?) {
        self.file = file
        self.directory = plan == nil ? -1 : directory
        name = plan?.name ?? []
        limit = Int(min(plan?.limit ?? 0, 1 << 40))
        files = Int(max(1, plan?.files ?? 1))
        if plan == nil, directory >= 0 { close(directory) }
    }

    /// Appends whole lines.
    mutating func append(_ lines: [UInt8], at time: UInt64) {
        if lines.isEmpty { return }
        var size = follow()
        if lost > 0 {
            // Together with what follows: notices alone would fill the last page of a full disk.
            guard write((lossNotice(at: time) + lines)[...], behind: size) else { return drop(lines[...]) }
            lost = 0
            return
        }
        var rest = lines[...]
        while !rest.isEmpty {
            let room = limit == 0 ? rest.count : limit - size
            let count = RotatedName.fitting(rest, into: room)
            if size > 0, count > room, rotate(at: time) {
                size = 0
                continue
            }
            guard write(rest[rest.startIndex..<rest.startIndex + count], behind: size) else { return drop(rest) }
            size += count
            rest = rest[(rest.startIndex + count)...]
        }
    }

    /// Closes it.
    mutating func end() {
        close(file)
        if directory >= 0 { close(directory) }
        file = -1
    }

    /// Writes, or leaves nothing of it: a torn line would spoil the next one.
    private mutating func write(_ lines: ArraySlice<UInt8>, behind size: Int) -> Bool {
        var written = 0
        while written < lines.count {
            let count = lines[(lines.startIndex + written)...].withUnsafeBytes {
                CBirth.write(file, $0.baseAddress, $0.count)
            }
            if count < 0, system_errno() == EINTR { continue }
            if count <= 0 {
                reason = count < 0 ? system_errno() : ENOSPC
                if written > 0 { ftruncate(file, off_t(size)) }
                return false
            }
            written += count
        }
        return true
    }

    private mutating func drop(_ lines: ArraySlice<UInt8>) {
        for byte in lines where byte == 0x0A { lost += 1 }
    }

    /// A line of the log itself that says how many are missing.
    private func lossNotice(at time: UInt64) -> [UInt8] {
        var line: [UInt8] = []
        appendRFC3339(nanoseconds: time, to: &line)
        line.append(contentsOf: " stderr F reconcile-agent: ".utf8)
        line.append(contentsOf: decimal(lost))
        line.append(contentsOf: " lines of this log were lost: ".utf8)
        if let words = strerror(reason) {
            for index in 0..<strlen(words) { line.append(UInt8(bitPattern: words[Int(index)])) }
        }
        line.append(0x0A)
        return line
    }

    /// Makes sure that the open file is the one of the name: others may have renamed, removed or cut it.
    ///
    /// - Returns: its size.
    private mutating func follow() -> Int {
        var own = system_file()
        guard system_look_at(file, &own) == 0 else { return 0 }
        guard directory >= 0 else { return Int(own.size) }
        var named = system_file()
        let isThere = system_look_up(directory, cString(name), &named) == 0
        if isThere, named.device == own.device, named.inode == own.inode { return Int(own.size) }
        if !isThere, system_errno() != ENOENT { return Int(own.size) }
        let next = open(O_CREAT)
        // On a full disk, and in a directory that was removed, the old file goes on.
        guard next >= 0 else { return Int(own.size) }
        close(file)
        file = next
        return isThere ? Int(named.size) : 0
    }

    /// Gives the file a name of the past, and begins a new one. False: it goes on as it is.
    private mutating func rotate(at time: UInt64) -> Bool {
        guard limit > 0, directory >= 0 else { return false }
        var first = [CChar](repeating: 0, count: Int(SYSTEM_NAME_LENGTH))
        var last = first
        let prefix = cString(name + [0x2E])
        guard system_names(directory, prefix, &first, &last) >= 0 else { return false }
        let past = cString(RotatedName.make(of: name, at: time, after: bytes(of: last)))
        guard renameat(directory, cString(name), directory, past) == 0 else { return false }
        let next = open(O_CREAT | O_EXCL)
        guard next >= 0 else {
            renameat(directory, past, directory, cString(name))
            return false
        }
        close(file)
        file = next
        while system_names(directory, prefix, &first, &last) > files - 1 {
            if unlinkat(directory, first, 0) != 0 { break }
        }
        return true
    }

    private func open(_ more: Int32) -> Int32 {
        system_open(directory, cString(name), O_WRONLY | O_APPEND | O_NOFOLLOW | more, 0o640)
    }

    private func bytes(of text: [CChar]) -> [UInt8] {
        var bytes: [UInt8] = []
        for character in text {
            if character == 0 { break }
            bytes.append(UInt8(bitPattern: character))
        }
        return bytes
    }
}
