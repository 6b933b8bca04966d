/// A rule that the bytes of an archive break: the archive is at fault, not this machine.
struct Refusal: Error, CustomStringConvertible {
    /// The end of a sentence that starts with the archive's path.
    let description: String
    init(_ description: String) { self.description = description }
}

/// Bytes that make no sense as an archive, because of who made them or of what befell them on their way.
struct UnsoundArchive: Error, CustomStringConvertible {
    /// The end of a sentence that starts with the archive's path.
    let description: String
    init(_ description: String) { self.description = description }
}

/// A failure of this machine while it worked on an archive: disk full, no memory.
struct UnpackFailure: Error, CustomStringConvertible {
    /// What failed and why.
    let description: String
    init(_ description: String) { self.description = description }
}
