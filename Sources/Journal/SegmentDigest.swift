import Crypto
import Foundation
import GRDB

/// The digest that closes a segment: of every row in it, and of the digest of the segment before. Whoever changes a row,
/// or takes one out, breaks the chain from there on.
struct SegmentDigest {
    /// The tables whose rows belong to segments, in the order in which they are digested.
    static let tables = ["revision", "plan", "action", "event", "lost"]

    private var hash = SHA256()

    /// - Parameter previous: the digest of the segment before; nil of the first.
    init(after previous: String?) { add(Data((previous ?? "").utf8)) }

    /// The digest of a segment's rows as they are now, `sha256:<hex>`.
    static func of(_ segment: Int64, after previous: String?, in database: Database) throws -> String {
        var digest = SegmentDigest(after: previous)
        for table in tables {
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM \(table) WHERE segment = ? ORDER BY id", arguments: [segment])
            while let row = try rows.next() { digest.add(table, row) }
        }
        return "sha256:" + digest.hash.finalize().map { hexadecimal($0) }.joined()
    }

    private mutating func add(_ table: String, _ row: Row) {
        add(Data(table.utf8))
        for (column, value) in row where column != "segment" {
            add(Data(column.utf8))
            switch value.storage {
            case .null: add(Data())
            case .int64(let number): add(Data("\(number)".utf8))
            case .double(let number): add(Data("\(number)".utf8))
            case .string(let text): add(Data(text.utf8))
            case .blob(let bytes): add(bytes)
            }
        }
    }

    /// Each part with its length before it: no two rows run together.
    private mutating func add(_ part: Data) {
        hash.update(data: Data("\(part.count):".utf8))
        hash.update(data: part)
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
}
