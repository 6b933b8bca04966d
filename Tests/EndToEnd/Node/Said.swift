import Linux

/// What a command said, and how it ended.
struct Said: Sendable, CustomStringConvertible {
    /// The exit code; 128 and the signal's number when a signal ended it.
    let status: Int32
    let output: String
    let errors: String

    init(_ ended: WorkerOutput) {
        status =
            switch ended.status {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        output = String(decoding: ended.standardOutput, as: UTF8.self)
        errors = String(decoding: ended.standardError, as: UTF8.self)
    }

    private init(status: Int32, output: String, errors: String) {
        (self.status, self.output, self.errors) = (status, output, errors)
    }

    /// A terminal ends lines with a carriage return too.
    var withPlainLineEnds: Said {
        Said(status: status, output: output.replacing("\r\n", with: "\n"), errors: errors)
    }

    /// The lines of standard output, each split at its columns' gaps: two spaces or more.
    var rows: [[String]] {
        output.split(separator: "\n").map { line in
            line.split(separator: /\s{2,}/).map { $0.trimmingPrefix(" ").description }
        }
    }

    /// The lines of standard error that are the command's own words, not the log of what it did.
    var complaints: [String] {
        errors.split(separator: "\n").map(String.init).filter { $0.prefixMatch(of: /\d\d:\d\d:\d\d\.\d/) == nil }
    }

    var description: String { "exit code \(status)\n\(output)\(errors)" }
}
