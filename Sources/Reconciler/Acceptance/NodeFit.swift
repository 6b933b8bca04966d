import Manifests
import PodModel

extension NodeProfile {
    /// Why a Pod is not for this node, in words that follow its name; nil if it is.
    ///
    /// There is no scheduler: every node's agent reads the same manifests, and takes what fits it. What a scheduler would
    /// weigh between nodes (`PreferNoSchedule`, preferences) is nothing that one node could refuse.
    ///
    /// - Parameter isHere: whether this node has the Pod already: `NoSchedule` keeps away only what is not.
    public func refusal(of pod: Pod, isHere: Bool) -> String? {
        if let wanted = pod.spec.nodeName, wanted != name { return "is for node \(wanted)" }
        let missing = pod.spec.nodeSelector.filter { labels[$0.key] != $0.value }
        if let label = missing.min(by: { $0.key < $1.key }) {
            return "is for nodes with the label \(label.key)=\(label.value)"
        }
        if let terms = pod.spec.affinity?.nodeAffinity?.required?.nodeSelectorTerms, !terms.contains(where: satisfies) {
            return "is for nodes that its node affinity requires"
        }
        // kubelet: what names its node has passed by the scheduler, and with it NoSchedule
        let isPlaced = isHere || pod.spec.nodeName != nil
        let taint = taints.first { taint in
            taint.keepsAway(isPlaced: isPlaced) && !pod.spec.tolerations.contains { $0.tolerates(taint) }
        }
        return taint.map { "does not tolerate the taint \($0)" }
    }

    /// A term without any requirement fits no node (Kubernetes).
    private func satisfies(_ term: NodeSelectorTerm) -> Bool {
        if term.matchExpressions.isEmpty, term.matchFields.isEmpty { return false }
        return term.matchExpressions.allSatisfy { $0.holds(for: labels[$0.key]) }
            && term.matchFields.allSatisfy { $0.holds(for: $0.key == "metadata.name" ? name : nil) }
    }
}

extension Taint {
    fileprivate func keepsAway(isPlaced: Bool) -> Bool {
        switch effect {
        case .noExecute: true
        case .noSchedule: !isPlaced
        case .preferNoSchedule: false
        }
    }
}

extension Toleration {
    /// Kubernetes' `ToleratesTaint`.
    func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if let key, !key.isEmpty, key != taint.key { return false }
        return self.operator == .exists || value == taint.value
    }
}

extension NodeSelectorRequirement {
    /// Whether it holds for the value of its key; nil where the node has none.
    fileprivate func holds(for value: String?) -> Bool {
        switch self.operator {
        case .in: value.map(values.contains) ?? false
        case .notIn: value.map { !values.contains($0) } ?? true
        case .exists: value != nil
        case .doesNotExist: value == nil
        case .gt: compares(value, >)
        case .lt: compares(value, <)
        }
    }

    private func compares(_ value: String?, _ relation: (Int64, Int64) -> Bool) -> Bool {
        guard let left = value.flatMap({ Int64($0) }), let right = values.first.flatMap({ Int64($0) }) else {
            return false
        }
        return relation(left, right)
    }
}
