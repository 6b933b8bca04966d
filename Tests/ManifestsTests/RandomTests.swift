import Testing

@testable import Manifests

@Suite("No input breaks the reader")
struct RandomTests {
    private func check(_ contents: [UInt8]) {
        let loaded = Manifests.load([ManifestFile(path: "f", contents: contents)])
        let isEmpty = Documents.split(contents).allSatisfy { document in
            guard var composer = try? Composer(document), let root = try? composer.root() as Node?? else {
                return false
            }
            return root?.isNull ?? true
        }

        let text = String(decoding: contents, as: UTF8.self)
        #expect(
            isEmpty || !loaded.pods.isEmpty || !loaded.diagnostics.isEmpty,
            "nothing said about \(text.debugDescription)")
        #expect(loaded.diagnostics.allSatisfy { $0.position.line > 0 && $0.position.column > 0 })
    }

    @Test("random bytes", arguments: 0..<20 as Range<UInt64>)
    func bytes(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<50 {
            check((0..<Int.random(in: 0...200, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
    }

    @Test("random YAML-like text", arguments: 0..<20 as Range<UInt64>)
    func pieces(seed: UInt64) {
        var random = Seeded(state: seed)
        let pieces = [
            "a", "kind", "Pod", "List", "items", "apiVersion", "v1", ": ", ":\n", "\n", "  ", "- ", "{", "}", "[", "]",
            ",",
            "\"", "'", "|\n", ">", "#", "&a ", "*a", "<<", "!!int ", "1", "~", "---\n", "...\n", "\t", "\r", "\\", "?",
            "%", "é",
            "spec", "metadata", "containers", "null", ".inf",
        ]
        for _ in 0..<100 {
            let count = Int.random(in: 0...40, using: &random)
            check(Array((0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined().utf8))
        }
    }

    @Test("a manifest with a byte changed", arguments: 0..<20 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<50 {
            var bytes = Array(PodTests.full.utf8)
            bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            check(bytes)
        }
    }
}
