/// What a descriptor of a request is for; one byte each, in the order they ride along.
public enum DescriptorRole {
    /// Directory of a cgroup in the unified tree, to be born in.
    public static let cgroup: UInt8 = 1
    /// The `tasks` file of a v1 cgroup, to be entered.
    public static let cgroupTasks: UInt8 = 2
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
    /// The directory that the log file is in.
    public static let logDirectory: UInt8 = 8
}
