import Foundation
import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("The node's users that stand for Pods' own")
struct UserRangesTests {
    private func record(_ uid: String, _ range: UserRange?) -> PodRecord {
        let pod = Pod(
            metadata: ObjectMeta(name: uid), spec: PodSpec(containers: [Container(name: "main", image: "app:1")]))
        let accepted = AcceptedPod(
            uid: PodUID(uid), pod: pod, digest: Digest("sha256:0"), written: pod.encoded, application: .root,
            createdAt: WallTime(nanoseconds: 1), file: "a.yaml")
        return PodRecord(accepted: accepted, bootID: BootID("boot"), users: range)
    }

    @Test("each Pod has a range of 65,536 at a multiple of it, never the node's own, never another's, and keeps it")
    func unique() throws {
        let ranges = UserRanges([record("a", UserRange(index: 1))], besides: [])

        let first = try #require(ranges.take(for: PodUID("b")))
        #expect(ranges.take(for: PodUID("a")) == UserRange(index: 1))
        #expect(first.first == 131_072 && ranges.take(for: PodUID("b")) == first)
        ranges.release(PodUID("a"))
        #expect(ranges.take(for: PodUID("c")) == UserRange(index: 1))
    }

    @Test("what the node gave to somebody else is left out; what makes no sense of that file is not read")
    func subordinate() throws {
        let file = "/tmp/reconcile-subuid-\(UUID().uuidString)"
        try "me:100000:65536\nodd line\n\nyou:x:1\nhigh:4294967295:4294967295\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }

        // 100000 to 165535 lies in the first range and in the second.
        let beside = UserRanges([], besides: [file]).take(for: PodUID("a"))
        #expect(beside == UserRange(index: 3))
        #expect(UserRanges.ranges(in: "a:1:2") == [1..<3])
        let alone = UserRanges([], besides: ["/nonexistent"]).take(for: PodUID("a"))
        #expect(alone == UserRange(index: 1))
    }

    @Test("a record of an earlier release says nothing of users, and is read")
    func earlier() throws {
        let record = record("a", UserRange(index: 7))
        var object = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(record)) as? [String: Any])
        #expect(try JSONDecoder().decode(PodRecord.self, from: JSONEncoder().encode(record)).users?.first == 7 * 65_536)
        object["users"] = nil

        let read = try JSONDecoder().decode(PodRecord.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(read.users == nil)
    }
}

@Suite("What containers mount reaches the node only below a mount that it shares")
struct SharedMountTests {
    private let mounts = SharedMount(
        mounts: """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/root rw
            30 27 0:30 / /srv rw,relatime master:4 - tmpfs tmpfs rw
            31 27 0:31 / /var rw,relatime master:4 shared:9 - tmpfs tmpfs rw
            """)

    @Test(
        "a mount that is not shared is refused in containerd's words",
        arguments: [("27", false), ("31", false), ("30", true), ("22", true)])
    func shared(id: String, isRefused: Bool) {
        let complaint = mounts.complaint(of: "/srv/x", onMount: id)

        #expect((complaint != nil) == isRefused)
        if id == "30" {
            #expect(complaint?.hasPrefix("path \"/srv/x\" is mounted on \"/srv\" but it is not a shared mount") == true)
        }
    }
}
