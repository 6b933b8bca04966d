/// Reads one HTTP/1 response as it comes, strictly and within bounds: what a server sends may be anything.
///
/// Of the head only what a probe asks for is kept, of the body no more than `NodeProber.outputLimit` bytes.
struct HTTPResponseReader {
    /// What came is no HTTP response, or none that could be read to its end; in words that follow "malformed HTTP response".
    struct Malformed: Error, Hashable { let reason: String }

    /// The longest head and the longest trailers, in bytes.
    static let headLimit = 1 << 20
    /// The longest line that is kept. Header fields that say nothing to a probe may be longer.
    static let lineLimit = 16 << 10
    /// How many provisional responses (100 to 199) may come first (Go).
    static let provisionalLimit = 5

    private static let feed = UInt8(ascii: "\n")

    private enum Phase {
        case status, fields, longField, body(left: Int), bodyToTheEnd, chunkSize, chunk(left: Int), chunkEnd, trailers,
            over
    }

    private var phase = Phase.status
    private var head = Head()
    private var body: [UInt8] = []
    /// What came and is not read yet: less than a line.
    private var rest: [UInt8] = []
    private var lineBytes = 0
    private var provisionals = 0

    /// Whether the status and all header fields have come, so that what fails now is the body.
    var hasHead: Bool {
        switch phase {
        case .status, .fields, .longField: false
        default: true
        }
    }

    /// Whether all has come that is wanted.
    var isOver: Bool { if case .over = phase { true } else { false } }

    /// What was answered, as far as it came.
    var answer: HTTPAnswer {
        HTTPAnswer(status: head.status, location: head.location, body: String(decoding: body, as: UTF8.self))
    }

    /// Takes in what came.
    mutating func take(_ bytes: [UInt8]) throws(Malformed) {
        var input = rest.isEmpty ? bytes[...] : (rest + bytes)[...]
        while !isOver, try step(&input) {}
        rest = isOver ? [] : Array(input)
    }

    /// The peer says no more.
    ///
    /// - Returns: whether that is the end of the response, and not its interruption.
    mutating func end() -> Bool {
        if case .bodyToTheEnd = phase { phase = .over }
        return isOver
    }

    /// Goes one step further; false when more has to come first.
    private mutating func step(_ input: inout ArraySlice<UInt8>) throws(Malformed) -> Bool {
        switch phase {
        case .status:
            guard let line = try takeLine(&input) else { return false }
            try head.begin(line)
            phase = .fields
        case .fields where input.count >= Self.lineLimit && !input.prefix(Self.lineLimit).contains(Self.feed):
            try head.add(input.prefix(Self.lineLimit))
            guard head.isOfNoInterest else { throw Malformed(reason: "a line is too long") }
            try drop(Self.lineLimit, of: &input)
            phase = .longField
        case .longField:
            guard !input.isEmpty else { return false }
            let end = input.firstIndex(of: Self.feed)
            try drop((end.map { $0 + 1 } ?? input.endIndex) - input.startIndex, of: &input)
            if end != nil { phase = .fields }
        case .fields:
            guard let line = try takeLine(&input) else { return false }
            if line.isEmpty { try endHead() } else { try head.add(line) }
        case .body(let left):
            guard let taken = takeBody(&input, atMost: left) else { return false }
            phase = taken == left ? .over : .body(left: left - taken)
        case .bodyToTheEnd: guard takeBody(&input, atMost: .max) != nil else { return false }
        case .chunkSize:
            guard let line = try takeLine(&input) else { return false }
            lineBytes = 0
            let size = try Self.chunkSize(line)
            phase = size == 0 ? .trailers : .chunk(left: size)
        case .chunk(let left):
            guard let taken = takeBody(&input, atMost: left) else { return false }
            phase = taken == left ? .chunkEnd : .chunk(left: left - taken)
        case .chunkEnd:
            guard let line = try takeLine(&input) else { return false }
            guard line.isEmpty else { throw Malformed(reason: "a chunk is longer than it says") }
            phase = .chunkSize
        case .trailers:
            guard let line = try takeLine(&input) else { return false }
            if line.isEmpty { phase = .over }
        case .over: return false
        }
        if body.count == NodeProber.outputLimit { phase = .over }
        return true
    }

    private mutating func endHead() throws(Malformed) {
        lineBytes = 0
        if (100..<200).contains(head.status), head.status != 101 {
            provisionals += 1
            if provisionals > Self.provisionalLimit { throw Malformed(reason: "too many provisional responses") }
            head = Head()
            phase = .status
            return
        }
        switch try head.framing() {
        case .none, .length(0): phase = .over
        case .length(let length): phase = .body(left: length)
        case .chunks: phase = .chunkSize
        case .untilTheEnd: phase = .bodyToTheEnd
        }
    }

