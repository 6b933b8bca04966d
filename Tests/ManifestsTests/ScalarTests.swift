import Testing

@testable import Manifests

@Suite("Scalars mean what they mean to Kubernetes")
struct ScalarTests {
    @Test(
        "unquoted scalars",
        arguments: [
            "true": true, "True": true, "TRUE": true, "yes": true, "Yes": true, "YES": true, "on": true, "y": true,
            "Y": true,
            "false": false, "no": false, "No": false, "off": false, "OFF": false, "n": false, "N": false, "On": true,
            "ON": true, "NO": false, "Off": false, "False": false, "FALSE": false,
            "tRue": "tRue", "oN": "oN", "~": .null, "null": .null, "Null": .null, "NULL": .null, "": .null,
            "nUll": "nUll",
            "0": 0, "-0": 0, "0644": 420, "0o644": 420, "0O644": 420, "-0o7": -7, "0x1F": 31, "-0x1f": -31, "0b11": 3,
            "1_000": 1000, "0_7": 7, "+1": 1, "08": 8, "09": 9, "9223372036854775807": 9_223_372_036_854_775_807,
            "-9223372036854775808": .int(.min), "12345678901234567890": .double(1.2345678901234567e19),
            "1:30": "1:30", "190:20:30": "190:20:30", "2001-12-14": "2001-12-14", "1e400": "1e400", "_1": "_1",
            "0o8": "0o8",
            "0xG": "0xG", "1,000": "1,000", "100m": "100m", "1Gi": "1Gi", "=": "=", "<<": "<<", "-": "-", "+": "+",
            ".": ".",
            "0x": "0x",
            "1.0": 1, "1e3": 1000, "5.": 5, "0.10": .double(0.1), ".5": .double(0.5), "-.5": .double(-0.5),
            "1.10": .double(1.1),
            "1.5e1": 15, "1e": "1e", ".e3": ".e3", "1.2.3": "1.2.3", "--1": "--1", "0x-1": "0x-1",
        ] as [String: JSONValue])
    func plain(text: String, meaning: JSONValue) throws {
        #expect(try ScalarText(text: text, tag: nil, isPlain: true).resolved() == meaning)
    }

    @Test("quoted scalars are text", arguments: ["true", "1", "~", "", ".inf"])
    func quoted(text: String) throws {
        #expect(try ScalarText(text: text, tag: nil, isPlain: false).resolved() == .string(text))
    }

    @Test(
        "tags decide",
        arguments: [
            ("str", "123", "123"), ("int", "3", 3), ("float", "3", 3), ("bool", "yes", true), ("null", "~", .null),
            ("binary", "aGk=", "hi"), ("timestamp", "2001-12-14", "2001-12-14"),
        ] as [(String, String, JSONValue)])
    func tagged(tag: String, text: String, meaning: JSONValue) throws {
        let scalar = ScalarText(text: text, tag: "tag:yaml.org,2002:" + tag, isPlain: false)

        #expect(try scalar.resolved() == meaning)
    }

    @Test("an author's own tags are ignored: the value is text", arguments: ["!custom", "!"])
    func ownTag(tag: String) throws {
        #expect(try ScalarText(text: "5", tag: tag, isPlain: true).resolved() == "5")
    }

    @Test(
        "what JSON has no word for is refused",
        arguments: [
            (nil, ".inf", "the number .inf has no JSON form"), (nil, "-.INF", "the number -.INF has no JSON form"),
            (nil, ".nan", "the number .nan has no JSON form"), ("null", "x", "the value is not a !!null"),
            ("int", "1.5", "the value is not a !!int"), ("binary", "a", "!!binary does not hold base64 of UTF-8 text"),
        ] as [(String?, String, String)])
    func refused(tag: String?, text: String, words: String) {
        let error = #expect(throws: ScalarError.self) {
            try ScalarText(text: text, tag: tag.map { "tag:yaml.org,2002:" + $0 }, isPlain: true).resolved()
        }
        #expect(error?.message == words)
    }
}
