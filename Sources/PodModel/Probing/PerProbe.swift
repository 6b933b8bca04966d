/// One value for each probe that a container has.
public struct PerProbe<Value> {
    /// Of the startup probe; nil if there is none.
    public var startup: Value?
    /// Of the liveness probe; nil if there is none.
    public var liveness: Value?
    /// Of the readiness probe; nil if there is none.
    public var readiness: Value?

    /// Puts the values together.
    public init(startup: Value? = nil, liveness: Value? = nil, readiness: Value? = nil) {
        self.startup = startup
        self.liveness = liveness
        self.readiness = readiness
    }

    /// The value of one kind of probe.
    public subscript(kind: ProbeKind) -> Value? {
        get {
            switch kind {
            case .startup: startup
            case .liveness: liveness
            case .readiness: readiness
            }
        }
        set {
            switch kind {
            case .startup: startup = newValue
            case .liveness: liveness = newValue
            case .readiness: readiness = newValue
            }
        }
    }

    /// The kinds that have a value, startup first.
    public var kinds: [ProbeKind] { ProbeKind.allCases.filter { self[$0] != nil } }
}

extension PerProbe: Equatable where Value: Equatable {}
extension PerProbe: Hashable where Value: Hashable {}
extension PerProbe: Sendable where Value: Sendable {}
extension PerProbe: Encodable where Value: Encodable {}
extension PerProbe: Decodable where Value: Decodable {}
