/// A place in one document as libyaml counts: both from 0.
struct Mark: Hashable, Sendable {
    var line: Int
    var column: Int
}

/// One step of a YAML document, in reading order.
struct Event {
    enum Content {
        case documentStart
        case documentEnd
        case streamEnd
        case alias(String)
        case scalar(ScalarText)
        case listStart
        case listEnd
        case mapStart
        case mapEnd
    }

    let content: Content
    /// Where it begins.
    let mark: Mark
    /// The name other places may refer to it by.
    let anchor: String?
}

/// A scalar as written, before it means anything.
struct ScalarText: Hashable, Sendable {
    let text: String
    /// The full tag, for example `tag:yaml.org,2002:str`; nil when none was written.
    let tag: String?
    /// Written without quotes or block markers: its look decides what it means.
    let isPlain: Bool
}
