import Foundation
import Manifests
import PodModel
import Testing

@testable import reconcile_agent

@Suite("Labels and taints of the node")
struct NodeWordTests {
    @Test("labels are keys and values")
    func readsLabels() throws {
        #expect(
            try labels(from: ["disk=ssd", "example.org/rack=7", "empty="])
                == ["disk": "ssd", "example.org/rack": "7", "empty": ""])
    }

    @Test("taints are keys, perhaps values, and effects")
    func readsTaints() throws {
        #expect(
            try taints(from: ["gpu=a100:NoSchedule", "old:NoExecute"]) == [
                Taint(key: "gpu", value: "a100", effect: .noSchedule), Taint(key: "old", effect: .noExecute),
            ])
    }

    @Test("what is no label is a matter of usage", arguments: ["disk", "=ssd", "disk=s d", "-x=1", "a/b/c=1"])
    func badLabel(text: String) { #expect(throws: CommandFailure.self) { try labels(from: [text]) } }

    @Test("what is no taint is a matter of usage", arguments: ["gpu", "gpu:Never", ":NoSchedule", "a=b:c:NoSchedule"])
    func badTaint(text: String) { #expect(throws: CommandFailure.self) { try taints(from: [text]) } }

    @Test("an option that is given and empty says that there are none")
    func none() throws {
        #expect(try settings([""], "node-label") == [])
        #expect(try settings([], "node-label-of-nobody") == nil)
    }

    @Test("a node that an older release stored has no labels of its own, and those that every node has")
    func older() throws {
        let text = """
            {"nodeName":"n","podCIDR":"10.88.0.0/16","bridge":"b","cgroupParent":"c","runDirectory":"/r","logDirectory":"/l"}
            """
        let identity = try JSONDecoder().decode(NodeIdentity.self, from: Data(text.utf8))

        #expect(identity.labels.isEmpty && identity.taints.isEmpty)
        #expect(try identity.profile().labels["kubernetes.io/hostname"] == "n")
        #expect(try identity.profile().labels["kubernetes.io/os"] == "linux")
        #expect(try ["amd64", "arm64"].contains(identity.profile().labels["kubernetes.io/arch"]))
    }

    @Test("what was named is kept with the node, and wins over what every node has")
    func roundTrip() throws {
        let identity = NodeIdentity(
            nodeName: "n", podCIDR: "10.88.0.0/16", bridge: "b", cgroupParent: "c", runDirectory: "/r",
            logDirectory: "/l", labels: ["disk": "ssd", "kubernetes.io/hostname": "other"],
            taints: [Taint(key: "gpu", effect: .noExecute)])
        let read = try JSONDecoder().decode(NodeIdentity.self, from: JSONEncoder().encode(identity))

        #expect(read == identity)
        #expect(try read.profile().labels["kubernetes.io/hostname"] == "other")
    }
}
