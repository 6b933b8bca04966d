import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("Images as volumes, as a birth mounts them", .ownThreads)
struct ImageVolumeTests {
    // linux/mount.h: read-only, without set-user-ID, devices, programs
    private static let attributes: UInt64 = 0xF

    /// Two layers: the upper one changes a file of the lower one, hides another, and brings a program.
    private func makeLayers(_ pod: PodFixture) throws {
        let (lower, upper) = ("\(pod.base)/layers/lower", "\(pod.base)/layers/upper")
        for path in ["\(lower)/sub", "\(upper)/sub"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try Data("old".utf8).write(to: URL(fileURLWithPath: "\(lower)/sub/f"))
        try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(lower)/sub/kept"))
        try Data("gone".utf8).write(to: URL(fileURLWithPath: "\(lower)/gone"))
        try Data("new".utf8).write(to: URL(fileURLWithPath: "\(upper)/sub/f"))
        try FileManager.default.copyItem(atPath: "/bin/busybox", toPath: "\(upper)/program")
        try retrying("mknod") { mknod("\(upper)/gone", S_IFCHR, 0) }
    }

    private func image(_ pod: PodFixture, _ layers: [String], within: [String] = []) -> MountStep {
        var step = MountStep(
            kind: MountStep.image, target: Array("/v".utf8), source: Array("\(pod.base)/layers".utf8),
            options: layers.map { Array($0.utf8) }, attributes: Self.attributes)
        step.within = within.map { Array($0.utf8) }
        return step
    }

    private func lines(_ id: String, _ pod: PodFixture) async throws -> [String] {
        for _ in 0..<2000 * patience {
            guard !pod.log(id).contains("end") else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return pod.log(id)
    }

    @Test(
        "its layers lie on each other, and nobody writes to it or runs what is in it",
        arguments: [(["upper", "lower"], "new kept"), (["lower"], "old kept gone")])
    func layers(layers: [String], expected: String) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        try makeLayers(pod)
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        let script = """
            cd /v; set -- $(cat sub/f) $(cat sub/kept) $(cat gone 2>/dev/null); echo "$*"
            touch sub/x 2>/dev/null && echo written; ./program true 2>/dev/null && echo ran
            mount -o remount,rw,bind /v 2>/dev/null && echo remounted; echo end; sleep 1000
            """
        var request = try pod.startRequest("c1", ["sh", "-c", script])
        // Two of them, and the root after them, are made of layers in one directory.
        var other = image(pod, layers)
        other.target = Array("/w".utf8)
        request.steps += [image(pod, layers), other]
        try await pod.start(supervisor, request)

        #expect(try await lines("c1", pod) == [expected, "end"])
        let seen = try await pod.exec(supervisor, "e1", in: "c1", ["cat", "/w/sub/f"]).output
        #expect(expected.hasPrefix(seen))
        try await supervisor.shutDown()
        #expect(try !String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).contains(pod.base))
    }

    @Test(
        "a part of it is found within it, whatever links in it say",
        arguments: [("sub", "new"), ("link", "new"), ("out", nil), ("missing", nil)] as [(String, String?)])
    func part(path: String, expected: String?) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        try makeLayers(pod)
        symlink("/sub", "\(pod.base)/layers/upper/link")
        symlink("../../outside", "\(pod.base)/layers/upper/out")
        try FileManager.default.createDirectory(atPath: "\(pod.base)/outside", withIntermediateDirectories: true)
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        var request = try pod.startRequest("c1", ["sh", "-c", "cat /v/f; echo; echo end; sleep 1000"])
        request.steps.append(image(pod, ["upper", "lower"], within: [path]))
        do {
            try await pod.start(supervisor, request)
            #expect(try await lines("c1", pod).first == expected)
        } catch SupervisorError.failed(let failure) {
            #expect(expected == nil && failure.sentence.contains("cannot open the mount source \(path)"), "\(failure)")
        }
        try await supervisor.shutDown()
    }

    @Test(
        "to a Pod with users of its own its files are root's", .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"),
        arguments: [["upper", "lower"], ["lower"]])
    func mapped(layers: [String]) async throws {
        let root: UInt32 = 131_072
        let pod = try PodFixture()
        defer { pod.clean() }
        try makeLayers(pod)
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor) { request in
            request.namespaces = SandboxNamespaces.ownUsers
            (request.firstUser, request.userCount) = (root, 65_536)
        }
        let script = "/bin/busybox stat -c %u:%g /v /v/sub/kept /bin/busybox; echo end; sleep 1000"
        var request = try pod.startRequest("c1", ["sh", "-c", script])
        request.steps = ContainerMounts.standard(sharedMemory: "\(pod.run)/shm", root: root)
        chown(String(decoding: request.root.upper, as: UTF8.self), root, root)
        request.steps.append(image(pod, layers))
        try await pod.start(supervisor, request)

        #expect(try await lines("c1", pod) == ["0:0", "0:0", "0:0", "end"])
        try await supervisor.shutDown()
    }
}

/// Whether this kernel is new enough: it shows files of a tmpfs to users of a namespace as theirs.
private func isLinux(atLeast major: Int, _ minor: Int) -> Bool {
    let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
    let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
}
