import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("Volumes, as a birth mounts them", .ownThreads)
struct VolumeTests {
    private func volume(_ source: String, at target: String, within: [String] = []) -> MountStep {
        var step = MountStep(kind: MountStep.volume, target: Array(target.utf8), source: Array(source.utf8))
        step.within = within.map { Array($0.utf8) }
        return step
    }

    private func text(_ id: String, _ pod: PodFixture) async throws -> String {
        for _ in 0..<2000 * patience {
            guard pod.log(id).isEmpty else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return pod.log(id).joined(separator: "\n")
    }

    /// A directory with a file in it, and beside it what no container may see.
    private func makeVolume(_ pod: PodFixture) throws -> String {
        for path in ["volume/sub", "outside"] {
            try FileManager.default.createDirectory(atPath: "\(pod.base)/\(path)", withIntermediateDirectories: true)
        }
        try Data("inside".utf8).write(to: URL(fileURLWithPath: "\(pod.base)/volume/sub/f"))
        try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(pod.base)/outside/f"))
        return "\(pod.base)/volume"
    }

    @Test("a volume in memory is written through its directory, seen in the Pod, and nowhere on the node")
    func memory() async throws {
        try await withPod { pod, supervisor in
            let path = "\(pod.run)/memory"
            let first = try await supervisor.mount(tmpfsOn: path, options: ["mode=755", "size=65536"])
            guard let directory = first.take(0) else { throw SupervisorError.gone(directory: path) }
            try Descriptor.open("f", O_WRONLY | O_CREAT, mode: 0o644, at: directory.raw).writeAll(Array("hello".utf8))
            let again = try await supervisor.mount(tmpfsOn: path, options: ["mode=755", "size=65536"])
            guard let same = again.take(0) else { throw SupervisorError.gone(directory: path) }
            let names = try same.names()
            #expect(names == ["f"], "asked again, it is the same")
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            #expect(try !String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).contains(path))

            var request = try pod.startRequest("c1", ["sh", "-c", "cat /v/f; echo; sleep 1000"])
            request.steps.append(volume(path, at: "/v"))
            try await pod.start(supervisor, request)

            #expect(try await text("c1", pod) == "hello")
        }
    }

    @Test(
        "a part of a volume is found within it, whatever links say",
        arguments: [
            ("sub", nil, "inside"), ("made/deep", nil, ""), ("link", "sub", "inside"), ("link", "../outside", nil),
            ("link", "/outside", nil), ("link", "/sub", "inside"), ("link/x", "/", nil), ("../outside", nil, nil),
        ] as [(String, String?, String?)])
    func part(path: String, link: String?, expected: String?) async throws {
        try await withPod { pod, supervisor in
            let source = try makeVolume(pod)
            if let link { symlink(link, "\(source)/link") }
            var request = try pod.startRequest("c1", ["sh", "-c", "echo \"<$(cat /v/f 2>/dev/null)>\"; sleep 1000"])
            var step = volume(source, at: "/v", within: [path])
            step.isMade = true
            request.steps.append(step)
            do {
                try await pod.start(supervisor, request)
                #expect(try await text("c1", pod) == "<\(expected ?? "")>")
            } catch SupervisorError.failed(let failure) {
                #expect(expected == nil && failure.stage == 2, "\(failure)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(pod.base)/outside") == ["f"])
        }
    }

    @Test("a directory that is swapped for a link while it is mounted never leads out of its volume")
    func race() async throws {
        try await withPod { pod, supervisor in
            let source = try makeVolume(pod)
            symlink("../outside", "\(source)/link")
            let swapper = Thread {
                while !Thread.current.isCancelled {
                    for (from, to) in [("sub", "kept"), ("link", "sub"), ("sub", "link"), ("kept", "sub")] {
                        rename("\(source)/\(from)", "\(source)/\(to)")
                    }
                }
            }
            swapper.start()
            defer { swapper.cancel() }
            for attempt in 0..<30 {
                let id = "c\(attempt)"
                var request = try pod.startRequest(id, ["sh", "-c", "echo \"<$(cat /v/f 2>/dev/null)>\""])
                request.steps.append(volume(source, at: "/v", within: ["sub"]))
                do {
                    try await pod.start(supervisor, request)
                    #expect(try await text(id, pod) == "<inside>")
                } catch SupervisorError.failed(let failure) { #expect(failure.stage == 2) }
                try await acknowledge(id, supervisor)
            }
        }
    }

    @Test(
        "a link on the way to what another namespace is allowed, put there since, is not followed",
        arguments: [
            (["sub"], 0, true), (["sub"], 1, false), (["sub/deep"], 0, true), (["sub/deep"], 1, false),
            (["kept", "link"], 1, true), (["kept", "link"], 2, false), (["kept"], 1, true), (["kept"], 9, true),
            (["sub", "made"], 1, false), (["kept", "made"], 1, true),
        ] as [([String], UInt32, Bool)])
    func planted(within: [String], withoutLinks: UInt32, isBorn: Bool) async throws {
        try await withPod { pod, supervisor in
            // "sub" was allowed; who may write around it moves it away and puts a link to a neighbour in its place.
            let source = try makeVolume(pod)
            try FileManager.default.createDirectory(
                atPath: "\(source)/secret/deep", withIntermediateDirectories: true)
            rename("\(source)/sub", "\(source)/kept")
            symlink("secret", "\(source)/sub")
            symlink("/", "\(source)/kept/link")
            var request = try pod.startRequest("c1", ["sleep", "1000"])
            var step = volume(source, at: "/v", within: within)
            step.withoutLinks = withoutLinks
            step.isMade = within.last == "made"
            request.steps.append(step)
            do {
                try await pod.start(supervisor, request)
                #expect(isBorn, "the birth followed a link")
            } catch SupervisorError.failed(let failure) {
                #expect(!isBorn && failure.stage == 2 && failure.error == UInt32(ELOOP), "\(failure)")
                if isBorn { return }
                #expect(failure.sentence.contains("cannot open the mount source \(within[Int(withoutLinks) - 1])"))
                #expect(failure.sentence.contains("symbolic links"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(source)/secret") == ["deep"])
        }
    }

    @Test("what is read-only cannot be written, and a file can be mounted too")
    func readOnly() async throws {
        try await withPod { pod, supervisor in
            let source = try makeVolume(pod)
            var request = try pod.startRequest(
                "c1", ["sh", "-c", "(echo x > /v/sub/f) 2>/dev/null || cat /etc/one; echo; sleep 1000"])
            var step = volume(source, at: "/v")
            step.attributes = 1
            request.steps += [step, volume(source, at: "/etc/one", within: ["sub/f"])]
            try await pod.start(supervisor, request)

            #expect(try await text("c1", pod).contains("inside"))
        }
    }

    private func acknowledge(_ id: String, _ supervisor: Supervisor) async throws {
        for _ in 0..<400 {
            do { return try await supervisor.acknowledge(container: id) } catch SupervisorError.failed {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private func withPod(_ body: (PodFixture, Supervisor) async throws -> Void) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await body(pod, supervisor)
        try await supervisor.shutDown()
    }
}
