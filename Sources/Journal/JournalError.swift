/// What can go wrong with the journal; none of it stops healing.
public enum JournalError: Error, Sendable, CustomStringConvertible {
    /// The file cannot be opened, and is not merely damaged.
    case cannotOpen(path: String, reason: String)
    /// A newer release wrote it.
    case newer(path: String)
    /// There is no journal to read.
    case missing(path: String)
    /// A query failed.
    case cannotRead(path: String, reason: String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "the journal \(path) cannot be opened: \(reason); check the directory's permissions and free space"
        case .newer(let path):
            "the journal \(path) was written by a newer release, and is left as it is: use that release, "
                + "or move the file away to begin a new history"
        case .missing(let path):
            "there is no journal at \(path); nothing has been reconciled with this state directory yet"
        case .cannotRead(let path, let reason): "the journal \(path) cannot be read: \(reason)"
        }
    }
}
