import Foundation
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

    private var paths: NodePaths {
        NodePaths(
            stateDirectory: "\(directory)/state", runDirectory: "\(directory)/run", logDirectory: "\(directory)/log")
    }

    /// A store whose disk is behind until it is told to follow.
    private func open() throws -> (store: PodRecordStore, findings: PodRecordStore.Findings) {
        try PodRecordStore.open(paths, delay: 3_600_000_000)
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
        let (store, _) = try open()
        let records = (0..<count).map { record("pod-\($0)") }

        try await store.add(records)
        try await store.change(PodUID("pod-0")) { $0.address = "10.88.0.2" }
        let (next, findings) = try open()

        #expect(next.all.count == count)
        #expect(Set(next.all) == Set(store.all))
        #expect(next.record(of: PodUID("pod-0"))?.address == "10.88.0.2")
        #expect(findings.damaged.isEmpty && findings.leftovers.isEmpty)
    }

    @Test("a known Pod's record is not overwritten by registering it again")
    func registeredTwice() async throws {
        let (store, _) = try open()
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
        let (store, _) = try open()
        try await store.add([record("a"), record("b")])
        try Descriptor.open("\(paths.podStates)/a/record", O_WRONLY | O_TRUNC).writeAll(Array(content.utf8))

        let (next, findings) = try open()

        #expect(findings.damaged.map(\.uid) == [PodUID("a")])
        #expect(findings.leftovers.isEmpty)
        #expect(next.all.map(\.uid) == [PodUID("b")])
        #expect(access("\(paths.podStates)/a/record.damaged", F_OK) == 0)
    }

    @Test("what a killed agent had written in memory alone is known to the next, and reaches the disk")
    func fresh() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }
        #expect(try onDisk("a")?.address == nil)
        #expect(try RecordFile(of: PodUID("a"), paths).read()?.address == "10.88.0.2")

        let (next, _) = try open()
        #expect(next.record(of: PodUID("a"))?.address == "10.88.0.2")
        next.settle()
        #expect(try onDisk("a") == next.record(of: PodUID("a")))
    }

    @Test("the disk follows by itself")
    func follows() async throws {
        let (store, _) = try PodRecordStore.open(paths)
        try await store.add([record("a")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }
        for _ in 0..<1000 {
            guard try onDisk("a")?.address == nil else { break }
            usleep(10_000)
        }
        #expect(try onDisk("a")?.address == "10.88.0.2")
    }

    @Test("what ends for good is on the disk at once, with all that was not")
    func final() async throws {
        let (store, _) = try open()
        try await store.add([record("a"), record("b")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }
        try await store.change(PodUID("a")) { $0.finalPhase = .succeeded }
        #expect(try onDisk("a")?.finalPhase == .succeeded)
        #expect(try onDisk("a")?.address == "10.88.0.2")
        try await store.change(PodUID("b"), durably: true) { $0.address = "10.88.0.3" }
        #expect(try onDisk("b")?.address == "10.88.0.3")
    }

    @Test("a record on the disk that a power cut left torn is no loss while memory has it; after a reboot it is damage")
    func torn() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }
        try Descriptor.open("\(paths.podStates)/a/record", O_WRONLY | O_TRUNC).writeAll([])

        let (next, findings) = try open()
        #expect(findings.damaged.isEmpty)
        #expect(next.record(of: PodUID("a"))?.address == "10.88.0.2")

        try Descriptor.open("\(paths.podStates)/a/record", O_WRONLY | O_TRUNC).writeAll([])
        try removeTree(paths.freshRecords)
        #expect(try open().findings.damaged.map(\.uid) == [PodUID("a")])
    }

    @Test("what an older release wrote since counts more than memory: it knows nothing of the other file")
    func olderRelease() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        try await store.change(PodUID("a")) { $0.address = "10.88.0.2" }
        var old = try #require(store.record(of: PodUID("a")))
        old.writes = nil
        old.address = "10.88.0.9"
        try RecordFile(of: PodUID("a"), paths).settle(old)
        let next = try open().store
        #expect(next.record(of: PodUID("a"))?.address == "10.88.0.9")
        // Numbers begin again then; memory of before must not win by its own.
        try await next.change([PodUID("a")]) { $0.address = "10.88.0.10" }
        try removeTree("\(paths.freshRecords)/a")
        #expect(try open().store.record(of: PodUID("a"))?.address == "10.88.0.10")
    }

    @Test("what could not be written the first time is written when it is asked for again, and keeps nobody else back")
    func trouble() async throws {
        let (store, _) = try open()
        try await store.add([record("a"), record("b")])
        // A directory in the way: no rename goes over it.
        try removeTree("\(paths.podStates)/a/record")
        mkdir("\(paths.podStates)/a/record", 0o700)
        mkdir("\(paths.podStates)/a/record/in-the-way", 0o700)
        try await store.change(PodUID("b")) { $0.address = "10.88.0.3" }
        await #expect(throws: SystemError.self) {
            try await store.change(PodUID("a")) { $0.finalPhase = .failed }
        }
        store.settle()
        #expect(try onDisk("b")?.address == "10.88.0.3")
        await #expect(throws: SystemError.self) {
            try await store.change(PodUID("a")) { $0.finalPhase = .failed }
        }

        try removeTree("\(paths.podStates)/a/record")
        try await store.change(PodUID("a")) { $0.finalPhase = .failed }
        #expect(try onDisk("a")?.finalPhase == .failed)
    }

    @Test("of a removed Pod nothing is left in memory either, and what nobody has a Pod for is cleared")
    func removed() async throws {
        let (store, _) = try open()
        try await store.add([record("a"), record("b")])
        for uid in ["a", "b"] { try await store.change(PodUID(uid)) { $0.address = "10.88.0.2" } }
        try await store.remove(PodUID("a"))
        #expect(access("\(paths.freshRecords)/a", F_OK) != 0)
        try removeTree("\(paths.podStates)/b")
        _ = try open()
        #expect(try names(in: paths.freshRecords) == [])
    }

    private func onDisk(_ uid: String) throws -> PodRecord? {
        guard let bytes = try contents(of: "\(paths.podStates)/\(uid)/record") else { return nil }
        return try JSONDecoder().decode(PodRecord.self, from: Data(bytes))
    }

    @Test("another Pod's record is damage")
    func misplaced() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        rename("\(paths.podStates)/a", "\(paths.podStates)/b")

        let (_, findings) = try open()

        #expect(findings.damaged.first?.reason == "it is the record of Pod a")
    }

    @Test("a directory without a record is a leftover; a removed Pod leaves none")
    func leftovers() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        let half = "0c0ffee0-0000-4000-8000-000000000001"
        mkdir("\(paths.podStates)/\(half)", 0o700)
        try await store.remove(PodUID("a"))

        let (next, findings) = try open()

        #expect(next.all.isEmpty)
        #expect(findings.leftovers == [PodUID(half)])
        #expect(findings.strays.isEmpty)
    }

    @Test("what is no Pod's directory is told, and is nobody's leftover")
    func strays() async throws {
        let (store, _) = try open()
        try await store.add([record("a")])
        mkdir("\(paths.podStates)/backup", 0o700)
        try Descriptor.open("\(paths.podStates)/notes.txt", O_WRONLY | O_CREAT).writeAll(Array("mine".utf8))

        let (next, findings) = try open()

        #expect(next.all.map(\.uid) == [PodUID("a")])
        #expect(findings.leftovers.isEmpty)
        #expect(findings.strays.sorted() == ["backup", "notes.txt"])
    }

    @Test("a UID that would lead out of the directory is refused", arguments: ["..", "a/b", "", "."])
    func unsafe(uid: String) async throws {
        let (store, _) = try open()

        await #expect(throws: NodeRuntimeError.self) { try await store.add([record(uid)]) }
    }
}
