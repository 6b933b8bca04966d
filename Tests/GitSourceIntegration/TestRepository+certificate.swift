import Testing

extension TestRepository {
    /// Makes a certificate for `localhost` that nobody has signed, and returns the file with it and its key.
    func makeCertificate(_ name: String = "server") async throws -> String {
        let file = "\(directory)/\(name).pem"
        try await run(
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", file,
            "-out", "\(file).crt")
        try await run("/bin/sh", "-c", "cat \(file).crt >>\(file)")
        return file
    }
}
