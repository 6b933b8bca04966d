import Manifests

/// The capabilities that a container's root has unless it asks for others: podman's eleven (checklist S1).
public enum DefaultCapabilities {
    /// Bit n is capability n.
    public static let mask: UInt64 = Capability.usual.reduce(0) { mask, choice in
        if case .one(let capability) = choice { mask | 1 << UInt64(capability.number) } else { mask }
    }
}
