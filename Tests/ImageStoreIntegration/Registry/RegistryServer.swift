import Glibc
import ImageStore
import Linux
import Testing

/// Debian's docker-registry on loopback, filled by skopeo; ends with its owner.
final class RegistryServer: Sendable {
    let port: Int
    private let workspace: Workspace
    private let options: Options

    struct Options: Sendable {
        var hasTLS = false
        /// The password of the user `tester`; nil lets everybody in.
        var password: String?
    }

    var host: String { "127.0.0.1:\(port)" }

    /// A server that answers.
    static func start(in workspace: Workspace, _ options: Options = Options()) async throws -> RegistryServer {
        let server = RegistryServer(workspace, options, port: try freePort())
        try await server.configure()
        try await workspace.shell(
            """
            setsid docker-registry serve registry.yml >registry.log 2>&1 </dev/null & echo $! > registry.pid
            for i in $(seq 100); do curl -sk -o /dev/null \(server.url)/v2/ && exit 0; sleep 0.1; done
            cat registry.log >&2; exit 1
            """)
        return server
    }

    private init(_ workspace: Workspace, _ options: Options, port: Int) {
        self.workspace = workspace
        self.options = options
        self.port = port
    }

    deinit {
        guard let text = try? Descriptor.open("\(workspace.path)/registry.pid").readToEnd(),
            let pid = pid_t(String(decoding: text, as: UTF8.self).filter(\.isNumber))
        else { return }
        kill(pid, SIGKILL)
    }

    private var url: String { "\(options.hasTLS ? "https" : "http")://\(host)" }

    private func configure() async throws {
        var configuration = """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: \(workspace.path)/registry}}
            http:
              addr: \(host)

            """
        if options.hasTLS {
            configuration += "  tls: {certificate: \(workspace.path)/tls.crt, key: \(workspace.path)/tls.key}\n"
            try await workspace.shell(
                """
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \
                    -keyout tls.key -out tls.crt 2>/dev/null
                """)
        }
        if let password = options.password {
            configuration += "auth: {htpasswd: {realm: test, path: \(workspace.path)/htpasswd}}\n"
            try await workspace.shell("htpasswd -Bbn tester \(password) > htpasswd")
        }
        try workspace.write(Array(configuration.utf8), to: "registry.yml")
    }

    /// Pushes what lies at skopeo's `source` as `name`.
    func push(_ source: String, as name: String) async throws {
        let credentials = options.password.map { "--dest-creds tester:\($0)" } ?? ""
        try await workspace.shell(
            """
            skopeo --insecure-policy copy -q --dest-tls-verify=false \(credentials) \(source) docker://\(host)/\(name)
            """)
    }

    /// A port nobody listens on now.
    static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw SystemError("socket") }
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && getsockname(listener, generic, &length) == 0
            }
        }
        guard status else { throw SystemError("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
