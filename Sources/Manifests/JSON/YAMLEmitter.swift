import CLibYAML

extension JSONValue {
    /// As `kubectl get -o yaml` prints: block style, keys in kubectl's order, lists not indented under their key, text
    /// in quotes only where it would mean something else; with a final line break.
    public var yaml: String {
        var emitter = YAMLEmitter()
        emitter.document(self)
        return emitter.finish()
    }
}

/// libyaml's emitter, of which the one that kubectl uses is a port: it alone decides about quotes and line breaks.
private struct YAMLEmitter: ~Copyable {
    private let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
    private let output = Output()
    /// The emitter could not be made or refused an event; what was written until then stays.
    private var hasFailed: Bool

    init() {
        hasFailed = yaml_emitter_initialize(emitter) != 1
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                guard let context, let bytes else { return 0 }
                let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, Unmanaged.passUnretained(output).toOpaque())
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    mutating func document(_ value: JSONValue) {
        emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
        emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
        self.value(value)
        emit { yaml_document_end_event_initialize(&$0, 1) }
        emit { yaml_stream_end_event_initialize(&$0) }
    }

    consuming func finish() -> String { String(decoding: output.bytes, as: UTF8.self) }

    private mutating func value(_ value: JSONValue) {
        switch value {
        case .string(let text): string(text)
        case .array(let items):
            let style = items.isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, style) }
            for item in items { self.value(item) }
            emit { yaml_sequence_end_event_initialize(&$0) }
        case .object(let fields):
            let style = fields.isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
            emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, style) }
            for (key, field) in fields.sorted(by: { KeyOrder.precedes($0.key, $1.key) }) {
                self.key(key)
                self.value(field)
            }
            emit { yaml_mapping_end_event_initialize(&$0) }
        default: scalar(value.canonical, YAML_PLAIN_SCALAR_STYLE)
        }
    }

    /// A key. Unlike kubectl, a key that would merge what follows is put in quotes.
    private mutating func key(_ text: String) {
        if text == "<<" { scalar(text, YAML_DOUBLE_QUOTED_SCALAR_STYLE) } else { string(text) }
    }

    private mutating func string(_ text: String) {
        if text.utf8.contains(UInt8(ascii: "\n")) {
            scalar(text, YAML_LITERAL_SCALAR_STYLE)
        } else {
            scalar(text, YAMLQuoting.isNeeded(for: text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE)
        }
    }

    private mutating func scalar(_ text: String, _ style: yaml_scalar_style_t) {
        var text = text
        text.withUTF8 { bytes in
            emit { yaml_scalar_event_initialize(&$0, nil, nil, bytes.baseAddress, Int32(bytes.count), 1, 1, style) }
        }
    }

    private mutating func emit(_ initialize: (inout yaml_event_t) -> Int32) {
        guard !hasFailed else { return }
        var event = yaml_event_t()
        // The emitter owns the event from here on, also when it refuses it.
        hasFailed = initialize(&event) != 1 || yaml_emitter_emit(emitter, &event) != 1
    }

    private final class Output {
        var bytes: [UInt8] = []
    }
}

/// go-yaml's order of keys: signs before letters, and numbers in names by value (`a2` before `a10`).
enum KeyOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard let index = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return left.count < right.count
        }
        let (a, b) = (left[index], right[index])
        if a.properties.isAlphabetic || b.properties.isAlphabetic {
            return a.properties.isAlphabetic && b.properties.isAlphabetic ? a < b : b.properties.isAlphabetic
        }
        let (first, second) = (number(left, from: index, beside: b), number(right, from: index, beside: a))
        if first.value != second.value { return first.value < second.value }
        if first.end != second.end { return first.end < second.end }
        return a < b
    }

    /// The number whose digits go on at `index`. When either digit there is a zero that others precede, both count from
    /// one, so that `10` and `1` differ by their length alone.
    private static func number(
        _ text: [Unicode.Scalar], from index: Int, beside other: Unicode.Scalar
    ) -> (value: UInt64, end: Int) {
        var value: UInt64 = 0
        if text[index] == "0" || other == "0" {
            let digitsBefore = text[..<index].reversed().prefix { isDigit($0) }
            if digitsBefore.contains(where: { $0 != "0" }) { value = 1 }
        }
        var end = index
        while end < text.count, isDigit(text[end]) {
            value = value &* 10 &+ UInt64(text[end].value - 48)
            end += 1
        }
        return (value, end)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
