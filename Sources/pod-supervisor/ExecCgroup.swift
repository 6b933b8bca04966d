import CBirth

/// The cgroup of an exec, below its container's, so that a timeout reaches all that the exec started. The kernel takes longer to
/// make and remove one than to run a small program: the next exec of the container gets it, once it is empty.
struct ExecCgroup {
    /// Its directory; the exec's while that lives.
    let directory: Int32
    private let events: Int32
    private let name: [CChar]

    /// Makes one in the container's; nil and errno when that fails.
    init?(in container: Int32, number: UInt32) {
        name = cString("exec-".utf8.map { $0 } + decimal(UInt64(number)))
        guard mkdirat(container, name, 0o755) == 0 else { return nil }
        directory = system_open(container, name, O_RDONLY | O_DIRECTORY, 0)
        events = directory < 0 ? -1 : system_open(directory, "cgroup.events", O_RDONLY, 0)
        if events < 0 {
            let error = system_errno()
            remove(from: container)
            set_errno(error)
            return nil
        }
    }

    /// Whether nothing runs in it, nor below it.
    var isEmpty: Bool {
        var text = [UInt8](repeating: 0, count: 128)
        let count = pread(events, &text, text.count, 0)
        let word = "populated 0\n".utf8.map { $0 }
        return count >= word.count && text[0..<word.count].elementsEqual(word)
    }

    /// Removes and closes it. Fails while something that the exec left behind still runs; the agent removes the whole tree in
    /// the end.
    func remove(from container: Int32) {
        unlinkat(container, name, AT_REMOVEDIR)
        letGo()
    }

    /// Closes what is open of it.
    func letGo() {
        for descriptor in [directory, events] where descriptor >= 0 { close(descriptor) }
    }
}
