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
        remote = GitRemote(
            url: try reader.read(), ref: try reader.read(), path: try reader.read(), access: try reader.read())
        clone = try reader.read()
        limits = try reader.read()
        known = try reader.read()
    }

    func write(to writer: inout WireWriter) {
        writer.write(question.rawValue)
        writer.write(remote.url)
        writer.write(remote.ref)
        writer.write(remote.path)
        writer.write(remote.access)
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

// Secrets go to the worker with the request, through a pipe: never by its command line or its environment.
extension GitAccess: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            username: try reader.read(), secret: try reader.read(), authoritiesFile: try reader.read(),
            sshKeyFile: try reader.read(), knownHostsFile: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(username)
        writer.write(secret)
        writer.write(authoritiesFile)
        writer.write(sshKeyFile)
        writer.write(knownHostsFile)
    }
}

extension GitAccess.Secret: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.read(Int.self) {
        case 0: self = .passwordFile(try reader.read())
        case 1: self = .tokenFile(try reader.read())
        case 2: self = .password(try reader.read())
        case 3: self = .token(try reader.read())
        default: throw WireError()
        }
    }

    func write(to writer: inout WireWriter) {
        let (number, text) =
            switch self {
            case .passwordFile(let path): (0, path)
            case .tokenFile(let path): (1, path)
            case .password(let text): (2, text)
            case .token(let text): (3, text)
            }
        writer.write(number)
        writer.write(text)
    }
}
