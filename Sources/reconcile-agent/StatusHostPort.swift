import Manifests
import PodModel

/// A port of the node that a Pod is reached by.
struct StatusHostPort: CustomStringConvertible {
    let port: HostPort
    let pod: PodName
    /// The Pod's address.
    let address: String
    /// Whether the Pod listens at it itself, in the node's network.
    let isOwn: Bool

    /// `8080/TCP to blue/nginx-pod (10.88.0.2:80)`.
    var description: String {
        "\(port) \(isOwn ? "of" : "to") \(pod)\(isOwn ? "" : " (\(address):\(port.containerPort))")"
    }

    /// For machines.
    var json: JSONValue {
        [
            "protocol": .string(port.protocol.rawValue), "hostIP": port.address.map(JSONValue.string) ?? .null,
            "hostPort": .int(Int64(port.port)), "namespace": .string(pod.namespace), "name": .string(pod.name),
            "podIP": .string(address), "containerPort": .int(Int64(port.containerPort)),
        ]
    }
}
