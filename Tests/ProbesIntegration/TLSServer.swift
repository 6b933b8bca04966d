import Foundation
import Glibc
import Linux

/// `openssl s_server`, with a certificate of its own for a name that nobody dials.
final class TLSServer {
    let port: UInt16
    private let process: ChildProcess
    private let folder: URL

    struct NoServer: Error {}

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "probe-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path)
        let maker = try spawn(
            executable: "/usr/bin/openssl",
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                "-out", certificate, "-days", "1", "-subj", "/CN=other.example",
            ])
        guard try maker.reap() == .exited(0) else { throw NoServer() }

        let output = try Linux.Pipe()
        process = try spawn(
            executable: "/usr/bin/openssl",
            arguments: ["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key],
            descriptors: [1: output.writing.raw])
        let reading = output.intoReading()
        var port: UInt16?
        while port == nil, let line = try reading.readLine() {
            port = line.firstMatch(of: /ACCEPT .*:(\d+)/).flatMap { UInt16($0.1) }
        }
        guard let port else { throw NoServer() }
        self.port = port
    }

    func stop() {
        kill(process.pid, SIGKILL)
        // It is ours, so it can be reaped.
        _ = try? process.wait()
        try? FileManager.default.removeItem(at: folder)
    }
}
