import Foundation
import Manifests
import Testing

/// A Pod as `get pod -o json` shows it.
struct ShownPod: Sendable {
    let json: JSONValue

    var uid: String? { json["metadata"]?["uid"]?.string }
    var address: String? { json["status"]?["podIP"]?.string }
    var phase: String? { json["status"]?["phase"]?.string }

    /// The container of this name among `containerStatuses`.
    func container(_ name: String) -> JSONValue? {
        guard case .array(let statuses) = json["status"]?["containerStatuses"] else { return nil }
        return statuses.first { $0["name"]?.string == name }
    }

    /// The container of this name among `initContainerStatuses`.
    func initContainer(_ name: String) -> JSONValue? {
        guard case .array(let statuses) = json["status"]?["initContainerStatuses"] else { return nil }
        return statuses.first { $0["name"]?.string == name }
    }

    /// A condition's status and reason.
    func condition(_ type: String) -> String? {
        guard case .array(let conditions) = json["status"]?["conditions"] else { return nil }
        return conditions.first { $0["type"]?.string == type }.map { condition in
            [condition["status"]?.string, condition["reason"]?.string].compactMap { $0 }.joined(separator: " ")
        }
    }

    func restarts(of name: String) -> Int64? { container(name)?["restartCount"]?.int }
    func containerID(of name: String) -> String? { container(name)?["containerID"]?.string }
    func lastExitCode(of name: String) -> Int64? {
        container(name)?["lastState"]?["terminated"]?["exitCode"]?.int
    }

    /// What must survive the agent: identity, address, and each container with its restarts.
    var life: [String] {
        guard case .array(let statuses) = json["status"]?["containerStatuses"] else { return [] }
        let containers = statuses.map {
            "\($0["name"]?.string ?? "") \($0["containerID"]?.string ?? "") \($0["restartCount"]?.int ?? -1)"
        }
        return [uid ?? "", address ?? ""] + containers
    }
}

extension TestNode {
    /// A Pod as JSON; nil when there is none.
    func pod(_ name: String, _ namespace: String = "default") async throws -> ShownPod? {
        let said = try await agent("get", "pod", name, "-n", namespace, "-o", "json")
        guard said.status == 0 else { return nil }
        return ShownPod(json: try JSONDecoder().decode(JSONValue.self, from: Data(said.output.utf8)))
    }

    /// A Pod's line in `get pods`, by columns; empty when there is none.
    func row(_ name: String, _ namespace: String = "default") async throws -> [String] {
        try await agent("get", "pod", name, "-n", namespace).rows.last ?? []
    }

    /// Waits until a Pod's READY and STATUS are `1/1` and `Running`, or what else is asked.
    @discardableResult
    func running(
        _ name: String, _ namespace: String = "default", ready: String = "1/1",
        where isRight: (ShownPod) -> Bool = { _ in true }
    ) async throws -> ShownPod {
        var shown: ShownPod?
        try await eventually("\(namespace)/\(name) is \(ready) Running") {
            guard try await row(name, namespace).dropFirst().prefix(2) == [ready, "Running"],
                let pod = try await pod(name, namespace), isRight(pod)
            else { return false }
            shown = pod
            return true
        }
        return try #require(shown)
    }
}
