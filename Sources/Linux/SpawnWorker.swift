import Glibc

/// A program to run as a worker: a child that gets one request, gives one answer and ends, within a deadline.
public struct WorkerCommand: Sendable {
    /// Path of the program; `/proc/self/exe` is this program.
    public let executable: String
    /// The leading arguments, for example `["worker", "git"]`.
    public let arguments: [String]

    /// Names a program and its leading arguments.
    public init(executable: String, arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }
}

/// What a worker left behind when it ended by itself.
public struct WorkerOutput: Sendable {
    /// How it ended.
    public let status: ExitStatus
    /// All it wrote to standard output.
    public let standardOutput: [UInt8]
    /// The last 64 KiB of what it wrote to standard error.
    public let standardError: [UInt8]
}

/// Why a worker gave no output.
public enum WorkerError: Error, CustomStringConvertible {
    /// It had not ended when its time was up, and was killed.
    case timedOut(command: String, after: Duration, standardError: String)
    /// One that was to stay ended without an answer.
    case ended(command: String, with: ExitStatus?, standardError: String)
    /// One that was to stay wrote more than an answer, and was killed.
    case incomprehensible(command: String)
    /// It wrote more than `limit` bytes, and was killed.
    case outputTooLarge(command: String, limit: Int)
    /// It could not be started or watched.
    case spawn(SystemError)

    /// A full sentence.
    public var description: String {
        switch self {
        case .timedOut(let command, let time, let standardError):
            "`\(command)` had not ended after \(time) and was killed"
                + (standardError.isEmpty ? "" : "; its last words: \(standardError)")
        case .ended(let command, let status, let standardError):
            "`\(command)` ended without an answer" + (status.map { ", with \($0)" } ?? "")
                + (standardError.isEmpty ? "" : "; its last words: \(standardError)")
        case .incomprehensible(let command): "`\(command)` answered what makes no sense and was killed"
        case .outputTooLarge(let command, let limit): "`\(command)` wrote more than \(limit) bytes and was killed"
        case .spawn(let error): "could not run a worker: \(error)"
        }
    }
}

extension WorkerCommand {
    /// Runs the worker to its end.
    ///
    /// The wait takes place on a thread of its own. When this returns or throws, the worker and its process group are
    /// dead and reaped, unless the kernel will not let the worker die (uninterruptible sleep): then a thread goes on
    /// waiting for that. A worker whose main calls `dieWithParent()` also dies with this process.
    ///
    /// - Parameters:
    ///   - extraArguments: what follows the leading arguments.
    ///   - input: standard input, then end of file.
    ///   - timeout: from now, in time since boot.
    ///   - outputLimit: how many bytes of standard output are too many.
    ///   - environment: the worker's variables; nil passes on this process's.
    ///   - descriptors: what the worker has from number 3 on, copied when it starts.
    /// - Throws: `WorkerError`, or `CancellationError` after the task was cancelled and the worker killed.
    public func run(
        _ extraArguments: [String] = [], input: [UInt8] = [], timeout: Duration, outputLimit: Int = 256 << 20,
        environment: [String: String]? = nil, descriptors: DescriptorBag = DescriptorBag()
    ) async throws -> WorkerOutput {
        try Task.checkCancellation()
        let request = WorkerRequest(
            executable: executable, arguments: arguments + extraArguments, environment: environment, input: input,
            timeout: timeout, outputLimit: outputLimit, descriptors: descriptors)
        let cancellation: WorkerCancellation
        do { cancellation = try WorkerCancellation() } catch { throw WorkerError.spawn(error) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do throws(SystemError) {
                    try startThread { request.run(until: cancellation) { continuation.resume(with: $0) } }
                } catch { continuation.resume(throwing: WorkerError.spawn(error)) }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}

/// Lets a cancelled task wake the thread that waits for its worker.
final class WorkerCancellation: Sendable {
    private let pipe: Pipe

    init() throws(SystemError) { pipe = try Pipe() }

    /// Readable once cancelled.
    var raw: Int32 { pipe.reading.raw }

    var isCancelled: Bool {
        var read = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        return poll(&read, 1, 0) > 0
    }

    func cancel() {
        // One byte into an empty pipe: neither waits nor fails.
        var byte: UInt8 = 1
        write(pipe.writing.raw, &byte, 1)
    }
}

/// Everything one run of a worker needs.
struct WorkerRequest: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]?
    let input: [UInt8]
    let timeout: Duration
    let outputLimit: Int
    /// What the worker has besides its three streams, from number 3 on.
    var descriptors = DescriptorBag()

    /// The instant, in nanoseconds since boot, at which a time is up that begins now.
    static func deadline(in timeout: Duration) -> UInt64 {
        BootInstant.now().nanoseconds + timeout.boundedNanoseconds
    }

    var commandLine: String { ([executable] + arguments).joined(separator: " ") }
}

extension Duration {
    /// In nanoseconds. Beyond some decades a time is as good as none, and no sum overflows.
    var boundedNanoseconds: UInt64 {
        let bounded = min(max(.zero, self), .seconds(1 << 30)).components
        return UInt64(bounded.seconds * 1_000_000_000 + bounded.attoseconds / 1_000_000_000)
    }
}
