import Testing

@testable import ImageStore

/// What registries and archives send is read by the agent itself: whatever it is, it is read as what it says, or refused.
@Suite("Documents of all kinds of brokenness")
struct DocumentFuzzTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)
    private static let descriptor = #"{"mediaType":"m","digest":"\#(digest)","size":7,"annotations":{"a":"b"}}"#

    private static let manifest =
        #"{"schemaVersion":2,"config":\#(descriptor),"layers":[\#(descriptor),\#(descriptor)]}"#
    private static let index = """
        {"schemaVersion":2,"manifests":[{"digest":"\(digest)","size":7,"platform":{"os":"linux","architecture":"amd64"}},
        {"digest":"\(digest)","size":9,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}
        """
    private static let config = """
        {"os":"linux","architecture":"amd64","created":"2001-02-03T04:05:06.123456789Z","config":{"Cmd":["a"],"Env":["A=b"],
        "Entrypoint":null,"User":"7:8","WorkingDir":"/w","StopSignal":"SIGQUIT","Labels":{"l":"v"}},
        "rootfs":{"type":"layers","diff_ids":["\(digest)"]}}
        """
    private static let claim = """
        {"critical":{"identity":{"docker-reference":"docker.io/library/nginx"},"image":{"docker-manifest-digest":"\(digest)"},
        "type":"cosign container image signature"},"optional":null}
        """
    private static let login = #"{"auths":{"a.b":{"auth":"dGVzdGVyOnB3"}},"credHelpers":{"c.d":"x"},"credsStore":"y"}"#

    @Test("are read as what they say, or refused; the same twice", arguments: 0..<8)
    func documents(seed: UInt64) throws {
        var dice = SeededDice(seed: seed)
        for round in 0..<250 {
            let manifest = dice.mutated(round % 2 == 0 ? Self.manifest : Self.index)
            switch try? JSON.decode(OCIDocument.self, from: manifest).content(of: Digest(of: manifest)) {
            case .manifest(let config, let layers):
                for blob in [config] + layers {
                    #expect(blob.digest.hex.utf8.count == 64, "seed \(seed), round \(round)")
                }
            case .index(let manifests): #expect(manifests.allSatisfy { $0.digest.hex.utf8.count == 64 })
            case nil: break
            }
            let config = dice.mutated(Self.config)
            let read = try? JSON.decode(ConfigFile.self, from: config)
            #expect((try? JSON.decode(ConfigFile.self, from: config))?.imageConfig == read?.imageConfig)
            let claim = dice.mutated(Self.claim)
            if let claim = try? SignedClaim(parsing: claim) { #expect(claim.digest.hex.utf8.count == 64) }
            _ = try? DockerConfigFile(parsing: dice.mutated(Self.login))
        }
    }

    @Test("names are read back as they were written, or refused", arguments: 0..<8)
    func names(seed: UInt64) throws {
        var dice = SeededDice(seed: seed)
        let pieces = [
            "nginx", "a.b", ":5000", "/", ":", "@", Self.digest, "-", "__", ".", "A", "é", "latest", " ", "..", "\0",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 1...6, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }
                .joined()
            guard let name = try? ImageReference(parsing: text) else { continue }
            #expect(try ImageReference(parsing: name.description) == name, "\(text)")
            #expect(try ImageReference(parsing: name.familiar) == name, "\(text)")
            #expect(!name.repository.split(separator: "/", omittingEmptySubsequences: false).contains(".."))
        }
    }

    @Test("challenges end, whatever they hold", arguments: 0..<4)
    func challenges(seed: UInt64) {
        var dice = SeededDice(seed: seed)
        let header = #"Bearer realm="https://a.b/token",service="s",scope="repository:a:pull", Basic realm="x\"y""#
        for _ in 0..<500 {
            let text = String(decoding: dice.mutated(header), as: UTF8.self)
            for challenge in AuthenticationChallenge.parse(text) { #expect(!challenge.scheme.isEmpty) }
        }
    }

    @Test("a document nested without end is refused")
    func nested() {
        let deep = Array((String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).utf8)
        let inside = Array((#"{"manifests":"# + String(repeating: "[{\"a\":", count: 50_000)).utf8)

        #expect(throws: (any Error).self) { try JSON.decode(OCIDocument.self, from: deep) }
        #expect(throws: (any Error).self) { try JSON.decode(OCIDocument.self, from: inside) }
    }
}

/// The repeatable generator of a fuzz test (SplitMix64).
struct SeededDice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A text with a few bytes changed, cut, doubled, or replaced by what parsers stumble over.
    mutating func mutated(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        let traps = [
            "null", "{}", "[]", "-1", "9223372036854775808", "1e999", "\"\"", "\\u0000", "\u{FEFF}", "sha256:",
            "\"\\ud800\"",
            "true", "]]]]", "\"size\":-7,", "\"manifests\":[],",
        ]
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            guard !bytes.isEmpty else { break }
            let place = Int.random(in: 0..<bytes.count, using: &self)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &self))
            switch Int.random(in: 0...5, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.replaceSubrange(place..<end, with: Array((traps.randomElement(using: &self) ?? "").utf8))
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
