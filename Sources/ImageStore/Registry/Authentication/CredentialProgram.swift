import Glibc
import Linux

/// A program that knows credentials: `docker-credential-<name> get`, the registry's name on its standard input.
struct CredentialProgram: Sendable {
    /// Without `docker-credential-`.
    let name: String
    /// Where programs are looked for, as `PATH` lists it.
    let searchPath: String

    private static let patience = Duration.seconds(30)

    /// The credential it has for a registry; nil when it has none.
    ///
    /// - Throws: `ImagePullError.credentialHelper`.
    func credential(for registry: String) async throws -> RegistryCredential? {
        guard let program = program else {
            throw ImagePullError.credentialHelper(name: name, reason: "there is no such program in \(searchPath)")
        }
        let output: WorkerOutput
        do {
            output = try await WorkerCommand(executable: program, arguments: ["get"]).run(
                input: Array(registry.utf8), timeout: Self.patience, outputLimit: 1 << 20)
        } catch let error as WorkerError {
            throw ImagePullError.credentialHelper(name: name, reason: "\(error)")
        }
        guard output.status == .exited(0) else {
            // The protocol says so on standard output; it is no failure.
            if String(decoding: output.standardOutput, as: UTF8.self).contains("credentials not found") { return nil }
            throw ImagePullError.credentialHelper(name: name, reason: "it ended with \(output.status)")
        }
        guard let answer = try? JSON.decode(Answer.self, from: output.standardOutput) else {
            throw ImagePullError.credentialHelper(name: name, reason: "its answer is not understood")
        }
        // docker: this user name says that the secret is a refresh token.
        if answer.username == "<token>" { return .identityToken(answer.secret) }
        return .password(user: answer.username, password: answer.secret)
    }

    /// The first program of this name. A name with a slash in it would be a path of the file author's choice.
    private var program: String? {
        guard !name.isEmpty, !name.contains("/") else { return nil }
        return searchPath.split(separator: ":").map { "\($0)/docker-credential-\(name)" }
            .first { access($0, X_OK) == 0 }
    }

    private struct Answer: Decodable {
        let username: String
        let secret: String

        enum CodingKeys: String, CodingKey {
            case username = "Username"
            case secret = "Secret"
        }
    }
}
