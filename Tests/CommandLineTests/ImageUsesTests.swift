import ImageStore
import PodModel
import Testing

@testable import reconcile_agent

@Suite("Which images are given up first")
struct ImageUsesTests {
    private func time(_ seconds: Int64) -> BootTime { BootTime(nanoseconds: seconds * 1_000_000_000) }

    private func names(_ names: String...) throws -> [ImageReference] { try names.map(ImageReference.init(parsing:)) }

    @Test("those that nobody has needed for the longest time; never one that is needed, or new")
    func order() throws {
        let (old, used, running) = (try names("old")[0], try names("used")[0], try names("running")[0])
        var uses = ImageUses()

        uses.note([old, used, running], needed: [used, running], at: time(0))
        #expect(uses.candidates(at: time(0)) == [], "all are new")
        uses.note([old, used, running], needed: [used, running], at: time(300))
        #expect(uses.candidates(at: time(300)) == [old])
        let new = try names("new")[0]
        uses.note([old, used, running, new], needed: [running], at: time(600))

        #expect(uses.candidates(at: time(600)) == [old, used])
    }

    @Test("an image that went and came back is new")
    func back() throws {
        let image = try names("app:1")
        var uses = ImageUses()
        uses.note(image, needed: [], at: time(0))
        uses.note([], needed: [], at: time(300))
        uses.note(image, needed: [], at: time(600))

        #expect(uses.candidates(at: time(600)) == [])
        uses.note(image, needed: [], at: time(900))
        #expect(uses.candidates(at: time(900)) == image)
    }
}
