/// A rotated file of a log by its name: `0.log.20261123-180929.000000001`, and `.gz` behind it once it is packed. Pure.
struct RotatedLog: Hashable, Sendable {
    /// How the name of a packed one ends.
    static let packedEnding = ".gz"

    /// Its name before it was packed: such names sort by age.
    let name: String
    /// Whether it is packed.
    let isPacked: Bool

    /// - Parameter log: the name of the log file that is written now.
    /// - Returns: nil of a file that is none of that log's.
    init?(_ name: String, of log: String) {
        guard name.hasPrefix("\(log).") else { return nil }
        isPacked = name.hasSuffix(Self.packedEnding)
        self.name = isPacked ? String(name.dropLast(Self.packedEnding.count)) : name
    }

    /// Those of a container's log directory that are to be packed: all that were rotated but the newest of each attempt's,
    /// whose writer may still be about to go over to the next file (kubelet).
    static func toPack(among names: [String]) -> [String] {
        let logs = Set(
            names.compactMap { name -> String? in
                let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
                return parts.count == 3 && parts[1] == "log" && Int(parts[0]) != nil ? "\(parts[0]).log" : nil
            })
        return logs.flatMap { log in
            names.compactMap { RotatedLog($0, of: log) }.sorted { $0.name < $1.name }.dropLast()
                .filter { !$0.isPacked }.map(\.name)
        }.sorted()
    }
}
