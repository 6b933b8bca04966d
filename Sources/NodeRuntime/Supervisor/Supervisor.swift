import Linux
import SupervisorCore

/// A Pod's supervisor as the agent sees it: typed requests over one connection.
///
/// The supervisor outlives the agent; connecting again finds everything where it was.
public struct Supervisor: Sendable {
    /// What a supervisor tells without being asked.
    public enum Event: Sendable {
        /// A container ended; it stays recorded until acknowledged.
        case containerExited(Exit)
        /// An exec ended.
        case execExited(Exit)
        /// Pause ended: the Pod's namespaces are lost to new containers.
        case sandboxDied
        /// The supervisor itself is gone.
        case gone
    }

    /// The network end of a new sandbox.
    public struct Sandbox: Sendable {
        /// Pause's process number.
        public let pid: Int32
        /// Descriptor 0: the network namespace; descriptor 1: a rtnetlink socket made inside it.
        public let descriptors: DescriptorBag
    }

    /// A process that came to life.
    public struct Started: Sendable {
        /// Its number on the node.
        public let pid: Int32
        /// When, in nanoseconds of wall time; 0 where the supervisor does not say.
        public let startedAt: UInt64
        /// Nanoseconds from the clone to the end of each stage, by stage number.
        public let timeline: [UInt64]
        /// What the process does without.
        public let notices: [BirthFailure]
        /// The terminal's master, if one was asked for.
        public let descriptors: DescriptorBag
    }

    /// The Pod's run directory.
    public let directory: String
    /// The supervisor's process number.
    public let pid: Int32
    /// What it can do: bits of `SupervisorFeatures`.
    let features: UInt64
    /// What it knew when the connection was made.
    public let state: [StateEntry]
    private let connection: SupervisorConnection
    /// How long a supervisor may take to greet or to tell its state: one that does not is stopped or stuck, and `get` must
    /// not wait for it.
    private static let greeting: Duration = .seconds(3)
    /// How long an answer may take that involves no birth.
    private static let promptly: Duration = .seconds(10)

    /// Connects to the supervisor in `directory`, and hears of exits through `listener` (on the poller's thread).
    public static func connect(
        directory: String, poller: Poller, listener: (@Sendable (Event) -> Void)? = nil
    ) async throws -> Supervisor {
        let connection = try SupervisorConnection(directory: directory, poller: poller) { type, body in
            guard let listener else { return }
            if type == SupervisorConnection.ended {
                listener(.gone)
            } else if let event = Event(type: type, body: body) {
                listener(event)
            }
        }
        var hello = HelloRequest()
        hello.subscribe = listener != nil
        let answer = try await connection.request(MessageType.hello, "hello", hello.encoded, within: greeting)
        var pid: Int32 = 0
        var features: UInt64 = 0
        for field in try connection.fields(of: answer) {
            switch field.tag {
            case 2: features = (try? field.number) ?? 0
            case 3: pid = Int32(truncatingIfNeeded: (try? field.number) ?? 0)
            default: break
            }
        }
        return Supervisor(
            directory: directory, pid: pid, features: features, state: try connection.entries(of: answer),
            connection: connection)
    }

    /// What containers go without that it starts; nil for nothing. To be told to the user.
    var securityShortcoming: String? {
        features & SupervisorFeatures.securityContexts != 0
            ? nil
            : "no filter of system calls, no supplementalGroups: the Pod's supervisor is of an earlier release; delete "
                + "and push the Pod again to have them"
    }

    /// Whether it can answer an exec when that has ended.
    var tellsEndsInAnswers: Bool { features & SupervisorFeatures.execsAnsweredAtEnd != 0 }

    private init(directory: String, pid: Int32, features: UInt64, state: [StateEntry], connection: SupervisorConnection)
    {
        self.directory = directory
        self.pid = pid
        self.features = features
        self.state = state
        self.connection = connection
    }

    /// Ends the conversation, not the supervisor.
    public func disconnect() { connection.end() }

