import CLibYAML

/// libyaml's parser over one document's bytes; frees them when it goes.
struct EventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Starts reading `text`, which must be UTF-8.
    init(_ text: some Collection<UInt8>) throws(SyntaxError) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw SyntaxError(problem: "memory is exhausted", context: nil, mark: Mark(line: 0, column: 0))
        }
        self.parser = parser
        input = UnsafeMutableBufferPointer.allocate(capacity: text.count)
        _ = input.initialize(from: text)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, UnsafePointer(input.baseAddress), input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; not to be called again after it threw or after `streamEnd`.
    mutating func next() throws(SyntaxError) -> Event {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
            defer { yaml_event_delete(&event) }
            if let event = Event(event) { return event }
        }
    }

    private func syntaxError() -> SyntaxError {
        let state = parser.pointee
        let problem = text(state.problem) ?? "the text cannot be read"
        let isReading = state.error == YAML_READER_ERROR
        let mark = isReading ? Mark(of: state.problem_offset, in: input) : Mark(state.problem_mark)
        return SyntaxError(problem: problem, context: text(state.context), mark: mark)
    }
}

extension Event {
    /// Takes over one of libyaml's events; nil for those that say nothing (stream start).
    fileprivate init?(_ event: yaml_event_t) {
        var anchor: String?
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: content = .documentStart
        case YAML_DOCUMENT_END_EVENT: content = .documentEnd
        case YAML_STREAM_END_EVENT: content = .streamEnd
        case YAML_ALIAS_EVENT: content = .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            anchor = text(event.data.scalar.anchor)
            content = .scalar(ScalarText(event))
        case YAML_SEQUENCE_START_EVENT:
            anchor = text(event.data.sequence_start.anchor)
            content = .listStart
        case YAML_SEQUENCE_END_EVENT: content = .listEnd
        case YAML_MAPPING_START_EVENT:
            anchor = text(event.data.mapping_start.anchor)
            content = .mapStart
        case YAML_MAPPING_END_EVENT: content = .mapEnd
        default: return nil
        }
        mark = Mark(event.start_mark)
        self.anchor = anchor
    }
}

extension ScalarText {
    fileprivate init(_ event: yaml_event_t) {
        let scalar = event.data.scalar
        text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        tag = scalar.tag.map { String(cString: $0) }
        isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
    }
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line, column: mark.column) }

    /// The place of a byte, for errors that libyaml finds before it counts lines.
    fileprivate init(of offset: Int, in bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.init(line: 0, column: 0)
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 0
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}

private func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { pointer.map { String(cString: $0) } }
