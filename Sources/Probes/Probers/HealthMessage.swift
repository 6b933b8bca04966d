/// The two messages of `grpc.health.v1.Health/Check`, each of one field, in gRPC's framing.
enum HealthMessage {
    /// What a server says about a service.
    enum Status: Int, Hashable, Sendable {
        case unknown = 0
        case serving = 1
        case notServing = 2
        case serviceUnknown = 3

        /// As the protocol spells it.
        var name: String {
            switch self {
            case .unknown: "UNKNOWN"
            case .serving: "SERVING"
            case .notServing: "NOT_SERVING"
            case .serviceUnknown: "SERVICE_UNKNOWN"
            }
        }
    }

    /// `HealthCheckRequest { string service = 1; }`, uncompressed.
    static func request(service: String) -> [UInt8] {
        let name = Array(service.utf8)
        let message = name.isEmpty ? [] : [0x0A] + varint(name.count) + name
        let count = message.count
        return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
    }

    /// `HealthCheckResponse { ServingStatus status = 1; }`; nil of what is none.
    static func status(in frame: [UInt8]) -> Int? {
        guard frame.count >= 5, frame[0] == 0 else { return nil }
        let length = frame[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard frame.count == 5 + length else { return nil }
        var rest = frame[5...]
        var status = 0
        while let tag = readVarint(&rest) {
            switch tag & 7 {
            case 0:
                guard let value = readVarint(&rest) else { return nil }
                if tag >> 3 == 1 { status = Int(truncatingIfNeeded: value) }
            case 1: rest = rest.dropFirst(8)
            case 2:
                guard let length = readVarint(&rest), length <= rest.count else { return nil }
                rest = rest.dropFirst(Int(length))
            case 5: rest = rest.dropFirst(4)
            default: return nil
            }
        }
        return rest.isEmpty ? status : nil
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var left = UInt64(value)
        var bytes: [UInt8] = []
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        return bytes + [UInt8(left)]
    }

    private static func readVarint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for (index, byte) in bytes.prefix(10).enumerated() {
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                bytes = bytes.dropFirst(index + 1)
                return value
            }
        }
        return nil
    }
}
