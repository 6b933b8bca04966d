import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("Who runs a Pod") struct NodeFitTests {
    private let node = NodeProfile(
        name: "node-1", labels: ["kubernetes.io/hostname": "node-1", "disk": "ssd", "rack": "7"],
        taints: [Taint(key: "slow", effect: .preferNoSchedule)])

    private func pod(_ change: (inout PodSpec) -> Void) -> Pod {
        var pod = Pod.make("a")
        change(&pod.spec)
        return pod
    }

    private func affinity(_ terms: [NodeSelectorTerm]) -> Affinity {
        Affinity(nodeAffinity: NodeAffinity(required: NodeSelector(nodeSelectorTerms: terms)))
    }

    @Test("a Pod that asks for nothing runs anywhere, and is not kept away by what is only preferred")
    func anywhere() { #expect(node.refusal(of: .make("a"), isHere: false) == nil) }

    @Test("a Pod that names a node runs there", arguments: [("node-1", nil), ("node-2", "is for node node-2")])
    func named(name: String, refusal: String?) {
        #expect(node.refusal(of: pod { $0.nodeName = name }, isHere: true) == refusal)
    }

    @Test(
        "every label of the selector must be there",
        arguments: [
            (["disk": "ssd"], nil), (["disk": "ssd", "rack": "7"], nil),
            (["disk": "hdd"], "is for nodes with the label disk=hdd"),
            (["disk": "ssd", "gpu": ""], "is for nodes with the label gpu="),
        ] as [([String: String], String?)])
    func selector(labels: [String: String], refusal: String?) {
        #expect(node.refusal(of: pod { $0.nodeSelector = labels }, isHere: true) == refusal)
    }

    @Test(
        "a requirement of a label",
        arguments: [
            ("disk", .in, ["ssd", "nvme"], true), ("disk", .in, ["hdd"], false), ("gpu", .in, [""], false),
            ("disk", .notIn, ["hdd"], true), ("disk", .notIn, ["ssd"], false), ("gpu", .notIn, ["a"], true),
            ("disk", .exists, [], true), ("gpu", .exists, [], false),
            ("disk", .doesNotExist, [], false), ("gpu", .doesNotExist, [], true),
            ("rack", .gt, ["6"], true), ("rack", .gt, ["7"], false), ("rack", .lt, ["8"], true),
            ("rack", .lt, ["7"], false), ("disk", .gt, ["6"], false), ("gpu", .lt, ["6"], false),
        ] as [(String, NodeSelectorOperator, [String], Bool)])
    func requirement(key: String, operator: NodeSelectorOperator, values: [String], holds: Bool) {
        let requirement = NodeSelectorRequirement(key: key, operator: `operator`, values: values)
        let pod = pod { $0.affinity = affinity([NodeSelectorTerm(matchExpressions: [requirement])]) }

        #expect((node.refusal(of: pod, isHere: true) == nil) == holds)
    }

    @Test("one term is enough; all of its requirements must hold; an empty one fits no node")
    func terms() {
        let ssd = NodeSelectorRequirement(key: "disk", operator: .in, values: ["ssd"])
        let gpu = NodeSelectorRequirement(key: "gpu", operator: .exists)
        let here = NodeSelectorRequirement(key: "metadata.name", operator: .in, values: ["node-1"])
        let fits = { (terms: [NodeSelectorTerm]) in
            node.refusal(of: pod { $0.affinity = affinity(terms) }, isHere: true) == nil
        }

        #expect(fits([NodeSelectorTerm(matchExpressions: [gpu]), NodeSelectorTerm(matchExpressions: [ssd])]))
        #expect(!fits([NodeSelectorTerm(matchExpressions: [ssd, gpu])]))
        #expect(fits([NodeSelectorTerm(matchFields: [here])]))
        #expect(!fits([NodeSelectorTerm(matchExpressions: [gpu], matchFields: [here])]))
        #expect(!fits([NodeSelectorTerm()]))
    }

    @Test(
        "a taint keeps away what does not tolerate it",
        arguments: [
            ([], false), ([Toleration(operator: .exists)], true), ([Toleration(key: "gpu", operator: .exists)], true),
            ([Toleration(key: "gpu", value: "a100")], true), ([Toleration(key: "gpu", value: "v100")], false),
            ([Toleration(key: "tpu", operator: .exists)], false),
            ([Toleration(key: "gpu", operator: .exists, effect: .noSchedule)], true),
            ([Toleration(key: "gpu", operator: .exists, effect: .noExecute)], false),
        ] as [([Toleration], Bool)])
    func tolerations(tolerations: [Toleration], fits: Bool) {
        let node = NodeProfile(name: "n", taints: [Taint(key: "gpu", value: "a100", effect: .noSchedule)])

        #expect((node.refusal(of: pod { $0.tolerations = tolerations }, isHere: false) == nil) == fits)
    }

    @Test(
        "NoSchedule lets go on what is here, and what names the node; NoExecute does not",
        arguments: [
            (TaintEffect.noSchedule, false, false, false), (.noSchedule, true, false, true),
            (.noSchedule, false, true, true), (.noExecute, true, false, false), (.noExecute, false, true, false),
            (.preferNoSchedule, false, false, true),
        ])
    func effects(effect: TaintEffect, isHere: Bool, isNamed: Bool, fits: Bool) {
        let node = NodeProfile(name: "n", taints: [Taint(key: "gpu", effect: effect)])
        let pod = pod { $0.nodeName = isNamed ? "n" : nil }

        #expect((node.refusal(of: pod, isHere: isHere) == nil) == fits)
    }
}
