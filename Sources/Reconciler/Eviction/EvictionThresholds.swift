import Manifests
import PodModel

/// Below what a node is short of something, by signal (kubelet: `--eviction-hard`).
public struct EvictionThresholds: Hashable, Sendable {
    /// The least that should be left.
    public enum Least: Hashable, Sendable {
        /// An amount: bytes, or inodes.
        case amount(Int)
        /// A part of what there is, in percent.
        case percent(Double)

        /// The amount it comes to.
        public func amount(of capacity: Int) -> Int {
            switch self {
            case .amount(let amount): amount
            case .percent(let percent): Int(Double(capacity) * percent / 100)
            }
        }
    }

    /// By signal; empty when nothing is ever evicted.
    public let least: [EvictionSignal: Least]

    /// Takes thresholds as they are.
    public init(_ least: [EvictionSignal: Least] = [:]) { self.least = least }

    /// The kubelet's.
    public static let kubelet = EvictionThresholds([
        .memoryAvailable: .amount(100 << 20), .nodefsAvailable: .percent(10), .nodefsInodesFree: .percent(5),
        .imagefsAvailable: .percent(15), .imagefsInodesFree: .percent(5),
    ])

    /// Reads the kubelet's syntax: `memory.available<100Mi,nodefs.available<10%`. Empty text, or `none`: nothing.
    ///
    /// A threshold of 0 % or 100 % is none, as in Kubernetes.
    public init(parsing text: String) throws(EvictionThresholdError) {
        var least: [EvictionSignal: Least] = [:]
        if text == "none" || text.isEmpty {
            self.least = [:]
            return
        }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "<", omittingEmptySubsequences: false)
            guard sides.count == 2 else { throw .notBelow(String(part)) }
            guard let signal = EvictionSignal(rawValue: String(sides[0])) else { throw .unknown(String(sides[0])) }
            guard least[signal] == nil else { throw .repeated(signal) }
            least[signal] = try Self.least(String(sides[1]), in: String(part))
        }
        self.least = least.filter { ![.percent(0), .percent(100)].contains($0.value) }
    }

    private static func least(_ text: String, in part: String) throws(EvictionThresholdError) -> Least {
        if text.hasSuffix("%") {
            guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { throw .noValue(part) }
            return .percent(percent)
        }
        guard let quantity = try? Quantity(text), let bytes = Bytes(quantity), bytes.count > 0 else {
            throw .noValue(part)
        }
        return .amount(bytes.count)
    }

    /// What Pods may not request, for a node would be short by then (kubelet: `hardEvictionReservation`).
    public func reservation(of capacity: NodeAllocatable) -> ResourceList {
        ResourceList(
            memory: least[.memoryAvailable].map { Bytes($0.amount(of: capacity.memory.count)) },
            ephemeralStorage: least[.nodefsAvailable].map { Bytes($0.amount(of: capacity.ephemeralStorage.count)) })
    }

    /// The signals by which a node is short now, the most urgent first: memory (kubelet: `byEvictionPriority`).
    public func met(by vitals: [EvictionSignal: Supply]) -> [MetThreshold] {
        EvictionSignal.allCases.compactMap { signal in
            guard let supply = vitals[signal], let least = least[signal]?.amount(of: supply.capacity),
                supply.available < least
            else { return nil }
            return MetThreshold(signal: signal, least: least, available: supply.available)
        }
    }
}

/// A threshold, and what is left beneath it.
public struct MetThreshold: Hashable, Sendable {
    /// The measure.
    public let signal: EvictionSignal
    /// The least that should be left.
    public let least: Int
    /// What is left.
    public let available: Int

    /// What a person is told.
    public var words: String { "\(signal.rawValue) is \(amount(available)), less than \(amount(least))" }

    /// As the kubelet's messages write amounts: inodes are no bytes.
    func amount(_ count: Int) -> String {
        signal.resource == "inodes" ? Quantity(count).description : Bytes(count).description
    }
}

/// Text that is no threshold.
public enum EvictionThresholdError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No `<` in it, or several.
    case notBelow(String)
    /// A signal that is not measured here.
    case unknown(String)
    /// A signal that has a threshold already.
    case repeated(EvictionSignal)
    /// No amount, and no percentage.
    case noValue(String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .notBelow(let text):
            "'\(text)' is no threshold: write signal<value, for example memory.available<100Mi, with commas between"
        case .unknown(let signal):
            "'\(signal)' is not measured: the signals are "
                + EvictionSignal.allCases.map(\.rawValue).joined(separator: ", ")
        case .repeated(let signal): "\(signal.rawValue) has two thresholds: leave one of them out"
        case .noValue(let text):
            "'\(text)' has no value: write an amount like 100Mi, or a percentage like 10%"
        }
    }
}
