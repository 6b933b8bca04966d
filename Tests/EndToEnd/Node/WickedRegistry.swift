import Foundation

/// A registry on a node's loopback link that a mirror setting makes Docker's own, and each of whose images is wrong in a way
/// of its own; ends with its owner.
final class WickedRegistry: Sendable {
    private let server: BackgroundCommand
    private let file: String

    /// What an agent is told, so that it asks here.
    var variables: [String: String] { ["RECONCILE_AGENT_REGISTRIES": file] }

    /// - Parameter layerSize: of the image `huge`, in bytes.
    init(on node: TestNode, layerSize: Int = 0) async throws {
        file = "\(node.base)/registries.yaml"
        try """
        registries:
          - prefix: docker.io
            location: 127.0.0.1:5000
            insecure: true
          - prefix: down.example.org
            location: 127.0.0.1:1
            insecure: true

        """.write(toFile: file, atomically: true, encoding: .utf8)
        let program = "\(node.base)/wicked.py"
        try Self.script.write(toFile: program, atomically: true, encoding: .utf8)
        server = try node.startInBackground(program: "/usr/bin/python3", [program, "\(layerSize)"])
        try await node.eventually("the registry answers") {
            try await node.run("/usr/bin/curl", ["-s", "-o", "/dev/null", "http://127.0.0.1:5000/v2/"]).status == 0
        }
    }

    private static let script = #"""
        import hashlib, http.server, io, json, os, sys, tarfile
        arch = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
        blobs = {}

        def blob(data):
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            blobs[digest] = data
            return {"digest": digest, "size": len(data)}

        def layer(name, size=1000):
            file = io.BytesIO()
            with tarfile.open(fileobj=file, mode="w") as tar:
                entry = tarfile.TarInfo(name)
                entry.size = size
                tar.addfile(entry, io.BytesIO(os.urandom(size)))
            return file.getvalue()

        def manifest(tar):
            described = blob(tar)
            config = json.dumps({"os": "linux", "architecture": arch, "config": {"Cmd": ["/x"]},
                                 "rootfs": {"type": "layers", "diff_ids": [described["digest"]]}}).encode()
            return {"schemaVersion": 2, "config": blob(config), "layers": [described]}

        foreign = {"digest": "sha256:" + 64 * "0", "size": 2, "platform": {"os": "linux", "architecture": "s390x"}}
        manifests = {"platform": {"schemaVersion": 2, "manifests": [foreign]}, "neither": {"schemaVersion": 2},
                     "digest": manifest(layer("file")), "limits": manifest(layer("file")),
                     "hostile": manifest(layer("../evil")), "huge": manifest(layer("file", int(sys.argv[1])))}
        manifests["limits"]["layers"][0]["size"] = 1 << 40
        garbled = manifests["digest"]["layers"][0]["digest"]
        blobs[garbled] = blobs[garbled][:-1] + b"x"

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass

            def do_GET(self):
                parts = self.path.split("/")
                if self.path == "/v2/": return self.answer(200, b"{}")
                if parts[3] == "private": return self.answer(401, b"{}", {"WWW-Authenticate": 'Basic realm="test"'})
                if parts[4] == "blobs" and parts[5] in blobs: return self.answer(200, blobs[parts[5]])
                if parts[4] == "manifests" and parts[3] in manifests:
                    return self.answer(200, json.dumps(manifests[parts[3]]).encode())
                self.answer(404, b"{}")

            def answer(self, status, body, headers={}):
                self.send_response(status)
                for name in headers: self.send_header(name, headers[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        http.server.ThreadingHTTPServer(("127.0.0.1", 5000), Handler).serve_forever()
        """#
}
