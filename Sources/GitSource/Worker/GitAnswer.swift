import Manifests

/// What the worker answers.
enum GitAnswer: WireValue {
    /// Where the ref points.
    case head(ResolvedRef)
    /// What its commit holds.
    case changes(SourceChanges, at: ResolvedRef)
    case failure(GitSourceError)

    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.read(Int.self) {
        case 0: self = .head(try reader.read())
        case 1: self = .changes(try reader.read(), at: try reader.read())
        case 2: self = .failure(try reader.read())
        default: throw WireError()
        }
    }

    func write(to writer: inout WireWriter) {
        switch self {
        case .head(let resolved):
            writer.write(0)
            writer.write(resolved)
        case .changes(let changes, let resolved):
            writer.write(1)
            writer.write(changes)
            writer.write(resolved)
        case .failure(let error):
            writer.write(2)
            writer.write(error)
        }
    }
}

extension Revision: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        guard let revision = Revision(try reader.read(String.self)) else { throw WireError() }
        self = revision
    }

    func write(to writer: inout WireWriter) { writer.write(commit) }
}

extension CommitInfo: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            revision: try reader.read(), authorName: try reader.read(), authorEmail: try reader.read(),
            committedAt: Int64(try reader.read(Int.self)), subject: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(revision)
        writer.write(authorName)
        writer.write(authorEmail)
        writer.write(Int(committedAt))
        writer.write(subject)
    }
}

extension ResolvedRef: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(name: try reader.read(), target: try reader.read(), commit: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(name)
        writer.write(target)
        writer.write(commit)
    }
}

extension SourceChanges: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            commit: try reader.read(), base: try reader.read(), removed: try reader.read(), files: try reader.read(),
            unreadable: try reader.read(), submodules: try reader.read(), hasLinks: try reader.read(),
            repairedDamage: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(commit)
        writer.write(base)
        writer.write(removed)
        writer.write(files)
        writer.write(unreadable)
        writer.write(submodules)
        writer.write(hasLinks)
        writer.write(repairedDamage)
    }
}

extension ManifestFile: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        let path = try reader.read(String.self)
        let id = try reader.block()
        self.init(path: path, contents: Array(try reader.block()), contentID: ContentID(id))
    }

    func write(to writer: inout WireWriter) {
        writer.write(path)
        writer.append(contentID?.bytes ?? [])
        writer.append(contents)
    }
}

extension UnreadableEntry: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        path = try reader.read()
        switch try reader.read(Int.self) {
        case 0: reason = .symbolicLink(target: try reader.read())
        case 1: reason = .tooLarge(size: try reader.read(), limit: try reader.read())
        default: throw WireError()
        }
    }

    func write(to writer: inout WireWriter) {
        writer.write(path)
        switch reason {
        case .symbolicLink(let target):
            writer.write(0)
            writer.write(target)
        case .tooLarge(let size, let limit):
            writer.write(1)
            writer.write(size)
            writer.write(limit)
        }
    }
}
