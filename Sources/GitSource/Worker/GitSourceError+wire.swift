extension GitSourceError: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.read(Int.self) {
        case 0: self = .unsupportedURL(url: try reader.read())
        case 1: self = .repositoryMissing(url: try reader.read(), reason: try reader.read())
        case 2: self = .unreachable(url: try reader.read(), reason: try reader.read())
        case 3: self = .noCommits(url: try reader.read())
        case 4: self = .refMissing(ref: try reader.read(), url: try reader.read(), available: try reader.read())
        case 5: self = .commitMissing(revision: try reader.read(), url: try reader.read())
        case 6: self = .notACommit(ref: try reader.read(), url: try reader.read())
        case 7:
            self = .pathMissing(
                path: try reader.read(), revision: try reader.read(), nearest: try reader.read(),
                directories: try reader.read())
        case 8: self = .notADirectory(path: try reader.read(), revision: try reader.read())
        case 9: self = .tooManyFiles(path: try reader.read(), revision: try reader.read(), limit: try reader.read())
        case 10: self = .tooManyBytes(path: try reader.read(), revision: try reader.read(), limit: try reader.read())
        case 11: self = .cloneNotOurs(path: try reader.read())
        case 12: self = .cloneUnusable(path: try reader.read(), reason: try reader.read())
        case 13: self = .workerFailed(reason: try reader.read())
        case 14: self = .secretInURL(url: try reader.read())
        case 15: self = .insecureCredentials(url: try reader.read())
        case 16:
            self = .credentialUnusable(what: try reader.read(), path: try reader.read(), reason: try reader.read())
        case 17: self = .accessDenied(url: try reader.read(), reason: try reader.read(), advice: try reader.read())
        case 18:
            self = .certificateRefused(
                url: try reader.read(), reason: try reader.read(), authorities: try reader.read())
        case 19: self = .redirected(url: try reader.read(), reason: try reader.read())
        case 20: self = .hostKeyUnknown(host: try reader.read(), file: try reader.read(), key: try reader.read())
        case 21:
            self = .hostKeyChanged(
                host: try reader.read(), file: try reader.read(), lines: try reader.read(), key: try reader.read())
        case 22:
            self = .hostKeyRevoked(
                host: try reader.read(), file: try reader.read(), line: try reader.read(), key: try reader.read())
        default: throw WireError()
        }
    }

    func write(to writer: inout WireWriter) {
        switch self {
        case .unsupportedURL(let url): writer.append(case: 0, url)
        case .repositoryMissing(let url, let reason): writer.append(case: 1, url, reason)
        case .unreachable(let url, let reason): writer.append(case: 2, url, reason)
        case .noCommits(let url): writer.append(case: 3, url)
        case .refMissing(let ref, let url, let available): writer.append(case: 4, ref, url, available)
        case .commitMissing(let revision, let url): writer.append(case: 5, revision, url)
        case .notACommit(let ref, let url): writer.append(case: 6, ref, url)
        case .pathMissing(let path, let revision, let nearest, let directories):
            writer.append(case: 7, path, revision, nearest, directories)
        case .notADirectory(let path, let revision): writer.append(case: 8, path, revision)
        case .tooManyFiles(let path, let revision, let limit): writer.append(case: 9, path, revision, limit)
        case .tooManyBytes(let path, let revision, let limit): writer.append(case: 10, path, revision, limit)
        case .cloneNotOurs(let path): writer.append(case: 11, path)
        case .cloneUnusable(let path, let reason): writer.append(case: 12, path, reason)
        case .workerFailed(let reason): writer.append(case: 13, reason)
        case .secretInURL(let url): writer.append(case: 14, url)
        case .insecureCredentials(let url): writer.append(case: 15, url)
        case .credentialUnusable(let what, let path, let reason): writer.append(case: 16, what, path, reason)
        case .accessDenied(let url, let reason, let advice): writer.append(case: 17, url, reason, advice)
        case .certificateRefused(let url, let reason, let authorities):
            writer.append(case: 18, url, reason, authorities)
        case .redirected(let url, let reason): writer.append(case: 19, url, reason)
        case .hostKeyUnknown(let host, let file, let key): writer.append(case: 20, host, file, key)
        case .hostKeyChanged(let host, let file, let lines, let key): writer.append(case: 21, host, file, lines, key)
        case .hostKeyRevoked(let host, let file, let line, let key): writer.append(case: 22, host, file, line, key)
        // The agent's own finding; a worker has nobody to wait for.
        case .timedOut(let url, let time): writer.append(case: 13, "\(url) had not answered after \(time)")
        }
    }
}

extension HostKey: WireValue {
    init(from reader: inout WireReader) throws(WireError) {
        self.init(type: try reader.read(), base64: try reader.read(), fingerprint: try reader.read())
    }

    func write(to writer: inout WireWriter) {
        writer.write(type)
        writer.write(base64)
        writer.write(fingerprint)
    }
}

extension WireWriter {
    /// A case's number and its payload.
    fileprivate mutating func append<each Value: WireValue>(case number: Int, _ values: repeat each Value) {
        write(number)
        for value in repeat each values { write(value) }
    }
}
