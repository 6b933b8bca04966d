import GitSource
import Glibc
import Linux
import Testing

/// A real sshd on a port of its own of the loopback address, with its own keys, users and configuration: nothing of the
/// machine's is read or changed, because it runs in a mount namespace with files of its own over the machine's.
final class SSHServer: Sendable {
    let directory: String
    let listener: LoopbackListener
    var port: UInt16 { listener.port }

    /// The private key that user `git` may log in with.
    var key: String { "\(directory)/ssh/key" }

    /// Starts a server for the repositories of the machine, with a host key of each type.
    init(in repository: TestRepository) async throws {
        directory = repository.directory
        let ssh = "\(directory)/ssh"
        try await repository.run("/bin/mkdir", "-m", "700", ssh)
        for (name, type) in [("key", "ed25519"), ("stranger", "ed25519"), ("ed25519", "ed25519"), ("ecdsa", "ecdsa")] {
            try await repository.run("/usr/bin/ssh-keygen", "-q", "-t", type, "-N", "", "-f", "\(ssh)/\(name)")
        }
        let files = [
            "config": """
            HostKey \(ssh)/ed25519
            HostKey \(ssh)/ecdsa
            AuthorizedKeysFile \(ssh)/key.pub
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            LogLevel ERROR
            PidFile none

            """,
            "passwd":
                "root:x:0:0::/root:/bin/sh\nsshd:x:65533:65534::/run/sshd:/bin/false\ngit:x:0:0::\(directory):/bin/sh\n",
            "shadow": "root:*:1:0:99999:7:::\nsshd:*:1:0:99999:7:::\ngit:*:1:0:99999:7:::\n",
            "start": """
            mount --bind \(ssh)/passwd /etc/passwd && mount --bind \(ssh)/shadow /etc/shadow || exit
            mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec /usr/sbin/sshd -i -e -f \(ssh)/config

            """,
        ]
        for (name, text) in files {
            try Descriptor.open("\(ssh)/\(name)", O_WRONLY | O_CREAT).writeAll(Array(text.utf8))
        }
        let listener = try LoopbackListener()
        self.listener = listener
        try startThread {
            while let connection = try? listener.accept() { _ = try? Self.answer(connection, ssh) }
        }
    }

    deinit { listener.stop() }

    /// What ssh-keyscan would print for this server.
    func knownHosts(_ type: String = "ed25519", host: String? = nil) throws -> String {
        let key = try String(decoding: Descriptor.open("\(directory)/ssh/\(type).pub").readToEnd(), as: UTF8.self)
        let fields = key.split(separator: " ")
        return "\(host ?? "[127.0.0.1]:\(port)") \(fields[0]) \(fields[1])"
    }

    private static func answer(_ connection: borrowing Descriptor, _ ssh: String) throws(SystemError) {
        let server = try spawn(
            executable: "/usr/bin/unshare", arguments: ["--mount", "/bin/sh", "\(ssh)/start"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            descriptors: [0: connection.raw, 1: connection.raw])
        try server.reap()
    }
}
