/// What the agent asks its worker.
struct GitRequest: WireValue {
    enum Question: Int {
        /// Where does the ref point?
        case head
        /// What does it hold?
        case snapshot
    }

    let question: Question
    let remote: GitRemote
    let clone: String
    let limits: SourceLimits
    /// What need not be sent again; nil for nothing.
    let known: KnownRevision?
}

/// The revision whose files the agent has.
struct KnownRevision: Hashable, Sendable {
    let revision: Revision
    /// Whether there are symbolic links among them.
    let hasLinks: Bool
}

extension GitRequest {
    init(from reader: inout WireReader) throws(WireError) {
        guard let question = Question(rawValue: try reader.read()) else { throw WireError() }
        self.question = question
        remote = GitRemote(url: try reader.read(), ref: try reader.read(), path: try reader.read())
        clone = try reader.read()
        limits = try reader.read()
        known = try reader.read()
    }

    func write(to writer: inout WireWriter) {
        writer.write(question.rawValue)
        writer.write(remote.url)
        writer.write(remote.ref)
        writer.write(remote.path)
        writer.write(clone)
        writer.write(limits)
        writer.write(known)
    }
}

extension KnownRevision: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(revision: try reader.read(), hasLinks: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(revision)
        writer.write(hasLinks)
    }
}

extension SourceLimits: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init()
        fileBytes = try reader.read()
        totalBytes = try reader.read()
        files = try reader.read()
    }

    func write(to writer: inout WireWriter) {
        writer.write(fileBytes)
        writer.write(totalBytes)
        writer.write(files)
    }
}
