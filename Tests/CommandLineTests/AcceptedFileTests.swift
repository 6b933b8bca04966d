import Foundation
import Manifests
import PodModel
import Testing

@testable import reconcile_agent

@Suite("The file of what was accepted")
struct AcceptedFileTests {
    private func withState(_ body: (String) async throws -> Void) async throws {
        let state = FileManager.default.temporaryDirectory.appending(path: "accepted-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: state) }
        try await body(state.path)
    }

    private let slice = AcceptedSlice(
        revision: RevisionID("r1"),
        commit: CommitSummary(author: "Ada", email: "", committedAt: .epoch, subject: "Change things"),
        acceptedAt: .epoch, pods: [],
        objects: [
            AcceptedObject(
                object: .configMap(ConfigMap(metadata: ObjectMeta(name: "app"), data: ["mode": "fast"])),
                application: .root, createdAt: .epoch, file: "app.yaml"),
            AcceptedObject(
                object: .secret(
                    Secret(metadata: ObjectMeta(name: "key"), data: ["k": SecretValue([0, 255])], type: "x/y")),
                application: .root, createdAt: .epoch, file: "app.yaml"),
            AcceptedObject(
                object: .namespace(Namespace(name: "blue", labels: ["a": "b"])), application: .root,
                createdAt: .epoch, file: "app.yaml", hiddenBy: ["b.yaml"]),
        ],
        applications: [AcceptedApplication(name: .root, revision: RevisionID("r1"), diagnostics: [])],
        unread: [UnreadPlace(path: "a.yaml"), UnreadPlace(path: "sub")])

    @Test("what is stored is read again; where nothing was, nothing is")
    func roundTrip() async throws {
        try await withState { state in
            let file = AcceptedFile(below: state)
            #expect(try await file.load() == .missing)

            try await file.save(slice)

            #expect(try await file.load() == .slice(slice))
        }
    }

    @Test("a slice that an older release stored can be read", arguments: ["unread", "objects"])
    func older(field: String) async throws {
        try await withState { state in
            let file = AcceptedFile(below: state)
            try await file.save(slice)
            let path = "\(state)/accepted/slice.json"
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
            object[field] = nil
            try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path))

            guard case .slice(let read) = try await file.load() else {
                Issue.record("not read")
                return
            }
            #expect(read.applications == slice.applications)
            #expect(field == "unread" ? read.unread == nil : read.objects == [])
        }
    }

    @Test(
        "a file that is no slice is set aside under a name that says so", arguments: ["", "{", "[]", "{\"pods\": 3}"])
    func damaged(text: String) async throws {
        try await withState { state in
            let file = AcceptedFile(below: state)
            try await file.save(slice)
            let path = "\(state)/accepted/slice.json"
            try Data(text.utf8).write(to: URL(filePath: path))

            guard case .damaged(let reason) = try await file.load() else {
                Issue.record("taken for a slice")
                return
            }

            let left = try FileManager.default.contentsOfDirectory(atPath: "\(state)/accepted")
            #expect(left.count == 1 && left[0].hasPrefix("slice.damaged-"), "\(left)")
            #expect(reason.contains(path) && reason.contains(left[0]), "\(reason)")
            #expect(try Data(contentsOf: URL(filePath: "\(state)/accepted/\(left[0])")) == Data(text.utf8))
            #expect(try await file.load() == .missing)
        }
    }
}
