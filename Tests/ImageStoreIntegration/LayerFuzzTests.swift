import Glibc
import Linux
import Testing

@testable import ImageStore

@Suite("Layers of all kinds of brokenness")
struct LayerFuzzTests {
    @Test("are unpacked or refused, wholly, and never reach beyond their directory", arguments: 0..<4)
    func layers(seed: UInt64) async throws {
        let workspace = try Workspace()
        try await workspace.shell("mkdir outside && echo canary >outside/canary && cp -a outside before")
        var dice = Dice(seed: seed)
        let store = workspace.store(
            limits: UnpackLimits(entries: 2000, bytes: 32 << 20, ratio: 100, ratioFloor: 1 << 20))
        for round in 0..<12 {
            let layer = Self.layer(&dice, outside: "\(workspace.path)/outside")
            try workspace.write(dockerArchive([layer], tags: ["fuzz:\(round)"]), to: "fuzz.tar")
            do {
                let image = try await store.importArchive("\(workspace.path)/fuzz.tar")
                #expect(image.count == 1)
            } catch let error as ImageStoreError {
                // The archive is at fault; a worker that crashed is the worker's fault.
                let words = error.description
                #expect(
                    !words.contains("signal") && !words.contains("not understood"), "seed \(seed), \(round): \(words)")
                #expect(try store.image(ImageReference(parsing: "fuzz:\(round)")) == nil)
            }
        }

        #expect(try await workspace.fingerprint("outside") == workspace.fingerprint("before"), "seed \(seed)")
        #expect(try await workspace.shell("find store -name '.tmp-*'") == "")
        let found = try await store.verify()
        #expect(found.damages == [] && found.leftovers == [], "seed \(seed)")
    }

    /// A tar of honest and hostile entries, shuffled, and then damaged, or not.
    private static func layer(_ dice: inout Dice, outside: String) -> [UInt8] {
        let names = [
            "a", "a/b", "a/b/c", "link", "link/x", "../x", "/x", ".wh.a", "a/.wh..wh..opq", ".wh..wh.plnk", "./",
            "a//b",
            String(repeating: "n", count: 300), "\u{1}\u{7F}", "é/ü", "..", "a/.wh.", "\(outside)/canary",
        ]
        let targets = [outside, "..", "a", "../../../..", "/", "\(outside)/canary", "link", ""]
        var tar = Tar()
        for _ in 0..<Int.random(in: 1...24, using: &dice) {
            let name = names.randomElement(using: &dice) ?? "a"
            let target = targets.randomElement(using: &dice) ?? ""
            if Int.random(in: 0..<6, using: &dice) == 0 {
                let key =
                    ["path", "linkpath", "size", "uid", "GNU.sparse.map", "SCHILY.xattr.user.a", "hdrcharset", "mtime"]
                    .randomElement(using: &dice) ?? "path"
                tar.addPax([
                    (key, [name, target, "-1", "99999999999999999999", "0,8"].randomElement(using: &dice) ?? "")
                ])
            }
            let kind = Array("00005122367LKgxSV").randomElement(using: &dice) ?? "0"
            let content = [UInt8](repeating: 7, count: Int.random(in: 0...2000, using: &dice))
            tar.add(
                name, kind: kind, link: target, mode: Int.random(in: 0...0o7777, using: &dice),
                user: Int.random(in: 0...9, using: &dice),
                content: kind == "0" || kind == "L" || kind == "K" ? content : [])
        }
        var bytes = tar.finished
        for _ in 0..<(Bool.random(using: &dice) ? 0 : Int.random(in: 1...8, using: &dice)) {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0...2, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 512))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 512)], at: place)
            }
            if bytes.isEmpty { break }
        }
        return bytes
    }
}

/// The repeatable generator of a fuzz test (SplitMix64).
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