    /// Makes the Pod's namespaces and pause.
    public func createSandbox(_ request: SandboxRequest, descriptors: [Int32]) async throws -> Sandbox {
        let answer = try await connection.request(
            MessageType.createSandbox, "create sandbox", request.encoded, descriptors: descriptors,
            within: .milliseconds(request.deadlineMilliseconds) + Self.promptly)
        return Sandbox(pid: try connection.started(answer).pid, descriptors: answer.descriptors)
    }

    /// The network end of a sandbox that was made before.
    public func openNetwork() async throws -> DescriptorBag {
        try await connection.request(MessageType.openSocket, "open socket", within: Self.promptly).descriptors
    }

    /// Mounts a tmpfs in the supervisor's own mount namespace, unless it is there.
    ///
    /// - Returns: its directory.
    public func mount(tmpfsOn target: String, options: [String]) async throws -> DescriptorBag {
        var request = MountRequest()
        request.target = Array(target.utf8)
        request.options = options.map { Array($0.utf8) }
        return try await connection.request(MessageType.mount, "mount", request.encoded, within: Self.promptly)
            .descriptors
    }

    /// Starts one attempt of a container, and waits until it is what it is to become.
    ///
    /// - Throws: `SupervisorError.failed` with the step of the birth that failed; its exit is recorded with code 128.
    public func start(_ request: StartRequest, descriptors: [Int32]) async throws -> Started {
        try connection.started(
            try await connection.request(
                MessageType.start, "start container", request.encoded, descriptors: descriptors,
                within: .milliseconds(request.deadlineMilliseconds) + Self.promptly))
    }

    /// Runs one more process in a container.
    public func exec(_ request: ExecRequest, descriptors: [Int32]) async throws -> Started {
        try connection.started(
            try await connection.request(
                MessageType.exec, "exec", request.encoded, descriptors: descriptors,
                within: .milliseconds(request.deadlineMilliseconds) + Self.promptly))
    }

    /// Runs one more process in a container to its end, of which nothing is remembered. Asks for a supervisor that
    /// `tellsEndsInAnswers`.
    ///
    /// - Parameter limit: how long it may take once it was born; the supervisor ends it earlier.
    /// - Throws: `SupervisorError.failed` with the step of the birth that failed.
    public func run(_ request: ExecRequest, descriptors: [Int32], within limit: Duration) async throws -> Exit {
        var request = request
        request.isAnsweredAtEnd = true
        let answer = try await connection.request(
            MessageType.exec, "exec", request.encoded, descriptors: descriptors,
            within: .milliseconds(request.deadlineMilliseconds) + limit)
        return try connection.exit(answer)
    }

    /// What somebody who attached to a container gets.
    public struct Attached: Sendable {
        /// What becomes of the input that came along.
        public let answer: AttachAnswer
        /// Descriptor 0: a socket on which the output comes, in packets (`AttachPacket`); descriptor 1: standard input's
        /// other end, or a terminal's other side.
        public let descriptors: DescriptorBag
    }

    /// Attaches to a container.
    ///
    /// - Parameter wantsInput: whether its standard input is wanted too.
    public func attach(to container: String, wantsInput: Bool) async throws -> Attached {
        var request = AttachRequest()
        request.container = Array(container.utf8)
        request.wantsInput = wantsInput
        let answer = try await connection.request(
            MessageType.attach, "attach", request.encoded, within: Self.promptly)
        do throws(WireError) {
            return Attached(answer: try AttachAnswer(decoding: answer.body), descriptors: answer.descriptors)
        } catch { throw SupervisorError.incomprehensible(directory: directory, error) }
    }

    /// Asks for a container's end: `signal` now, SIGKILL to all of it after `grace`. Returns at once.
    public func stop(container: String, signal: Int32, grace: Duration) async throws {
        var request = StopRequest()
        request.container = Array(container.utf8)
        request.signal = UInt32(signal)
        request.graceMilliseconds = UInt64(min(max(0, grace / .milliseconds(1)), 1e15))
        _ = try await connection.request(MessageType.stop, "stop", request.encoded, within: Self.promptly)
    }

