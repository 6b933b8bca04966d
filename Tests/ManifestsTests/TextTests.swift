import Manifests
import Testing

@Suite("JSON and YAML are written as kubectl writes them")
struct TextTests {
    @Test(
        "numbers in their shortest form, laid out as Go does",
        arguments: [
            (1.5, "1.5"), (-0.1, "-0.1"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.25e21, "1.25e+21"),
            (0.000001, "0.000001"), (1e-7, "1e-7"), (-1.5e-9, "-1.5e-9"),
            (1.2345678901234567e19, "12345678901234567000"),
            (123.456, "123.456"), (0, "0"), (3, "3"),
        ])
    func numbers(value: Double, text: String) {
        #expect(JSONValue.number(value).canonical == text)
    }

    @Test("the canonical form is sorted by bytes and has no blanks")
    func canonical() {
        let value: JSONValue = ["b": [1, true, .null, []], "a": ["é": "x\"\\\n\u{1}\u{2028}<"], "B": [:]]

        #expect(value.canonical == #"{"B":{},"a":{"é":"x\"\\\n\u0001\u2028<"},"b":[1,true,null,[]]}"#)
    }

    @Test("the pretty form has four blanks a level and escapes markup")
    func pretty() {
        let value: JSONValue = ["a": ["b": [1, "x && <y>"], "c": [], "d": [:]]]

        #expect(
            value.pretty == """
                {
                    "a": {
                        "b": [
                            1,
                            "x \\u0026\\u0026 \\u003cy\\u003e"
                        ],
                        "c": [],
                        "d": {}
                    }
                }
                """)
    }

    @Test(
        "text is in quotes only where it would mean something else",
        arguments: [
            ("", "\"\""), ("true", "\"true\""), ("1.0", "\"1.0\""), ("y", "\"y\""), ("0x1F", "\"0x1F\""),
            ("~", "\"~\""),
            ("a: b", "'a: b'"), ("- x", "'- x'"), (" lead", "' lead'"), ("it's", "it's"), ("a\"b", "a\"b"),
            ("#c", "'#c'"),
            ("tab\tx", "\"tab\\tx\""), ("a#c", "a#c"), ("@x", "'@x'"), ("2001-12-14", "\"2001-12-14\""),
            ("1:30", "\"1:30\""),
            ("1:90", "1:90"),
            ("2008-01-01T01:01:01Z", "\"2008-01-01T01:01:01Z\""), ("2001-99-01", "2001-99-01"),
            ("2001-1-2x", "2001-1-2x"),
            ("=", "="),
            ("<<", "<<"),
            ("a,b", "a,b"), ("[a]", "'[a]'"), ("'q'", "'''q'''"), ("\\", "\\"), ("a\rb", "\"a\\rb\""), (":a", ":a"),
            ("a:", "'a:'"), ("é 😀", "\"é \\U0001F600\""), ("1,000", "1,000"), ("trail \nx", "\"trail \\nx\""),
            ("line1\nline2", "|-\n  line1\n  line2"), ("line1\nline2\n", "|\n  line1\n  line2"),
            (
                "this is a very long line that goes on and on and on and on past eighty columns and then on",
                "this is a very long line that goes on and on and on and on past eighty columns\n  and then on"
            ),
        ])
    func strings(text: String, written: String) {
        #expect(JSONValue.object(["k": .string(text)]).yaml == "k: \(written)\n")
    }

    @Test("lists are not indented under their key; keys are in kubectl's order")
    func structure() {
        let value: JSONValue = [
            "spec": ["args": ["a", ["b": 1]], "none": [], "nothing": [:]],
            "labels": ["_x": 1, "B": 2, "a-b": 3, "a10": 4, "a2": 5, "n": 6, "a": .null],
        ]

        #expect(
            value.yaml == """
                labels:
                  _x: 1
                  B: 2
                  a: null
                  a-b: 3
                  a2: 5
                  a10: 4
                  "n": 6
                spec:
                  args:
                  - a
                  - b: 1
                  none: []
                  nothing: {}

                """)
    }
}
