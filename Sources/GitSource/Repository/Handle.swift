import CLibGit2

/// An object of libgit2 with one owner; freed when the owner lets go of it.
struct Handle: ~Copyable {
    /// Valid as long as this value lives.
    let raw: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Takes over what `make` makes.
    init(
        _ call: String, free: @escaping (OpaquePointer?) -> Void, _ make: (inout OpaquePointer?) -> Int32
    ) throws(LibGit2Error) {
        var pointer: OpaquePointer?
        try check(call, make(&pointer))
        guard let pointer else { throw LibGit2Error(call: call, code: GIT_ERROR.rawValue) }
        raw = pointer
        self.free = free
    }

    deinit { free(raw) }
}

/// A failure inside libgit2, in its own words.
struct LibGit2Error: Error, CustomStringConvertible {
    let call: String
    let code: git_error_code
    /// Which part of libgit2 failed.
    let category: git_error_t
    let message: String

    /// Takes the words that libgit2 left for this thread.
    init(call: String, code: Int32) {
        self.call = call
        self.code = git_error_code(code)
        let last = git_error_last()?.pointee
        category = git_error_t(UInt32(max(0, last?.klass ?? 0)))
        message = last?.message.map { String(cString: $0) } ?? "error \(code)"
    }

    var description: String { "\(call): \(message)" }
}

/// Throws when a call of libgit2 returned an error.
@discardableResult
func check(_ call: String, _ result: Int32) throws(LibGit2Error) -> Int32 {
    if result < 0 { throw LibGit2Error(call: call, code: result) }
    return result
}

extension Revision {
    /// The commit that libgit2 means.
    init?(_ id: git_oid) {
        var id = id
        guard let digits = git_oid_tostr_s(&id) else { return nil }
        self.init(String(cString: digits))
    }

    /// The commit as libgit2 wants it.
    func id() throws(LibGit2Error) -> git_oid {
        var id = git_oid()
        try check("git_oid_fromstr", git_oid_fromstr(&id, commit))
        return id
    }
}
