import PodModel

/// `kubectl top pods`: what Pods, or their containers, use.
public struct PodUsageTable: Hashable, Sendable {
    /// By what rows are sorted, the most first; by name where nothing is said.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// Processors.
        case cpu
        /// Memory.
        case memory

        /// What is compared.
        public func amount(_ usage: Usage) -> Int { (self == .cpu ? usage.nanoCPU : usage.memory) ?? 0 }
    }

    /// The Pods, in the order they are printed.
    public let rows: [PodUsageRow]
    /// Whether the namespace stands first (`-A`).
    public let withNamespace: Bool
    /// Whether each container has a line of its own (`--containers`).
    public let withContainers: Bool
    /// Whether processes, restarts and traffic follow (`-o wide`).
    public let isWide: Bool
    /// Whether all of them together stand last (`--sum`).
    public let withSum: Bool

    /// A table of `rows`, sorted as kubectl sorts them.
    public init(
        rows: [PodUsageRow], by order: Order? = nil, withNamespace: Bool = false, withContainers: Bool = false,
        isWide: Bool = false, withSum: Bool = false
    ) {
        self.rows = rows.map { $0.sorted(by: order) }.sorted { left, right in
            let amounts = order.map { ($0.amount(left.total), $0.amount(right.total)) } ?? (0, 0)
            return amounts.0 == amounts.1 ? left.pod < right.pod : amounts.0 > amounts.1
        }
        self.withNamespace = withNamespace
        self.withContainers = withContainers
        self.isWide = isWide
        self.withSum = withSum
    }

    /// The words above the columns.
    public var headers: [String] {
        (withNamespace ? ["NAMESPACE"] : []) + (withContainers ? ["POD"] : []) + [
            "NAME", "CPU(cores)", "MEMORY(bytes)",
        ]
            + (isWide ? ["PIDS", "RESTARTS", "RECEIVED", "SENT"] : [])
    }

    /// The words of each row.
    public var cells: [[String]] {
        let lines = rows.flatMap { row in
            let place = withNamespace ? [row.pod.namespace] : []
            guard withContainers else {
                return [
                    place + [row.pod.name] + words(row.total)
                        + (isWide ? tail(row.total, row.restarts, row.network) : [])
                ]
            }
            return row.containers.map { container in
                place + [row.pod.name, container.name] + words(container.usage)
                    + (isWide ? tail(container.usage, container.restarts, nil) : [])
            }
        }
        return lines + (withSum && !rows.isEmpty ? sum : [])
    }

    /// The lines as kubectl prints them.
    public func text(withHeaders: Bool = true) -> String {
        TextTable(headers: headers, rows: cells).text(withHeaders: withHeaders)
    }

    /// kubectl: a line below the figures, and what is above it together.
    private var sum: [[String]] {
        let total = Usage.sum(rows.map(\.total))
        let blank = (withNamespace ? 1 : 0) + (withContainers ? 1 : 0) + 1
        let rest = isWide ? ["", "", "", ""] : []
        return [
            Array(repeating: "", count: blank) + ["________", "________"] + rest,
            Array(repeating: "", count: blank) + words(total) + rest,
        ]
    }

    private func words(_ usage: Usage) -> [String] {
        [
            usage.milliCPU.map { "\($0)m" } ?? "<unknown>",
            usage.memory.map { "\($0 >> 20)Mi" } ?? "<unknown>",
        ]
    }

    private func tail(_ usage: Usage, _ restarts: Int, _ network: NetworkUsage?) -> [String] {
        [
            usage.processes.map(String.init) ?? "<unknown>", "\(restarts)",
            network.map { traffic($0.received) } ?? "<none>", network.map { traffic($0.sent) } ?? "<none>",
        ]
    }
}

/// One Pod of a usage table.
public struct PodUsageRow: Hashable, Sendable {
    /// One container of it.
    public struct Container: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// What it uses.
        public let usage: Usage
        /// How often it was started again.
        public let restarts: Int

        /// Puts a container's part together.
        public init(name: String, usage: Usage, restarts: Int) {
            self.name = name
            self.usage = usage
            self.restarts = restarts
        }
    }

    /// Which Pod.
    public let pod: PodName
    /// Its containers that have processes.
    public let containers: [Container]
    /// What it received and sent; nil for one on the node's network.
    public let network: NetworkUsage?

    /// Puts a row together.
    public init(pod: PodName, containers: [Container], network: NetworkUsage? = nil) {
        self.pod = pod
        self.containers = containers
        self.network = network
    }

    /// All of its containers together.
    public var total: Usage { Usage.sum(containers.map(\.usage)) }

    var restarts: Int { containers.reduce(0) { $0 + $1.restarts } }

    fileprivate func sorted(by order: PodUsageTable.Order?) -> PodUsageRow {
        let sorted = containers.sorted { left, right in
            let amounts = order.map { ($0.amount(left.usage), $0.amount(right.usage)) } ?? (0, 0)
            return amounts.0 == amounts.1 ? left.name < right.name : amounts.0 > amounts.1
        }
        return PodUsageRow(pod: pod, containers: sorted, network: network)
    }
}

/// `kubectl top nodes`: what the node uses, and what part of it that is.
public struct NodeUsageTable: Hashable, Sendable {
    /// The node's name.
    public let node: String
    /// What all that runs on it uses, the Pods and the rest.
    public let usage: Usage
    /// The processors that count as all of them, in thousandths.
    public let milliCPU: Int
    /// The memory that counts as all of it, in bytes.
    public let memory: Int

    /// A table of one node.
    public init(node: String, usage: Usage, milliCPU: Int, memory: Int) {
        self.node = node
        self.usage = usage
        self.milliCPU = milliCPU
        self.memory = memory
    }

    /// The words above the columns.
    public static let headers = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]

    /// The words of its only row.
    public var cells: [String] {
        let (cpu, bytes) = (usage.milliCPU ?? 0, usage.memory ?? 0)
        return [node, "\(cpu)m", percent(cpu, of: milliCPU), "\(bytes >> 20)Mi", percent(bytes, of: memory)]
    }

    /// The lines as kubectl prints them.
    public func text(withHeaders: Bool = true) -> String {
        TextTable(headers: Self.headers, rows: [cells]).text(withHeaders: withHeaders)
    }

    /// Cut off below, as kubectl does.
    private func percent(_ part: Int, of whole: Int) -> String {
        whole > 0 ? "\(Int(Double(part) / Double(whole) * 100))%" : "<unknown>"
    }
}

/// Bytes in the largest unit that leaves more than one digit: `980`, `12Ki`, `3400Mi`.
private func traffic(_ bytes: Int) -> String {
    let units = ["", "Ki", "Mi", "Gi"]
    var (amount, unit) = (bytes, 0)
    while amount >= 10_240, unit < units.count - 1 {
        amount >>= 10
        unit += 1
    }
    return "\(amount)\(units[unit])"
}
