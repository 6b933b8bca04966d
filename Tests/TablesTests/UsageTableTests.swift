import PodModel
import Tables
import Testing

@Suite("kubectl top")
struct UsageTableTests {
    private func row(
        _ name: String, _ namespace: String = "default", _ containers: (String, Int, Int)...,
        network: NetworkUsage? = nil
    ) -> PodUsageRow {
        PodUsageRow(
            pod: PodName(namespace: namespace, name: name),
            containers: containers.map { name, milliCPU, mebibytes in
                PodUsageRow.Container(
                    name: name, usage: Usage(nanoCPU: milliCPU * 1_000_000, memory: mebibytes << 20, processes: 2),
                    restarts: 1)
            }, network: network)
    }

    private var rows: [PodUsageRow] {
        [
            row("web", "blue", ("nginx", 250, 12), ("side", 1, 3), network: NetworkUsage(received: 512, sent: 20_480)),
            row("db", "default", ("main", 20, 400)),
        ]
    }

    @Test("prints Pods by name, in thousandths of a processor and MiB")
    func plain() {
        #expect(
            PodUsageTable(rows: rows).text() == """
                NAME   CPU(cores)   MEMORY(bytes)
                web    251m         15Mi
                db     20m          400Mi

                """)
    }

    @Test("prints namespaces and containers, the most first where asked, and a sum")
    func containers() {
        let table = PodUsageTable(rows: rows, by: .memory, withNamespace: true, withContainers: true, withSum: true)

        #expect(
            table.text() == """
                NAMESPACE   POD   NAME    CPU(cores)   MEMORY(bytes)
                default     db    main    20m          400Mi
                blue        web   nginx   250m         12Mi
                blue        web   side    1m           3Mi
                                          ________     ________
                                          271m         415Mi

                """)
    }

    @Test("prints more when it is wide; what has no network of its own has no traffic")
    func wide() {
        #expect(
            PodUsageTable(rows: rows, by: .cpu, isWide: true).text(withHeaders: false) == """
                web   251m   15Mi    4     2     512      20Ki
                db    20m    400Mi   2     1     <none>   <none>

                """)
    }

    @Test("prints a node with the part of it that is used, cut off below")
    func node() {
        let table = NodeUsageTable(
            node: "node-1", usage: Usage(nanoCPU: 999_000_000, memory: 300 << 20), milliCPU: 2000, memory: 1000 << 20)

        #expect(
            table.text() == """
                NAME     CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)
                node-1   999m         49%      300Mi           30%

                """)
    }

    @Test("says so where nobody counts")
    func unknown() {
        let row = PodUsageRow(
            pod: PodName(namespace: "default", name: "web"),
            containers: [.init(name: "a", usage: Usage(nanoCPU: nil, memory: nil), restarts: 0)])

        #expect(PodUsageTable(rows: [row]).cells == [["web", "<unknown>", "<unknown>"]])
    }
}
