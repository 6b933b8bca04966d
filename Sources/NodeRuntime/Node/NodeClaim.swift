import Glibc
import Linux
import PodModel

/// The right to change a node's state: one agent at a time has it for a state directory, as long as this value lives.
///
/// The kernel takes the lock back with the process, however it ends.
public final class NodeClaim: Sendable {
    /// Newer state than this is refused: a release that does not know it would lose what it says.
    public static let stateVersion = 1

    /// What is claimed.
    public let paths: NodePaths
    /// The id of the state directory: random, made once; everything made outside it is marked with it.
    public let instance: String
    private let lock: Descriptor

    /// Claims a node for this process; makes the state directory if there is none.
    ///
    /// - Throws: `NodeRuntimeError.claimed` with the holder's process number, `.newerState`, or `.untrustedDirectory`.
    public static func take(_ paths: NodePaths) async throws -> NodeClaim {
        try secureDirectory(paths.stateDirectory)
        let lock = try Descriptor.open(lockPath(paths), O_RDWR | O_CREAT | O_NOFOLLOW)
        // Whoever merely looks for the holder has the lock for an instant.
        guard try await lock.lock(within: .milliseconds(200)) else {
            throw NodeRuntimeError.claimed(directory: paths.stateDirectory, holder: writtenHolder(paths)?.process)
        }
        try checkVersion(in: paths.stateDirectory)
        let instance = try instance(in: paths.stateDirectory)
        let raw = lock.raw
        try retrying("ftruncate", lockPath(paths)) { ftruncate(raw, 0) }
        try lock.writeAll(Array("\(getpid())\n".utf8))
        return NodeClaim(paths: paths, instance: instance, lock: lock)
    }

    /// The process that has claimed a node now; nil when none has. 0: one whose number is not known.
    public static func holder(of paths: NodePaths) throws -> Int32? {
        do {
            // For reading: a state directory that became read-only can still be looked at.
            if try Descriptor.open(lockPath(paths), O_RDONLY | O_NOFOLLOW).tryLock() { return nil }
            return writtenHolder(paths)?.process ?? 0
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// The process that had claimed a node last, or has it now; nil when none ever did.
    public static func lastHolder(of paths: NodePaths) throws -> LastHolder? {
        try text(of: lockPath(paths)).flatMap(LastHolder.init(fileText:))
    }

    /// Writes down when this process ends its work, for whoever asks since when nobody looks after the Pods.
    public func noteEnd(at time: WallTime) throws { try lock.writeAll(Array("\(time.nanoseconds)\n".utf8)) }

    private init(paths: NodePaths, instance: String, lock: consuming Descriptor) {
        self.paths = paths
        self.instance = instance
        self.lock = lock
    }

    private static func lockPath(_ paths: NodePaths) -> String { "\(paths.stateDirectory)/lock" }

    private static func writtenHolder(_ paths: NodePaths) -> LastHolder? {
        // For a message only: an unreadable file leaves the number out of it.
        try? lastHolder(of: paths)
    }

    private static func checkVersion(in directory: String) throws {
        guard let found = try text(of: "\(directory)/version") else {
            return try replaceFile("version", in: directory, with: Array("\(stateVersion)\n".utf8))
        }
        guard let number = Int(found) else {
            throw NodeRuntimeError.damagedFile(path: "\(directory)/version", reason: "it holds no number")
        }
        if number > stateVersion { throw NodeRuntimeError.newerState(directory: directory, version: found) }
    }

    private static func instance(in directory: String) throws -> String {
        if let found = try text(of: "\(directory)/instance") {
            guard found.utf8.count == 16, found.allSatisfy(\.isHexDigit) else {
                throw NodeRuntimeError.damagedFile(path: "\(directory)/instance", reason: "it holds no instance id")
            }
            return found
        }
        let made = randomHexadecimal(digits: 16)
        try replaceFile("instance", in: directory, with: Array("\(made)\n".utf8))
        return made
    }
}

/// Random lower-case hexadecimal digits, from the kernel's generator.
func randomHexadecimal(digits: Int) -> String {
    String(unsafeUninitializedCapacity: digits) { text in
        var bits: UInt64 = 0
        for index in 0..<digits {
            if index % 16 == 0 { bits = .random(in: 0 ... .max) }
            let digit = UInt8(truncatingIfNeeded: bits & 15)
            text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            bits >>= 4
        }
        return digits
    }
}
