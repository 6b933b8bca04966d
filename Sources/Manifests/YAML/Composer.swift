/// Builds the node of one document from its events.
///
/// What spoils only one value (a key written twice, an unknown anchor) is collected and reading goes on; what spoils
/// the rest of the document (broken syntax, too deep, too many aliases) is thrown.
struct Composer: ~Copyable {
    /// Mappings and lists inside each other; objects of Kubernetes stay below 30.
    static let deepest = 500
    /// Nodes that aliases may stand for in one document, so that a few lines cannot fill the memory.
    static let mostAliased = 100_000

    private(set) var findings: [Finding] = []
    private var events: EventParser
    private let firstLine: Int
    private var anchors: [String: Node] = [:]
    private var openAnchors: Set<String> = []
    private var aliased = 0
    private var depth = 0

    init(_ document: DocumentText) throws(SyntaxError) {
        events = try EventParser(document.text)
        firstLine = document.firstLine
    }

    /// The document's root; nil when it holds nothing but comments.
    mutating func root() throws(Unreadable) -> Node? {
        guard case .documentStart = try next().content else { return nil }
        let root = try node(next())
        _ = try next()  // the document's end
        let after = try next()
        if case .documentStart = after.content {
            report(
                "a second document begins here without a line \"---\"", at: place(of: after.mark),
                hint: "Kubernetes reads only the first; separate documents by a line with \"---\"")
        }
        return root
    }

    private mutating func next() throws(Unreadable) -> Event {
        do { return try events.next() } catch {
            throw Unreadable(Finding(.error, at: place(of: error.mark), error.message, hint: error.hint))
        }
    }

    /// The node that begins with `event`.
    private mutating func node(_ event: Event) throws(Unreadable) -> Node {
        let place = place(of: event.mark)
        if case .alias(let name) = event.content { return try target(of: name, at: place) }
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw Unreadable(Finding(.error, at: place, "the document is nested deeper than \(Self.deepest) levels"))
        }
        let node =
            switch event.content {
            case .listStart: Node(.list(try items()), at: place)
            case .mapStart: Node(.map(try entries()), at: place)
            case .scalar(let scalar): value(of: scalar, at: place)
            default: Node(.unreadable, at: place)
            }
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = node
        }
        return node
    }

    private mutating func target(of name: String, at place: Place) throws(Unreadable) -> Node {
        guard let node = anchors[name] else {
            let isOpen = openAnchors.contains(name)
            report(
                isOpen ? "the alias *\(name) stands inside its own anchor" : "the alias *\(name) has no anchor",
                at: place, hint: isOpen ? nil : "write &\(name) before the value it stands for, in the same document")
            return Node(.unreadable, at: place)
        }
        aliased += node.size
        guard aliased <= Self.mostAliased else {
            throw Unreadable(Finding(.error, at: place, "the document contains excessive aliasing"))
        }
        return node
    }

    private mutating func value(of scalar: ScalarText, at place: Place) -> Node {
        do { return Node(.scalar(try scalar.resolved(), text: scalar.text), at: place) } catch {
            report(error.message, at: place, hint: error.hint)
            return Node(.unreadable, at: place)
        }
    }

    private mutating func items() throws(Unreadable) -> [Node] {
        var items: [Node] = []
        while true {
            let event = try next()
            if case .listEnd = event.content { return items }
            items.append(try node(event))
        }
    }

    private mutating func entries() throws(Unreadable) -> [Node.Entry] {
        var map = MapBuilder()
        while true {
            let event = try next()
            if case .mapEnd = event.content { break }
            let place = place(of: event.mark)
            if case .scalar(let scalar) = event.content, scalar.isMergeKey {
                map.merge(try node(next()), at: place)
            } else {
                let key = try node(event)
                map.add(key, try node(next()), at: place)
            }
        }
        findings += map.findings
        return map.entries
    }

    private func place(of mark: Mark) -> Place {
        Place(line: firstLine + mark.line, column: mark.column + 1)
    }

    private mutating func report(_ message: String, at place: Place, hint: String? = nil) {
        findings.append(Finding(.error, at: place, message, hint: hint))
    }
}

/// A document that cannot be read to its end.
struct Unreadable: Error {
    let finding: Finding

    init(_ finding: Finding) { self.finding = finding }
}
