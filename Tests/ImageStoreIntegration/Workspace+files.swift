import Glibc
import Linux
import Testing

extension Workspace {
    func bytes(of name: String) async throws -> [UInt8] { try Descriptor.open("\(path)/\(name)").readToEnd() }

    func setAttribute(_ attribute: String, _ value: String, of name: String) throws {
        try Descriptor.open("\(path)/\(name)").setExtendedAttribute(attribute, value)
    }

    /// All that a tree is, as one archive: names, modes, owners, times, links, attributes and content.
    ///
    /// The times of access and of status changes are left out: nobody can restore them.
    func fingerprint(_ directory: String) async throws -> String {
        try await shell(
            """
            LC_ALL=C tar --format=posix --pax-option=exthdr.name=x,delete=atime,delete=ctime --sort=name --numeric-owner \
                --xattrs --xattrs-include='*' -C '\(directory)' -cf - . | tee last-fingerprint.tar | sha256sum
            """)
    }
}
