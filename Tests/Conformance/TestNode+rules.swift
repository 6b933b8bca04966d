import Foundation
import Linux
import Manifests
import PodFixture
import Testing

extension TestNode {
    /// Pushes manifests, each to an application of its own, and starts an agent that follows.
    func start(
        _ manifests: String..., others: [String: String] = [:], variables: [String: String] = [:]
    ) async throws {
        var files: [String: String?] = [:]
        for (number, manifest) in manifests.enumerated() { files["app\(number)/pod.yaml"] = manifest }
        for (path, text) in others { files[path] = text }
        try await repository.push(files, "Run what the rule is about")
        try startAgent(variables: variables)
    }

    /// What `events` tells of a Pod, a line each, in words.
    func events(of name: String) async throws -> String {
        try await agent("events", "--for", "pod/\(name)").output
    }

    /// What a container of a Pod has written.
    func logs(of name: String, _ container: String = "main") async throws -> String {
        try await agent("logs", name, "-c", container).output
    }

    /// What a script prints inside a container.
    func inside(_ name: String, _ script: String, of container: String = "main") async throws -> String {
        try await agent("exec", name, "-c", container, "--", "sh", "-c", script).output
    }

    /// Waits until a Pod is as wanted, and gives it as it then is.
    @discardableResult
    func pod(
        _ name: String, _ what: String, is isRight: (ShownPod) throws -> Bool
    ) async throws -> ShownPod {
        var found: ShownPod?
        try await eventually("\(name) \(what)") {
            guard let shown = try await pod(name), try isRight(shown) else { return false }
            found = shown
            return true
        }
        return try #require(found)
    }

    /// Waits until a Pod's STATUS is a word.
    func status(of name: String, becomes words: String...) async throws {
        try await eventually("\(name) is \(words.joined(separator: " or "))") {
            words.contains(try await row(name).dropFirst(2).first ?? "")
        }
    }
}

extension ShownPod {
    /// How a container that ended came to its end: of its state, or of its last one.
    func end(of name: String) -> JSONValue? {
        let status = container(name) ?? initContainer(name)
        return status?["state"]?["terminated"] ?? status?["lastState"]?["terminated"]
    }

    /// Why a container waits.
    func waiting(_ name: String) -> String? {
        (container(name) ?? initContainer(name))?["state"]?["waiting"]?["reason"]?.string
    }

    /// The message of a condition.
    func message(_ type: String) -> String? {
        guard case .array(let conditions) = json["status"]?["conditions"] else { return nil }
        return conditions.first { $0["type"]?.string == type }?["message"]?.string
    }
}

/// An instant as the API writes it.
func instant(_ value: JSONValue?) -> Date? {
    value?.string.flatMap { try? Date($0, strategy: .iso8601) }
}
