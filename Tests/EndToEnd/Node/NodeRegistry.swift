import Foundation

/// A registry on a node's loopback link that a mirror setting makes Docker's own; ends with its owner.
final class NodeRegistry: Sendable {
    private let node: TestNode
    private let server: BackgroundCommand
    private let password: String?

    /// What an agent is told, so that it asks here.
    var variables: [String: String] { ["RECONCILE_AGENT_REGISTRIES": "\(node.base)/registries.yaml"] }

    /// - Parameter password: of the user `tester`; nil lets everybody in.
    init(on node: TestNode, password: String? = nil) async throws {
        self.node = node
        self.password = password
        func write(_ text: String, to name: String) throws {
            try text.write(toFile: "\(node.base)/\(name)", atomically: true, encoding: .utf8)
        }
        try write(
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: \(node.base)/registry}}
            http: {addr: "127.0.0.1:5000"}
            \(password == nil ? "" : "auth: {htpasswd: {realm: test, path: \(node.base)/htpasswd}}")

            """, to: "registry.yml")
        if let password {
            let entry = try await node.run("/usr/bin/htpasswd", ["-Bbn", "tester", password])
            try write(entry.output, to: "htpasswd")
        }
        try write(
            """
            registries:
              - prefix: docker.io
                location: 127.0.0.1:5000
                insecure: true

            """, to: "registries.yaml")
        server = try node.startInBackground(
            program: "/usr/bin/docker-registry", ["serve", "\(node.base)/registry.yml"])
        try await node.eventually("the registry answers") {
            try await node.run("/usr/bin/curl", ["-s", "-o", "/dev/null", "http://127.0.0.1:5000/v2/"]).status == 0
        }
    }

    /// Pushes an image under a name of Docker's registry.
    func push(_ image: DemoImage, as name: String) async throws {
        let archive = try await DemoImage.archives(of: [image])[0]
        let said = try await node.run(
            "/usr/bin/skopeo",
            ["--insecure-policy", "copy", "-q", "--dest-tls-verify=false"]
                + (password.map { ["--dest-creds", "tester:\($0)"] } ?? [])
                + [
                    "docker-archive:\(archive)",
                    "docker://127.0.0.1:5000/\(name)",
                ])
        guard said.status == 0 else { throw NodeFailure("the image cannot be pushed: \(said)") }
    }

    /// The same, and what is large of it has gone missing in the registry, until `mend`.
    func pushBroken(_ image: DemoImage, as name: String) async throws {
        try await shell("touch marker")
        try await push(image, as: name)
        try await shell("find registry -name data -newer marker -size +64k -exec mv {} {}.away \\;")
        try await shell("find registry -name data.away | grep -q .")
    }

    /// What has gone missing is there again.
    func mend() async throws {
        try await shell("for blob in $(find registry -name data.away); do mv $blob ${blob%.away}; done")
    }

    private func shell(_ script: String) async throws {
        let said = try await node.run("/bin/sh", ["-euc", "cd \(node.base); \(script)"])
        guard said.status == 0 else { throw NodeFailure("the registry's files: \(said)") }
    }
}
