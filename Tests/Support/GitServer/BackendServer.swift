import Glibc
import Linux

/// An HTTP or HTTPS server that serves repositories by `git http-backend`, on a port of its own of the loopback address.
///
/// Python's own server around git's own program: both are on every Debian machine, and neither needs any set-up.
/// `/private/` wants the user `ada` with the password `s3cret`, `/moved/` redirects to the same host, `/away/` to
/// another one, `/closed/` answers 403, and `/slow/` sends a byte now and then, without end.
public final class BackendServer: Sendable {
    /// Where it listens.
    public let port: UInt16
    /// Whether it speaks https.
    public let isEncrypted: Bool
    private let directory: String
    private let process: ChildProcess
    private let input: Descriptor

    /// Starts a server for the repositories in `directory`; it ends with this object, or with this process.
    ///
    /// - Parameters:
    ///   - certificate: a PEM file with key and certificate, for HTTPS; nil for HTTP.
    ///   - port: one that is free; any by default.
    public init(serving directory: String, certificate: String? = nil, sendingTo other: UInt16 = 1, port: UInt16 = 0)
        throws
    {
        let input = try Pipe()
        let output = try Pipe()
        process = try spawn(
            executable: "/usr/bin/python3",
            arguments: ["-c", Self.program, directory, certificate ?? "", String(other), String(port)],
            environment: ["PATH": "/usr/bin:/bin", "HOME": directory],
            descriptors: [0: input.reading.raw, 1: output.writing.raw, 2: STDERR_FILENO])
        self.input = input.intoWriting()
        self.directory = directory
        isEncrypted = certificate != nil
        let ends = output.intoReading()
        self.port = UInt16(try ends.readLine() ?? "") ?? 0
        if self.port == 0 { throw SystemError("bind", "a port of the loopback address", code: EADDRINUSE) }
    }

    deinit {
        process.killGroup()
        _ = try? process.wait()
    }

    /// Kills the server, and with it every connection; it is reaped with this object.
    public func kill() { process.killGroup() }

    /// The URL of a repository below the served directory.
    public func url(_ path: String, host: String = "localhost") -> String {
        "\(isEncrypted ? "https" : "http")://\(host):\(port)/\(path)"
    }

    /// The requests so far, one a line: method, path, and what the client said it was.
    public func requests() throws -> [String] {
        let file = "\(directory)/requests-\(port)"
        guard access(file, F_OK) == 0 else { return [] }
        return try String(decoding: Descriptor.open(file).readToEnd(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// How many connections brought those requests.
    public func connections() throws -> Int {
        let lines = try Descriptor.open("\(directory)/connections-\(port)").readToEnd()
        return Set(String(decoding: lines, as: UTF8.self).split(separator: "\n")).count
    }

    private static let program = #"""
        import base64, http.server, os, ssl, subprocess, sys, threading, time
        root, certificate, other, wanted = sys.argv[1:5]
        login = 'Basic ' + base64.b64encode(b'ada:s3cret').decode()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *words): pass
            def do_GET(self): self.answer()
            def do_POST(self): self.answer()

            def tell(self, status, headers=(), body=b''):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                if self.headers.get('Transfer-Encoding') != 'chunked':
                    return self.rfile.read(int(self.headers.get('Content-Length') or 0))
                body = b''
                while True:
                    size = int(self.rfile.readline(), 16)
                    body += self.rfile.read(size)
                    self.rfile.readline()
                    if size == 0: return body

            def answer(self):
                body = self.body()
                shown = self.headers.get('Authorization')
                with open('%s/requests-%d' % (root, port), 'a') as log:
                    log.write('%s %s %s\n' % (self.command, self.path, shown))
                with open('%s/connections-%d' % (root, port), 'a') as log:
                    log.write('%d\n' % self.client_address[1])
                path, _, query = self.path.partition('?')
                kind, _, rest = path[1:].partition('/')
                if kind == 'closed': return self.tell(403)
                if kind == 'moved': return self.tell(302, [('Location', '/private/' + rest + '?' + query)])
                if kind == 'away':
                    return self.tell(302, [('Location', 'http%s://127.0.0.1:%s/%s?%s' % ('s' if certificate else '', other, rest, query))])
                if kind == 'slow':
                    self.send_response(200)
                    self.send_header('Content-Type', 'application/x-git-upload-pack-advertisement')
                    self.end_headers()
                    self.wfile.write(b'fff0')
                    while True:
                        self.wfile.write(b'x')
                        time.sleep(0.05)
                if kind == 'private':
                    path = '/' + rest
                    if shown != login: return self.tell(401, [('WWW-Authenticate', 'Basic realm="git"')])
                environment = {
                    'PATH': os.environ['PATH'], 'HOME': root, 'GIT_PROJECT_ROOT': root, 'GIT_HTTP_EXPORT_ALL': '1',
                    'PATH_INFO': path, 'QUERY_STRING': query, 'REQUEST_METHOD': self.command,
                    'CONTENT_TYPE': self.headers.get('Content-Type') or '', 'CONTENT_LENGTH': str(len(body)),
                    'GIT_CONFIG_COUNT': '1', 'GIT_CONFIG_KEY_0': 'safe.directory', 'GIT_CONFIG_VALUE_0': '*'}
                encoding = self.headers.get('Content-Encoding')
                if encoding: environment['HTTP_CONTENT_ENCODING'] = encoding
                run = subprocess.run(['git', 'http-backend'], input=body, env=environment, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL)
                head, _, body = run.stdout.partition(b'\r\n\r\n')
                headers = [line.split(': ', 1) for line in head.decode().split('\r\n')]
                status = next((int(value.split()[0]) for name, value in headers if name == 'Status'), 200)
                self.tell(status, [header for header in headers if header[0] != 'Status'], body)

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, address): pass

        server = Server(('127.0.0.1', int(wanted)), Handler)
        port = server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(port, flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        server.serve_forever()
        """#
}
