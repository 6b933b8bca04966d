import PodModel

/// How the `container` column says which container an event is about: nothing for the whole Pod, `init/NAME` for an init
/// container. No name holds a slash.
extension PodEvent {
    private static let initPrefix = "init/"

    var containerColumn: String { container.map { (isOfInit ? Self.initPrefix : "") + $0 } ?? "" }

    static func container(inColumn text: String) -> (name: String?, isOfInit: Bool) {
        if text.isEmpty { return (nil, false) }
        let isOfInit = text.hasPrefix(initPrefix)
        return (isOfInit ? String(text.dropFirst(initPrefix.count)) : text, isOfInit)
    }
}
