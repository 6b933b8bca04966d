import PodModel
import SupervisorCore

/// The places in a container that are the node's own too (`mountPropagation: Bidirectional`): whatever is mounted at or below
/// one of them later would be mounted on the node, and stay there. Pure.
struct NodesOwnPlaces: Sendable {
    private var places: [Path] = []

    /// Refuses what an agent would mount there to furnish a container; what its processes mount is their own business.
    ///
    /// - Parameter steps: in the order in which they are carried out.
    /// - Throws: `ActionFailure` (`CreateContainerConfigError`) that names both places.
    static func requireNone(of steps: [MountStep]) throws(ActionFailure) {
        var own = NodesOwnPlaces()
        for step in steps where [MountStep.volume, MountStep.bind, MountStep.image].contains(step.kind) {
            let target = Path(step.target)
            if let place = own.places.first(where: target.isWithin) {
                throw ActionFailure(
                    reason: "CreateContainerConfigError",
                    message:
                        "\(target) cannot be mounted: it lies within \(place), whose mountPropagation is Bidirectional, so "
                        + "that it would be mounted on the node too; \(advice(on: target))")
            }
            if step.isNodesOwn { own.places.append(target) }
        }
    }

    private static func advice(on target: Path) -> String {
        if target == Path(Array(PodFiles.accountPlace.utf8)) {
            return "set automountServiceAccountToken: false, or mount that volume elsewhere"
        }
        return "mount one of them elsewhere, or without Bidirectional"
    }

    /// A path in the container, as it is written: where links of the image lead is not known here.
    private struct Path: Hashable, CustomStringConvertible {
        var components: [Substring] = []

        init(_ bytes: [UInt8]) {
            for component in String(decoding: bytes, as: UTF8.self).split(separator: "/") where component != "." {
                if component == ".." { _ = components.popLast() } else { components.append(component) }
            }
        }

        func isWithin(_ other: Path) -> Bool { components.starts(with: other.components) }

        var description: String { "\"/\(components.joined(separator: "/"))\"" }
    }
}
