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
    /// Which namespaces are the node's or shared: `SandboxNamespaces`.
    public var namespaces: UInt32 = 0
    /// Kernel parameters of the Pod's namespaces, `name=value`, the name with slashes.
    public var parameters: [[UInt8]] = []
    /// The node's number of the Pod's root, with `SandboxNamespaces.ownUsers` alone.
    public var firstUser: UInt32 = 0
    /// How many users the Pod has from there on.
    public var userCount: UInt32 = 0

    /// A request to be filled in.
    public init() {}

    /// Reads a frame's body.
    public init(decoding body: [UInt8]) throws(WireError) {
        var reader = FieldReader(body)
        while let field = try reader.next() {
            switch field.tag {
            case 1: id = try field.id
            case 2: hostname = field.bytes
            case 3: pause = field.bytes
            case 4: sharedMemory = field.bytes
            case 5: sharedMemorySize = try field.number
            case 6: deadlineMilliseconds = try field.number
            case 7: roles = field.bytes
            case 8: namespaces = try field.number32
            case 9: parameters.append(field.bytes)
            case 10: firstUser = try field.number32
            case 11: userCount = try field.number32
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
        if namespaces != 0 { writer.put(8, namespaces) }
        for parameter in parameters { writer.put(9, parameter) }
        if userCount != 0 {
            writer.put(10, firstUser)
            writer.put(11, userCount)
        }
        return writer.bytes
    }
}

/// Which of a Pod's namespaces are not its own, a bit each.
public enum SandboxNamespaces {
    /// The node's network, and with it the node's host name.
    public static let hostNetwork: UInt32 = 1 << 0
    /// The node's processes.
    public static let hostProcesses: UInt32 = 1 << 1
    /// The node's shared memory, semaphores and message queues.
    public static let hostIPC: UInt32 = 1 << 2
    /// One namespace of processes for the whole Pod, with pause as its first.
    public static let sharedProcesses: UInt32 = 1 << 3
    /// Users of the Pod's own.
    public static let ownUsers: UInt32 = 1 << 4
}
