import Foundation
import Linux
import Patience
import PodFixture
import Testing

@Suite("What a manifest may say")
struct ManifestTests {
    /// What is written below `spec:`, and what is said of it.
    private static let mistakes: [(field: String, words: String)] = [
        ("containers: []", "spec.containers: Required value"),
        ("containers: [{name: a}]", "image"),
        ("containers: [{name: A_b, image: x}]", "a lowercase RFC 1123 label"),
        ("containers: [{name: a, image: x}, {name: a, image: x}]", "Duplicate value: \"a\""),
        ("containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /v}]}]", "Not found: \"v\""),
        (
            "containers: [{name: a, image: x, livenessProbe: {exec: {command: [a]}, tcpSocket: {port: 1}}}]",
            "may not specify more than 1 handler type"
        ),
        ("containers: [{name: a, image: x, livenessProbe: {periodSeconds: 1}}]", "must specify a handler type"),
        (
            "containers: [{name: a, image: x, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]",
            "must be less than or equal to cpu limit"
        ),
        ("containers: [{name: a, image: x, ports: [{containerPort: 0}]}]", "must be between 1 and 65535"),
        (
            "hostPID: true\n  shareProcessNamespace: true\n  containers: [{name: a, image: x}]",
            "ShareProcessNamespace and HostPID cannot both be enabled"
        ),
        ("containers: [{name: a, image: x, livenessProbe: {exec: {command: [a]}, successThreshold: 2}}]", "must be 1"),
        ("containers: [{name: a, image: x, volumeDevices: [{name: a, devicePath: /a}]}]", "block devices"),
        ("containers: [{name: a, image: x, imagePullPolcy: Always}]", "did you mean \"imagePullPolicy\"?"),
    ]

    @Test("rules 92 and 93: a mistake is refused before anything is done, with its file, line and column")
    func refused() async throws {
        let directory = "\(NSTemporaryDirectory())reconcile-conformance-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (number, mistake) in Self.mistakes.enumerated() {
            try "apiVersion: v1\nkind: Pod\nmetadata: {name: web-\(number)}\nspec:\n  \(mistake.field)\n".write(
                toFile: "\(directory)/\(number).yaml", atomically: true, encoding: .utf8)
        }
        let said = Said(
            try await WorkerCommand(executable: PodFixture.product("reconcile-agent")).run(
                ["validate", directory], timeout: .seconds(60 * patience)))
        #expect(said.status == 5, "\(said)")
        let lines = said.output.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, mistake) in Self.mistakes.enumerated() {
            let place = try Regex("^error: \(number)\\.yaml:[4-9]:[0-9]+: ")
            let index = try #require(lines.firstIndex { $0.contains(place) }, "\(mistake) in \(said)")
            let hint = lines[min(index + 1, lines.count - 1)]
            #expect(
                lines[index].contains(mistake.words) || hint.contains(mistake.words),
                "\(mistake): \(lines[index]) \(hint)")
        }
    }
}
