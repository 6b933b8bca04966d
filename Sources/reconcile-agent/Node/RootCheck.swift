import Glibc

/// - Throws: `CommandFailure` (usage) when this is not root.
func requireRoot(_ verb: String) throws {
    if geteuid() == 0 { return }
    throw CommandFailure(
        .usage, "\(verb) must run as root: namespaces, links and files of other owners are its work",
        hint: "sudo reconcile-agent \(verb) ...")
}
