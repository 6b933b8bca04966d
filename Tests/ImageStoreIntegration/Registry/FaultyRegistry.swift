import Glibc
import ImageStore
import Linux
import Testing

/// A registry between a client and a real one that does something wrong; ends with its owner.
final class FaultyRegistry: Sendable {
    /// What it does wrong.
    enum Fault: String, Sendable, CaseIterable {
        /// Every blob breaks off once in the middle; a range of it comes whole.
        case truncateOnce = "truncate-once"
        /// The same, and ranges are not known: the whole blob comes again.
        case truncateWithoutRanges = "truncate-without-ranges"
        /// No blob ever comes further than its middle.
        case truncateAlways = "truncate-always"
        /// One byte of every blob is another one.
        case corrupt
        /// Every large blob begins with noise and breaks off once; ranges are not known, and the next transfer is right.
        case garbleOnce = "garble-once"
        /// One byte in the middle of every large blob is another one.
        case corruptMiddle = "corrupt-middle"
        /// The last byte of every large blob is another one.
        case corruptEnd = "corrupt-end"
        /// Large blobs come without their last 64 KiB, until `release`.
        case withhold
        /// Blobs go on after their end.
        case lengthen
        /// A manifest asked for by its digest is another one.
        case lie
        /// The connection is reset, twice.
        case resetTwice = "reset-twice"
        /// 503, twice.
        case unavailableTwice = "unavailable-twice"
        /// 429, always.
        case tooMany = "too-many"
        /// Blobs are at another origin, which is told of in `visits`.
        case redirect
        /// A manifest that is index and manifest at once.
        case ambiguous
        /// A manifest that is neither.
        case neither
        /// A page of some other server, whatever is asked for.
        case page
        /// Every answer takes its time.
        case delay
        /// Every large blob stops in its middle once, and its connection stays open.
        case stallOnce = "stall-once"
        /// Blobs come drop by drop.
        case slow
    }

    let port: Int
    private let workspace: Workspace

    var host: String { "127.0.0.1:\(port)" }

    static func start(
        _ fault: Fault, before server: RegistryServer, in workspace: Workspace
    ) async throws -> FaultyRegistry {
        let proxy = FaultyRegistry(port: try RegistryServer.freePort(), workspace)
        try workspace.write(Array(script.utf8), to: "faulty.py")
        try await workspace.shell(
            """
            setsid python3 faulty.py \(proxy.port) \(server.host) \(fault.rawValue) >faulty.log 2>&1 </dev/null & echo $! > faulty.pid
            for i in $(seq 200); do curl -s -o /dev/null http://\(proxy.host)/v2/ && exit 0; sleep 0.1; done
            cat faulty.log >&2; exit 1
            """)
        return proxy
    }

    private init(port: Int, _ workspace: Workspace) {
        self.port = port
        self.workspace = workspace
    }

    deinit {
        guard let text = try? Descriptor.open("\(workspace.path)/faulty.pid").readToEnd(),
            let pid = pid_t(String(decoding: text, as: UTF8.self).filter(\.isNumber))
        else { return }
        kill(pid, SIGKILL)
    }

    /// The requests so far: path, and whether credentials came with it.
    func visits() async throws -> [String] {
        try await workspace.shell("cat visits 2>/dev/null || :").split(separator: "\n").map(String.init)
    }

    /// Whether a blob of which something is withheld was sent to its end.
    var hasReleased: Bool { access("\(workspace.path)/released", F_OK) == 0 }

    /// Withholds nothing any more.
    func release() throws { try workspace.write([], to: "release") }

    private static let script = #"""
        import http.server, json, os, socket, sys, time, urllib.request, urllib.error
        port, upstream, fault = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        count = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass

            def do_GET(self):
                first = count.get(self.path, 0) == 0
                count[self.path] = count.get(self.path, 0) + 1
                with open("visits", "a") as file:
                    file.write("%s %s %s\n" % (self.headers.get("Host"), self.path, "credentials" if "Authorization" in self.headers else "anonymous"))
                if self.path == "/v2/": return self.answer(200, {}, b"{}")
                if fault == "delay": time.sleep(0.2)
                if fault == "page": return self.answer(200, {"Content-Type": "text/html"}, b"<html>Please log in.</html>")
                if fault == "too-many": return self.answer(429, {"Retry-After": "0"}, b"")
                if fault == "unavailable-twice" and count[self.path] <= 2: return self.answer(503, {}, b"")
                if fault == "reset-twice" and count[self.path] <= 2: return self.reset()
                if fault == "redirect" and "/blobs/" in self.path and self.headers.get("Host", "").startswith("127."):
                    return self.answer(307, {"Location": "http://localhost:%d%s" % (port, self.path)}, b"")
                status, headers, body = self.fetch(fault not in ("truncate-without-ranges", "garble-once"))
                if "/manifests/" in self.path:
                    if fault == "lie" and "sha256:" in self.path: body = body + b" "
                    if fault == "ambiguous":
                        document = json.loads(body)
                        document["manifests"] = []
                        body = json.dumps(document).encode()
                    if fault == "neither": body = b'{"schemaVersion": 2}'
                    return self.answer(status, headers, body)
                if fault == "slow": return self.answer(status, headers, body, pace=0.002)
                if fault == "stall-once" and first and len(body) > 100000: return self.answer(status, headers, body, len(body) // 2, hang=20)
                if len(body) > 100000 and fault in ("corrupt-middle", "corrupt-end"):
                    place = len(body) // 2 if fault == "corrupt-middle" else len(body) - 1
                    body = body[:place] + bytes([body[place] ^ 1]) + body[place + 1:]
                if fault == "garble-once" and first and len(body) > 100000:
                    return self.answer(status, headers, b"noise" * 100 + body[500:], len(body) // 2, hang=1)
                if fault == "withhold" and len(body) > 100000: return self.answer(status, headers, body, withheld=65536)
                if fault == "corrupt" and body: body = bytes([body[0] ^ 1]) + body[1:]
                if fault == "lengthen": body += b"more"
                if fault.startswith("truncate") and (first or fault == "truncate-always") and len(body) > 1:
                    return self.answer(status, headers, body, len(body) // 2)
                self.answer(status, headers, body)

            def fetch(self, ranges):
                wanted = {name: value for name, value in self.headers.items() if name.lower() in ("accept", "authorization", "range")}
                if not ranges: wanted.pop("Range", None)
                # The other origin knows its own ways to the blobs.
                if self.headers.get("Host", "").startswith("localhost"): wanted["Authorization"] = "Basic dGVzdGVyOnMzY3JldA=="
                try:
                    with urllib.request.urlopen(urllib.request.Request("http://" + upstream + self.path, headers=wanted)) as answer:
                        return answer.status, dict(answer.headers), answer.read()
                except urllib.error.HTTPError as error:
                    return error.code, dict(error.headers), error.read()

            def answer(self, status, headers, body, only=None, hang=0, pace=0, withheld=0):
                self.send_response(status)
                for name in headers:
                    if name.lower() not in ("content-length", "connection", "date", "server"): self.send_header(name, headers[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if withheld:
                    self.wfile.write(body[:-withheld])
                    self.wfile.flush()
                    while not os.path.exists("release"): time.sleep(0.02)
                    body = body[-withheld:]
                    open("released", "w").close()
                step = 8192 if pace else max(1, len(body))
                for start in range(0, len(body if only is None else body[:only]), step):
                    self.wfile.write(body[start:min(start + step, len(body) if only is None else only)])
                    time.sleep(pace)
                if hang:
                    self.wfile.flush()
                    time.sleep(hang)
                if only is not None: self.reset()

            def reset(self):
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """#
}
