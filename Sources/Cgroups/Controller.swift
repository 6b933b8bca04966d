/// A controller that this project uses. Others are left alone: each one joined costs every birth.
public enum Controller: String, Hashable, Sendable, CaseIterable {
    /// Memory limits, and the count of processes killed for exceeding them.
    case memory
    /// How many processes and threads a Pod may have.
    case pids
    /// Shares of the processors, and quotas.
    case cpu
}

/// How a machine's control groups are laid out.
public enum Backend: String, Hashable, Sendable {
    /// One hierarchy with every controller: cgroup v2.
    case unified
    /// Controllers in hierarchies of their own (v1) beside a v2 tree that has none, yet kills, freezes and lists.
    case hybrid
}

/// One mounted tree of control groups.
struct Hierarchy: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case unified
        case legacy(Controller)
    }

    let kind: Kind
    /// Where it is mounted, without a slash at the end.
    let mount: String

    var legacyController: Controller? { if case .legacy(let controller) = kind { controller } else { nil } }
}
