/// What a supervisor can do beyond the first release, a bit each, as it says in `hello`.
public enum SupervisorFeatures {
    /// Births are timed.
    public static let timelines: UInt64 = 1 << 0
    /// Log files are rotated.
    public static let logRotation: UInt64 = 1 << 1
    /// An exec may be ended with its client.
    public static let execEndsWithClient: UInt64 = 1 << 2
    /// OOM scores are set, and what a process does without is told.
    public static let notices: UInt64 = 1 << 3
    /// Volumes are mounted: `mount`, and volume steps.
    public static let volumes: UInt64 = 1 << 4
    /// System calls are filtered, groups given, block devices made, and a root is made read-only last.
    public static let securityContexts: UInt64 = 1 << 5
    /// A sandbox may share namespaces of the node's or processes with its containers, and sets kernel parameters.
    public static let hostNamespaces: UInt64 = 1 << 6
    /// A volume may be the node's own mount, so that what a container mounts reaches the node.
    public static let nodesOwnVolumes: UInt64 = 1 << 7
    /// A sandbox may have users of its own.
    public static let ownUsers: UInt64 = 1 << 8
    /// An exec may be answered when it has ended.
    public static let execsAnsweredAtEnd: UInt64 = 1 << 9
    /// A container may have a terminal or an open standard input, and can be attached to.
    public static let attach: UInt64 = 1 << 10
    /// The layers of images are mounted beside the root's.
    public static let imageVolumes: UInt64 = 1 << 11
    /// Everything this release can do.
    public static let all: UInt64 =
        timelines | logRotation | execEndsWithClient | notices | volumes | securityContexts | hostNamespaces
        | nodesOwnVolumes | ownUsers | execsAnsweredAtEnd | attach | imageVolumes
}
