import CLibGit2
import Manifests

/// One line of a tree. Valid as long as its tree.
struct TreeEntry {
    private let raw: OpaquePointer

    /// The line at `index`; nil behind the last one.
    init?(_ tree: OpaquePointer?, _ index: Int) {
        guard let tree, let entry = git_tree_entry_byindex(tree, index) else { return nil }
        raw = entry
    }

    var name: String { String(cString: git_tree_entry_name(raw)) }
    var mode: git_filemode_t { git_tree_entry_filemode(raw) }
    var id: git_oid { git_tree_entry_id(raw).pointee }

    /// Whether name, kind and content are equal: then all that is below is, too.
    func isSame(as other: TreeEntry) -> Bool {
        mode == other.mode && git_oid_equal(git_tree_entry_id(raw), git_tree_entry_id(other.raw)) == 1
    }

    /// Git's order of the lines of a tree, in which a directory and a file of one name differ: negative, 0 or positive.
    func order(before other: TreeEntry) -> Int32 { git_tree_entry_cmp(raw, other.raw) }

    /// Names that begin with a dot are passed over.
    var isHidden: Bool { git_tree_entry_name(raw).pointee == CChar(bitPattern: UInt8(ascii: ".")) }

    static func all(of tree: OpaquePointer) -> [TreeEntry] {
        (0..<git_tree_entrycount(tree)).compactMap { TreeEntry(tree, $0) }
    }
}

extension String {
    /// Whether a file of this name is read.
    var isManifestName: Bool { [".yaml", ".yml", ".json"].contains(where: hasSuffix) }
}

extension git_oid {
    /// What the id says about the content.
    var contentID: ContentID? {
        withUnsafeBytes(of: self) { ContentID($0) }
    }
}