    /// Sends a signal to an exec's process.
    public func signal(exec: String, _ signal: Int32) async throws {
        var request = TargetRequest()
        request.exec = Array(exec.utf8)
        request.signal = UInt32(signal)
        _ = try await connection.request(MessageType.signalExec, "signal exec", request.encoded, within: Self.promptly)
    }

    /// Tells the supervisor that a container's exit is committed: its record may go.
    public func acknowledge(container: String) async throws {
        var request = TargetRequest()
        request.container = Array(container.utf8)
        _ = try await connection.request(MessageType.acknowledge, "acknowledge", request.encoded, within: Self.promptly)
    }

    /// The same for an exec.
    public func acknowledge(exec: String) async throws {
        var request = TargetRequest()
        request.exec = Array(exec.utf8)
        _ = try await connection.request(MessageType.acknowledge, "acknowledge", request.encoded, within: Self.promptly)
    }

    /// What lives now.
    public func currentState() async throws -> [StateEntry] {
        try connection.entries(
            of: try await connection.request(MessageType.state, "state", within: Self.greeting))
    }

    /// Ends everything of the Pod, and the supervisor. Returns when nothing runs any more.
    public func shutDown() async throws {
        _ = try await connection.request(MessageType.shutDown, "shut down", within: .seconds(30))
    }
}

extension Supervisor.Event {
    fileprivate init?(type: UInt16, body: [UInt8]) {
        if type == MessageType.sandboxDied {
            self = .sandboxDied
            return
        }
        guard let exit = try? Exit(ofMessage: body) else { return nil }
        switch type {
        case MessageType.containerExited: self = .containerExited(exit)
        case MessageType.execExited: self = .execExited(exit)
        default: return nil
        }
    }
}

extension SupervisorConnection {
    fileprivate func fields(of answer: Answer) throws -> [Field] {
        var reader = FieldReader(answer.body)
        var fields: [Field] = []
        do throws(WireError) { while let field = try reader.next() { fields.append(field) } } catch {
            throw SupervisorError.incomprehensible(directory: directory, error)
        }
        return fields
    }

    fileprivate func entries(of answer: Answer) throws -> [StateEntry] {
        do throws(WireError) {
            var entries: [StateEntry] = []
            var reader = FieldReader(answer.body)
            while let field = try reader.next() {
                if field.tag == 20 { entries.append(try StateEntry(decoding: field.value)) }
            }
            return entries
        } catch { throw SupervisorError.incomprehensible(directory: directory, error) }
    }

    fileprivate func exit(_ answer: Answer) throws -> Exit {
        do throws(WireError) { return try Exit(ofMessage: answer.body) } catch {
            throw SupervisorError.incomprehensible(directory: directory, error)
        }
    }

    fileprivate func started(_ answer: Answer) throws -> Supervisor.Started {
        var pid: UInt64 = 0
        var startedAt: UInt64 = 0
        var timeline: [UInt64] = []
        var notices: [BirthFailure] = []
        for field in try fields(of: answer) {
            do throws(WireError) {
                switch field.tag {
                case 1: pid = try field.number
                case 2: startedAt = try field.number
                case 4:
                    let bytes = field.bytes
                    timeline = stride(from: 0, to: bytes.count - 7, by: 8).map { start in
                        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
                    }
                case 5: notices.append(try BirthFailure(decoding: field.bytes))
                default: break
                }
            } catch { throw SupervisorError.incomprehensible(directory: directory, error) }
        }
        return Supervisor.Started(
            pid: Int32(truncatingIfNeeded: pid), startedAt: startedAt, timeline: timeline, notices: notices,
            descriptors: answer.descriptors)
    }
}

extension Exit {
    /// Reads the exit that a message tells of.
    fileprivate init(ofMessage body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            guard field.tag == 21 else { continue }
            self = try Exit(decoding: field.value)
            return
        }
        throw .missing(tag: 21)
    }
}
