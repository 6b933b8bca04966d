import Foundation

/// What a node is called and uses of the machine, kept in `<state-dir>/node.json`: so that `get`, `exec` and `down` need
/// not be told again what `reconcile` was told.
struct NodeIdentity: Hashable, Sendable, Codable {
    let nodeName: String
    let podCIDR: String
    let bridge: String
    let cgroupParent: String

    /// Reads what the last `reconcile` stored; nil when none ever ran with this state directory.
    static func load(below state: String) throws -> NodeIdentity? {
        try file(below: state).read().map { try JSONDecoder().decode(NodeIdentity.self, from: Data($0)) }
    }

    /// Stores it, when it is not what is stored already.
    func save(below state: String) throws {
        if try Self.load(below: state) == self { return }
        try Self.file(below: state).write(Array(try JSONEncoder().encode(self)))
    }

    /// Forgets it, as if no `reconcile` had ever run.
    static func erase(below state: String) throws { try file(below: state).remove() }

    private static func file(below state: String) -> StateFile { StateFile(directory: state, name: "node.json") }
}
