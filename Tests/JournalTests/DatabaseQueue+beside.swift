import GRDB

extension DatabaseQueue {
    /// A connection beside the journal's own, which waits while that one writes or comes to its end.
    static func beside(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
