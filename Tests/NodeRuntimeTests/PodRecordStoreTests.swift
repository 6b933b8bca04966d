import Glibc
import Linux
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Records of Pods")
final class PodRecordStoreTests: Sendable {
    private let directory: String

    init() throws {
        var template = Array("/tmp/reconcile-records.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        do { try removeTree(directory) } catch { Issue.record("the test's directory stays: \(error)") }
    }

    private func record(_ uid: String) -> PodRecord {
        let pod = Pod(
            metadata: ObjectMeta(name: uid),
            spec: PodSpec(containers: [Container(name: "main", image: "app:1", env: [EnvVar(name: "A", value: "ü\"")])])
        )
        let accepted = AcceptedPod(
            uid: PodUID(uid), pod: pod, digest: Digest("sha256:0"), written: pod.encoded, application: .root,
            createdAt: WallTime(nanoseconds: 1), file: "a.yaml")
        return PodRecord(accepted: accepted, bootID: BootID("boot"))
    }

    @Test("what was written is read back by the next agent", arguments: [1, 3, 4, 50])
    func roundTrip(count: Int) async throws {
        let (store, _) = try PodRecordStore.open(directory)
        let records = (0..<count).map { record("pod-\($0)") }

        try await store.add(records)
        try await store.change(PodUID("pod-0")) { $0.address = "10.88.0.2" }
        let (next, findings) = try PodRecordStore.open(directory)

        #expect(next.all.count == count)
        #expect(Set(next.all) == Set(store.all))
        #expect(next.record(of: PodUID("pod-0"))?.address == "10.88.0.2")
        #expect(findings.damaged.isEmpty && findings.leftovers.isEmpty)
    }

    @Test("a known Pod's record is not overwritten by registering it again")
    func registeredTwice() async throws {
        let (store, _) = try PodRecordStore.open(directory)
        try await store.add([record("a")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }

        try await store.add([record("a"), record("b")])

        #expect(store.record(of: PodUID("a"))?.address == "10.88.0.2")
        #expect(store.all.count == 2)
    }

    @Test(
        "a damaged record is set aside and told, the others stay",
        arguments: ["", "{", "{\"uid\":\"a\"}", "\u{0}\u{0}\u{0}"])
    func damage(content: String) async throws {
        let (store, _) = try PodRecordStore.open(directory)
        try await store.add([record("a"), record("b")])
        try Descriptor.open("\(directory)/a/record", O_WRONLY | O_TRUNC).writeAll(Array(content.utf8))

        let (next, findings) = try PodRecordStore.open(directory)

        #expect(findings.damaged.map(\.uid) == [PodUID("a")])
        #expect(findings.leftovers.isEmpty)
        #expect(next.all.map(\.uid) == [PodUID("b")])
        #expect(access("\(directory)/a/record.damaged", F_OK) == 0)
    }

    @Test("another Pod's record is damage")
    func misplaced() async throws {
        let (store, _) = try PodRecordStore.open(directory)
        try await store.add([record("a")])
        rename("\(directory)/a", "\(directory)/b")

        let (_, findings) = try PodRecordStore.open(directory)

        #expect(findings.damaged.first?.reason == "it is the record of Pod a")
    }

    @Test("a directory without a record is a leftover; a removed Pod leaves none")
    func leftovers() async throws {
        let (store, _) = try PodRecordStore.open(directory)
        try await store.add([record("a")])
        let half = "0c0ffee0-0000-4000-8000-000000000001"
        mkdir("\(directory)/\(half)", 0o700)
        try await store.remove(PodUID("a"))

        let (next, findings) = try PodRecordStore.open(directory)

        #expect(next.all.isEmpty)
        #expect(findings.leftovers == [PodUID(half)])
        #expect(findings.strays.isEmpty)
    }

    @Test("what is no Pod's directory is told, and is nobody's leftover")
    func strays() async throws {
        let (store, _) = try PodRecordStore.open(directory)
        try await store.add([record("a")])
        mkdir("\(directory)/backup", 0o700)
        try Descriptor.open("\(directory)/notes.txt", O_WRONLY | O_CREAT).writeAll(Array("mine".utf8))

        let (next, findings) = try PodRecordStore.open(directory)

        #expect(next.all.map(\.uid) == [PodUID("a")])
        #expect(findings.leftovers.isEmpty)
        #expect(findings.strays.sorted() == ["backup", "notes.txt"])
    }

    @Test("a UID that would lead out of the directory is refused", arguments: ["..", "a/b", "", "."])
    func unsafe(uid: String) async throws {
        let (store, _) = try PodRecordStore.open(directory)

        await #expect(throws: NodeRuntimeError.self) { try await store.add([record(uid)]) }
    }
}
