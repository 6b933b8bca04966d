import PodModel
import Testing

@Suite("Label selectors are read as kubectl reads them")
struct LabelSelectorTests {
    private static let labels = ["app": "web", "tier": "front", "example.org/team": "blue"]

    @Test(
        "equality, sets and presence",
        arguments: [
            ("app=web", true), ("app==web", true), ("app=db", false), ("app!=web", false), ("app!=db", true),
            ("none!=x", true), ("none=x", false), ("app", true), ("!app", false), ("none", false), ("!none", true),
            ("app in (web, db)", true), ("app in (db)", false), ("app notin (db,cache)", true),
            ("app notin (web)", false), ("none notin (x)", true), ("app=web,tier=front", true),
            ("app=web, tier in (back)", false), ("example.org/team = blue", true), ("app = web , !none", true),
            ("", true), ("none=", false), ("app=", false),
        ])
    func selects(text: String, isSelected: Bool) throws {
        #expect(try #require(LabelSelector(text)).selects(Self.labels) == isSelected)
    }

    @Test(
        "what is no selector is none",
        arguments: ["=web", "app=web,", ",", "app in web", "app in (web", "app web", "a=b c", "app=(web)", "!"])
    func refuses(text: String) {
        #expect(LabelSelector(text) == nil)
    }
}
