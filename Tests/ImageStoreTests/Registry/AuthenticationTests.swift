import NIOHTTP1
import Testing

@testable import ImageStore

@Suite("Who asks a registry")
struct AuthenticationTests {
    @Test(
        "a challenge is taken apart as RFC 9110 writes it",
        arguments: [
            (
                #"Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull,push""#,
                ["bearer realm=https://auth.example.org/token scope=repository:a/b:pull,push service=registry"]
            ),
            (#"Basic realm="a \"b\", c", Bearer realm=x"#, [#"basic realm=a "b", c"#, "bearer realm=x"]),
            ("Negotiate, basic REALM = \"x\"", ["negotiate", "basic realm=x"]),
            ("", []), (",,", []), (#"Basic realm="open"#, ["basic realm=open"]),
        ] as [(String, [String])])
    func challenges(header: String, expected: [String]) {
        let found = AuthenticationChallenge.parse(header).map { challenge in
            ([challenge.scheme] + challenge.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        }

        #expect(found == expected)
    }

    @Test(
        "credentials are found by the longest name that fits",
        arguments: [
            ("registry.example.org/team/app", ["team", "host"]), ("registry.example.org/other/app", ["host"]),
            ("nginx", ["hub"]), ("a.wild.example.org/app", ["wild"]), ("a.b.wild.example.org/app", []),
            ("registry.example.org:5000/app", []), ("registry.example.org/teams/app", ["host"]),
            ("Registry.Example.org:443/team/app", ["team", "host"]), ("registry.example.org:80/app", []),
            ("registry-1.docker.io/library/nginx", ["hub"]), ("Index.docker.io:443/a/b", ["hub"]),
            ("A.wild.example.org:443/app", ["wild"]),
        ])
    func scopes(image: String, users: [String]) throws {
        let file = try DockerConfigFile(
            parsing: Array(
                """
                {"auths": {
                  "https://index.docker.io/v1/": {"username": "hub", "password": "x"},
                  "registry.example.org": {"auth": "aG9zdDpzZWNyZXQ="},
                  "registry.example.org/team": {"username": "team", "password": "x"},
                  "*.wild.example.org": {"username": "wild", "password": "x"}
                }}
                """.utf8))

        let found = file.matches(try ImageReference(parsing: image)).map { credential in
            guard case .password(let user, _) = credential else { return "token" }
            return user
        }

        #expect(found == users)
    }

    @Test("the older form without auths, refresh tokens and helpers are understood")
    func forms() throws {
        let old = try DockerConfigFile(parsing: Array(#"{"example.org": {"auth": "YTpiOmM="}}"#.utf8))
        let new = try DockerConfigFile(
            parsing: Array(
                #"{"auths": {"example.org": {"identitytoken": "t"}}, "credHelpers": {"gcr.io": "gcloud"}, "credsStore": "pass"}"#
                    .utf8))
        let image = try ImageReference(parsing: "example.org/app")

        #expect(old.matches(image) == [.password(user: "a", password: "b:c")])
        #expect(new.matches(image) == [.identityToken("t")])
        #expect(new.helper(for: "gcr.io") == "gcloud")
        #expect(new.helper(for: "example.org") == "pass")
    }

    @Test("a broken entry is told without its secret")
    func broken() {
        let error = #expect(throws: (any Error).self) {
            try DockerConfigFile(parsing: Array(#"{"auths": {"example.org": {"auth": "c2VjcmV0"}}}"#.utf8))
        }

        #expect(error.map { "\($0)" } == "auths.example.org.auth: is not the Base64 of user:password")
    }

    @Test("a token is asked for with a password in a header, with a refresh token in a form, never in the address")
    func tokens() throws {
        let realm = try #require(RegistryAddress("https://auth.example.org/token?x=1"))
        let basic = TokenRequest(
            realm: realm, service: "r s", scope: "repository:a:pull",
            credential: .password(user: "u", password: "p"))
        let refresh = TokenRequest(
            realm: realm, service: nil, scope: "s", credential: .identityToken("a&b"))

        #expect(
            basic.address?.text == "https://auth.example.org/token?x=1&service=r%20s&scope=repository%3Aa%3Apull")
        #expect(basic.headers.first(name: "Authorization") == "Basic dTpw")
        #expect(refresh.address == realm)
        #expect(
            refresh.body == "scope=s&grant_type=refresh_token&client_id=reconcile-agent&refresh_token=a%26b")
        #expect(TokenRequest.token(in: Array(#"{"access_token": "x", "expires_in": 60}"#.utf8)) == "x")
        #expect(TokenRequest.token(in: Array(#"{"token": "a\r\nX: y"}"#.utf8)) == nil)
    }

    @Test("no description shows a secret")
    func secrecy() {
        #expect(!"\(RegistryCredential.password(user: "u", password: "secret"))".contains("secret"))
        #expect(!"\(RegistryCredential.identityToken("secret"))".contains("secret"))
    }

    @Test("pauses double, vary, and follow the registry's wish up to a limit")
    func pauses() {
        let retries = Retries(jitter: { 0.5 })

        #expect(retries.pause(after: 0, wish: nil) == .milliseconds(250))
        #expect(retries.pause(after: 3, wish: nil) == .seconds(2))
        #expect(retries.pause(after: 60, wish: nil) == .seconds(15))
        #expect(retries.pause(after: 0, wish: 7) == .seconds(7))
        #expect(retries.pause(after: 0, wish: 86_400) == .seconds(30))
        #expect(retries.pause(after: 0, wish: -5) == .milliseconds(250))
    }
}
