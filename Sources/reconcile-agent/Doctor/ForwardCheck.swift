import Linux

/// Whether somebody else's packet filter stops what goes between Pods and the world. Every filter has a say of its own: what
/// one lets pass another may still drop, so that ours cannot help it.
enum ForwardCheck {
    /// Looks at the filters of this machine; finds nothing where it may not look.
    static func findings(bridge: String) -> [Finding] {
        do {
            let chains = try NetlinkSocket.netfilter().filterChains()
            return findings(
                chains, bridge: bridge,
                passesFilters: MachineFile.number("/proc/sys/net/bridge/bridge-nf-call-iptables") == 1)
        } catch {
            return []
        }
    }

    /// - Parameter passesFilters: whether what passes the bridge passes the filters too.
    static func findings(_ chains: [FilterChain], bridge: String, passesFilters: Bool) -> [Finding] {
        // NF_INET_FORWARD
        guard let chain = chains.first(where: { $0.hook == 2 && $0.drops }) else { return [] }
        let others = passesFilters ? ", nor each other (net.bridge.bridge-nf-call-iptables is on)" : ""
        let list = chain.name == "FORWARD" && chains.contains { $0.name == "DOCKER-USER" } ? "DOCKER-USER" : chain.name
        let remedy =
            chain.table == "filter"
            ? "iptables -I \(list) -i \(bridge) -j ACCEPT; iptables -I \(list) -o \(bridge) -j ACCEPT"
            : "have it accept iifname \(bridge) and oifname \(bridge)"
        return [
            .note(
                "forwarding",
                "chain \(chain.name) of table \(chain.table) drops what it does not know: unless it knows of Pods, they "
                    + "do not reach the world, nor it them by hostPort\(others)", remedy: remedy)
        ]
    }
}
