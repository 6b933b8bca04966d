import Foundation

/// `openssl s_server`, with a certificate of its own for a name that nobody dials.
final class TLSServer {
    let port: UInt16
    private let process: Process
    private let folder: URL

    struct NoServer: Error {}

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "probe-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (
            folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path
        )
        let making = Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key,
            "-out", certificate, "-days", "1", "-subj", "/CN=other.example",
        ])
        try making.run()
        making.waitUntilExit()

        process = Self.openssl([
            "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key,
        ])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = ""
        while !text.contains(/ACCEPT [^\n]*:\d+\n/) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw NoServer() }
            text += String(decoding: more, as: UTF8.self)
        }
        guard let match = text.firstMatch(of: /ACCEPT [^\n]*:(\d+)\n/), let port = UInt16(match.1)
        else {
            throw NoServer()
        }
        self.port = port
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}
