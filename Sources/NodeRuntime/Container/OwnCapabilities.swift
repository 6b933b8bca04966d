import Linux
import Manifests

/// The capabilities that this process has itself: nobody can give what he has not.
enum OwnCapabilities {
    /// Bit n is capability n.
    static let mask: UInt64 = {
        let status = (try? Descriptor.open("/proc/self/status").readToEnd(limit: 1 << 16)) ?? []
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.first == "CapPrm:", words.count == 2 { return UInt64(words[1], radix: 16) ?? 0 }
        }
        return 0
    }()

    /// What a user is told who asked for others; nil for nothing.
    ///
    /// - Parameters:
    ///   - named: what a container's manifest adds.
    ///   - mask: what this process has.
    static func shortcoming(_ named: [CapabilityChoice], has mask: UInt64 = mask) -> String? {
        let missing = named.compactMap { choice -> String? in
            guard case .one(let capability) = choice, mask >> UInt64(capability.number) & 1 == 0 else { return nil }
            return capability.name
        }
        if missing.isEmpty { return nil }
        return "without the capability \(missing.joined(separator: ", ")): the agent itself does not have it here"
    }
}