    /// The next line without its end; nil when it has not come yet.
    private mutating func takeLine(_ input: inout ArraySlice<UInt8>) throws(Malformed) -> ArraySlice<UInt8>? {
        guard let feed = input.prefix(Self.lineLimit).firstIndex(of: Self.feed) else {
            if input.count >= Self.lineLimit { throw Malformed(reason: "a line is too long") }
            return nil
        }
        var line = input[input.startIndex..<feed]
        try drop(line.count + 1, of: &input)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    private mutating func drop(_ count: Int, of input: inout ArraySlice<UInt8>) throws(Malformed) {
        input = input.dropFirst(count)
        lineBytes += count
        if lineBytes > Self.headLimit { throw Malformed(reason: "its head is too long") }
    }

    /// Keeps what may be kept of the body that is there.
    ///
    /// - Returns: how many bytes were taken; nil when none are there.
    private mutating func takeBody(_ input: inout ArraySlice<UInt8>, atMost limit: Int) -> Int? {
        let part = input.prefix(limit)
        if part.isEmpty { return nil }
        body += part.prefix(NodeProber.outputLimit - body.count)
        input = input.dropFirst(part.count)
        return part.count
    }

    private static func chunkSize(_ line: ArraySlice<UInt8>) throws(Malformed) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }.trimmed
        guard !digits.isEmpty, digits.count <= 15, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
            size >= 0, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
        else { throw Malformed(reason: "a chunk does not say how long it is") }
        return size
    }
}

extension HTTPResponseReader {
    /// What a head says, as far as a probe wants to know.
    struct Head {
        /// How the body ends.
        enum Framing: Hashable { case none, length(Int), chunks, untilTheEnd }

        private(set) var status: UInt = 0
        private(set) var location: String?
        private var isOfTheFirstVersion = false
        private var lengths: Set<String> = []
        private var codings: [String] = []
        private var last: Field?

        /// Whether the field that was added last says nothing to a probe.
        var isOfNoInterest: Bool { last == .other }

        private enum Field { case location, length, coding, other }

        /// Reads the status line: version, three digits, and words that say nothing.
        mutating func begin(_ line: ArraySlice<UInt8>) throws(Malformed) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
            guard let version = parts.first, version.count == 8, version.starts(with: "HTTP/1.".utf8),
                let minor = version.last, isDigit(minor)
            else { throw Malformed(reason: "its first line is no status line") }
            guard parts.count > 1, parts[1].count == 3, parts[1].allSatisfy(isDigit),
                let status = UInt(String(decoding: parts[1], as: UTF8.self)), status >= 100
            else { throw Malformed(reason: "it has no status") }
            self.status = status
            isOfTheFirstVersion = minor == UInt8(ascii: "0")
        }

        /// Reads a header field.
        mutating func add(_ line: ArraySlice<UInt8>) throws(Malformed) {
            if line.contains(where: { $0 < 0x20 && $0 != UInt8(ascii: "\t") || $0 == 0x7F }) {
                throw Malformed(reason: "a header holds control characters")
            }
            if let first = line.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                guard let last else { throw Malformed(reason: "its head begins with a continuation") }
                // The lines of one value; none that decides about the body is ever written so.
                switch last {
                case .location: location = (location ?? "") + " " + line.trimmedText
                case .length, .coding: throw Malformed(reason: "a header is continued that must not be")
                case .other: break
                }
                return
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(isOfToken)
            else { throw Malformed(reason: "a header has no name") }
            let value = line[(colon + 1)...]
            switch Self.field(line[..<colon]) {
            case .location:
                if location == nil { location = value.trimmedText }
                last = .location
            case .length:
                lengths.insert(value.trimmedText)
                last = .length
            case .coding:
                codings.append(value.trimmedText.lowercased())
                last = .coding
            case .other: last = .other
            }
        }

        /// How the body ends (RFC 9112, 6.3).
        func framing() throws(Malformed) -> Framing {
            if status < 200 || status == 204 || status == 304 { return .none }
            if !codings.isEmpty, !isOfTheFirstVersion {
                guard codings == ["chunked"] else { throw Malformed(reason: "its transfer encoding is not supported") }
                return .chunks
            }
            guard let text = lengths.first else { return .untilTheEnd }
            guard lengths.count == 1, !text.isEmpty, text.utf8.allSatisfy(isDigit), let length = Int(text) else {
                throw Malformed(reason: "its content length is none")
            }
            return .length(length)
        }

        private static func field(_ name: ArraySlice<UInt8>) -> Field {
            switch name.count {
            case 8 where isName(name, "location"): .location
            case 14 where isName(name, "content-length"): .length
            case 17 where isName(name, "transfer-encoding"): .coding
            default: .other
            }
        }

        private static func isName(_ bytes: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
            name.withUTF8Buffer { name in
                zip(bytes, name).allSatisfy { byte, letter in byte == letter || byte | 0x20 == letter }
            }
        }
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// Whether a byte may stand in the name of a header field (RFC 9110, 5.6.2).
func isOfToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

extension ArraySlice<UInt8> {
    /// Without the blanks around it.
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let begun = drop(while: isBlank)
        return begun[..<(begun.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? begun.startIndex)]
    }

    fileprivate var trimmedText: String { String(decoding: trimmed, as: UTF8.self) }
}
