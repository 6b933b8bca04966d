/// What the worker answers.
enum GitAnswer: WireValue {
    case head(Revision)
    case snapshot(SourceSnapshot)
    case failure(GitSourceError)

    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.read(Int.self) {
        case 0: self = .head(try reader.read())
        case 1: self = .snapshot(try reader.read())
        case 2: self = .failure(try reader.read())
        default: throw WireError()
        }
    }

    func write(to writer: inout WireWriter) {
        switch self {
        case .head(let revision):
            writer.write(0)
            writer.write(revision)
        case .snapshot(let snapshot):
            writer.write(1)
            writer.write(snapshot)
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

extension SourceSnapshot: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            commit: try reader.read(), files: try reader.read(), unreadable: try reader.read(),
            submodules: try reader.read(), repairedDamage: try reader.read([String].self).first)
    }

    func write(to writer: inout WireWriter) {
        writer.write(commit)
        writer.write(files)
        writer.write(unreadable)
        writer.write(submodules)
        writer.write(repairedDamage.map { [$0] } ?? [])
    }
}

extension SourceFile: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(path: try reader.read(), contents: Array(try reader.block()))
    }

    func write(to writer: inout WireWriter) {
        writer.write(path)
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
