/// What a descriptor of a request is for; one byte each, in the order they ride along.
public enum DescriptorRole {
    /// Directory of a cgroup in the unified tree, to be born in.
    public static let cgroup: UInt8 = 1
    /// A `cgroup.procs` file to be written to.
    public static let cgroupProcs: UInt8 = 2
    /// The file whose `oom_kill` line counts.
    public static let oomEvents: UInt8 = 3
    /// The container's log file, opened for appending.
    public static let log: UInt8 = 4
    /// Standard input.
    public static let standardInput: UInt8 = 5
    /// Standard output.
    public static let standardOutput: UInt8 = 6
    /// Standard error.
    public static let standardError: UInt8 = 7
}

/// `create sandbox`: the Pod's namespaces, pause and shared memory.
public struct SandboxRequest: Equatable, Sendable {
    /// Identifies this sandbox; a second request with the same id is the same request.
    public var id: [UInt8] = []
    /// Host name in the Pod's UTS namespace.
    public var hostname: [UInt8] = []
    /// Path of the pause executable.
    public var pause: [UInt8] = []
    /// Directory on which the Pod's /dev/shm is mounted in the supervisor's own mount namespace.
    public var sharedMemory: [UInt8] = []
    /// Size of the Pod's /dev/shm in bytes.
    public var sharedMemorySize: UInt64 = 0
    /// How long pause may take to come to life.
    public var deadlineMilliseconds: UInt64 = 0
    /// What the descriptors are for.
    public var roles: [UInt8] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: id = field.bytes
            case 2: hostname = field.bytes
            case 3: pause = field.bytes
            case 4: sharedMemory = field.bytes
            case 5: sharedMemorySize = try field.number
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            default: break
            }
        }
        if id.isEmpty { throw .missing(tag: 1) }
        if pause.isEmpty { throw .missing(tag: 3) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, id)
        writer.put(2, hostname)
        writer.put(3, pause)
        writer.put(4, sharedMemory)
        writer.put(5, sharedMemorySize)
        writer.put(6, deadlineMilliseconds)
        writer.put(7, roles)
        return writer.bytes
    }
}

/// `start container`: everything one attempt of a container needs, in one message.
public struct StartRequest: Equatable, Sendable {
    /// The container's id, new for each attempt.
    public var container: [UInt8] = []
    /// The process to become.
    public var process = ProcessPlan()
    /// Its root.
    public var root = RootPlan()
    /// How the root is furnished.
    public var steps: [MountStep] = []
    /// How long the birth may take.
    public var deadlineMilliseconds: UInt64 = 0
    /// What the descriptors are for.
    public var roles: [UInt8] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var hasProcess = false
        var hasRoot = false
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = field.bytes
            case 2:
                process = try ProcessPlan(decoding: field.value)
                hasProcess = true
            case 3:
                root = try RootPlan(decoding: field.value)
                hasRoot = true
            case 4: steps.append(try MountStep(decoding: field.value))
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
        if !hasProcess { throw .missing(tag: 2) }
        if !hasRoot { throw .missing(tag: 3) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, process.encoded)
        writer.put(3, root.encoded)
        for step in steps { writer.put(4, step.encoded) }
        writer.put(6, deadlineMilliseconds)
        writer.put(7, roles)
        return writer.bytes
    }
}

/// `exec`: one more process in a running container.
public struct ExecRequest: Equatable, Sendable {
    /// The container.
    public var container: [UInt8] = []
    /// The process to become.
    public var process = ProcessPlan()
    /// Identifies this exec.
    public var exec: [UInt8] = []
    /// After this long all of the exec is killed; 0: never.
    public var timeoutMilliseconds: UInt64 = 0
    /// How long the birth may take.
    public var deadlineMilliseconds: UInt64 = 0
    /// What the descriptors are for.
    public var roles: [UInt8] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var hasProcess = false
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = field.bytes
            case 2:
                process = try ProcessPlan(decoding: field.value)
                hasProcess = true
            case 3: exec = field.bytes
            case 5: timeoutMilliseconds = try field.number
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
        if !hasProcess { throw .missing(tag: 2) }
        if exec.isEmpty { throw .missing(tag: 3) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, process.encoded)
        writer.put(3, exec)
        writer.put(5, timeoutMilliseconds)
        writer.put(6, deadlineMilliseconds)
        writer.put(7, roles)
        return writer.bytes
    }
}

/// `hello`: which protocol the client speaks, and whether it wants events.
public struct HelloRequest: Equatable, Sendable {
    /// The client's protocol.
    public var version: UInt32 = 1
    /// Whether exits are to be told as they happen.
    public var subscribe = false

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: version = try field.number32
            case 2: subscribe = try field.flag
            default: break
            }
        }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, version)
        writer.put(2, subscribe)
        return writer.bytes
    }
}

/// `stop container`: a signal now, SIGKILL to all of it when the grace is over.
public struct StopRequest: Equatable, Sendable {
    /// The container.
    public var container: [UInt8] = []
    /// Sent to its first process.
    public var signal: UInt32 = 15
    /// Time until SIGKILL; 0: at once.
    public var graceMilliseconds: UInt64 = 0

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = field.bytes
            case 2: signal = try field.number32
            case 3: graceMilliseconds = try field.number
            default: break
            }
        }
        if container.isEmpty { throw .missing(tag: 1) }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        writer.put(1, container)
        writer.put(2, signal)
        writer.put(3, graceMilliseconds)
        return writer.bytes
    }
}

/// `acknowledge` and `signal exec`: one container or one exec, and perhaps a signal.
public struct TargetRequest: Equatable, Sendable {
    /// The container, or empty.
    public var container: [UInt8] = []
    /// The signal, for `signal exec`.
    public var signal: UInt32 = 0
    /// The exec, or empty.
    public var exec: [UInt8] = []

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: container = field.bytes
            case 2: signal = try field.number32
            case 3: exec = field.bytes
            default: break
            }
        }
    }

    /// The frame's body.
    public var encoded: [UInt8] {
        var writer = FieldWriter()
        if !container.isEmpty { writer.put(1, container) }
        writer.put(2, signal)
        if !exec.isEmpty { writer.put(3, exec) }
        return writer.bytes
    }
}
