import FoundationEssentials
import NIOHTTP1

/// The question for an access token: with a password a GET, with a refresh token a POST (distribution: oauth).
struct TokenRequest {
    let realm: RegistryAddress
    let service: String?
    let scope: String
    let credential: RegistryCredential?

    /// Where the question goes.
    var address: RegistryAddress? {
        if body != nil { return realm }
        let separator = realm.text.contains("?") ? "&" : "?"
        return RegistryAddress(realm.text + separator + Self.form(fields))
    }

    /// A refresh token's form; nil for a GET.
    var body: String? {
        guard case .identityToken(let token)? = credential else { return nil }
        return Self.form(
            fields + [
                ("grant_type", "refresh_token"), ("client_id", "reconcile-agent"), ("refresh_token", token),
            ])
    }

    var headers: HTTPHeaders {
        if body != nil { return ["Content-Type": "application/x-www-form-urlencoded"] }
        return credential?.basic.map { ["Authorization": $0] } ?? [:]
    }

    private var fields: [(String, String)] { (service.map { [("service", $0)] } ?? []) + [("scope", scope)] }

    /// The token in a server's answer.
    static func token(in answer: [UInt8]) -> String? {
        guard let answer = try? JSON.decode(Answer.self, from: answer) else { return nil }
        return [answer.token, answer.accessToken].compactMap { $0 }.first { !$0.isEmpty && Self.isHeaderSafe($0) }
    }

    private struct Answer: Decodable {
        let token: String?
        let accessToken: String?

        enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
        }
    }

    private static func isHeaderSafe(_ text: String) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
                result.append(character)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}

extension RegistryCredential {
    /// The value of an `Authorization` header; nil for a refresh token, which only token servers understand.
    var basic: String? {
        guard case .password(let user, let password) = self else { return nil }
        return "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }
}
