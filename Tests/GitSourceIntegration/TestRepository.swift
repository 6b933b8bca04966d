import GitSource
import Glibc
import Linux
import Manifests
import Testing

/// A bare repository, a work tree to push from and room for a clone, in a temporary directory of their own.
struct TestRepository: Sendable {
    let directory: String
    var path: String { "\(directory)/remote.git" }
    var url: String { "file://\(path)" }
    var clone: String { "\(directory)/source" }

    /// The worker program, built beside the test bundle.
    static let worker: WorkerCommand = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = executable.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        return WorkerCommand(executable: "\(directory)/test-workers", arguments: ["worker", "git"])
    }()

    /// Makes the repository, lets `body` use it, and removes everything.
    static func with<Result>(_ body: (TestRepository) async throws -> Result) async throws -> Result {
        var template = Array("/tmp/git-source-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        let repository = TestRepository(
            directory: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        do {
            try await repository.run("/usr/bin/git", "init", "-q", "--bare", "-b", "main", repository.path)
            try await repository.run("/usr/bin/git", "clone", "-q", repository.path, "\(repository.directory)/checkout")
            let result = try await body(repository)
            try await repository.run("/bin/rm", "-rf", repository.directory)
            return result
        } catch {
            try await repository.run("/bin/rm", "-rf", repository.directory)
            throw error
        }
    }

    /// A source that follows this repository.
    func source(
        ref: String = "main", path: String = "", url: String? = nil, clone: String? = nil,
        timeout: Duration = .seconds(30), limits: SourceLimits = SourceLimits(),
        access: GitAccess = GitAccess()
    ) -> GitSource {
        GitSource(
            remote: GitRemote(url: url ?? self.url, ref: ref, path: path, access: access), clone: clone ?? self.clone,
            worker: Self.worker, timeout: timeout, limits: limits)
    }

    /// Runs git in the work tree and returns what it prints, without the last newline.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        try await run("/usr/bin/git", arguments: ["-C", "\(directory)/checkout"] + arguments)
    }

    /// Writes files into the work tree, commits, pushes the branch, and returns the commit.
    @discardableResult
    func push(_ files: [String: String], to branch: String = "main", _ subject: String = "Change") async throws
        -> String
    {
        for (name, contents) in files { try await write(name, contents) }
        try await git("add", "-A")
        try await git("commit", "-q", "--allow-empty", "-m", subject)
        try await git("push", "-q", "origin", "HEAD:refs/heads/\(branch)")
        return try await git("rev-parse", "HEAD")
    }

    /// Writes a file of the work tree.
    func write(_ name: String, _ contents: String) async throws {
        let path = "\(directory)/checkout/\(name)"
        try await run("/bin/mkdir", "-p", path.split(separator: "/").dropLast().map { "/\($0)" }.joined())
        try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC).writeAll(Array(contents.utf8))
    }

    /// Runs a program that must succeed and returns what it prints, without the last newline.
    @discardableResult
    func run(_ executable: String, _ arguments: String...) async throws -> String {
        try await run(executable, arguments: arguments)
    }

    private func run(_ executable: String, arguments: [String]) async throws -> String {
        let output = try await WorkerCommand(executable: executable, arguments: arguments)
            .run(
                timeout: .seconds(60),
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": directory, "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.org",
                    "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_NAME": "Charles Babbage",
                    "GIT_COMMITTER_EMAIL": "charles@example.org", "GIT_COMMITTER_DATE": "1700000001 +0000",
                ])
        try #require(
            output.status == .exited(0),
            "\(executable) \(arguments): \(String(decoding: output.standardError, as: UTF8.self))"
        )
        return String(decoding: output.standardOutput, as: UTF8.self).split(separator: "\n").joined(separator: "\n")
    }
}

extension SourceSnapshot {
    /// Paths and contents as text.
    var texts: [String: String] {
        Dictionary(uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.contents, as: UTF8.self)) })
    }
}

/// What a call reports, word for word; a note when it reports nothing.
func report(of body: () async throws -> some Any) async -> String {
    do { return "no error: \(try await body())" } catch { return "\(error)" }
}
