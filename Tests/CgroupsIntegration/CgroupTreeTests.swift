import Glibc
import Linux
import Testing

@testable import Cgroups

/// On this machine's own control groups, below parents that only this run of the tests uses; as root. The same tests
/// run on a hybrid machine and on one with cgroup v2 alone.
@Suite("Control groups", .enabled(if: geteuid() == 0, "needs root"))
struct CgroupTreeTests {
    @Test("preparing twice makes one parent, and tearing down leaves nothing")
    func prepareTwice() throws {
        try withTree { tree in
            #expect(try tree.prepare() == .trusted)
            #expect(try tree.prepare() == .trusted)
            #expect(try tree.pods() == [])

            try tree.teardown()
            try tree.teardown()

            for hierarchy in tree.hierarchies { #expect(access(tree.path(in: hierarchy), F_OK) == -1) }
        }
    }

    @Test("a parent may lie below others, which stay")
    func deepParent() throws {
        try withTree { outer in
            try outer.prepare()
            let inner = try CgroupTree.detect(parent: "\(outer.parent)/inner/deep", instance: "inner")
            try inner.prepare()
            try inner.makePod("web")
            try inner.removePod("web")
            try inner.teardown()
            for hierarchy in inner.hierarchies {
                let path = "\(hierarchy.mount)/\(outer.parent)/inner"
                #expect(rmdir(path) == 0, "\(path)")
            }
        }
    }

    @Test("another instance's parent is refused and left alone")
    func foreignParent() throws {
        try withTree { tree in
            try tree.prepare()
            let other = try CgroupTree.detect(parent: tree.parent.description, instance: "other")
            let path = tree.path(in: tree.unified)

            let expected = CgroupError.foreignParent(path: path, mark: tree.instance, instance: "other")
            #expect(throws: expected) { try other.prepare() }
            #expect(throws: CgroupError.self) { try other.makePod("web") }
            #expect(throws: CgroupError.self) { try other.teardown() }
        }
    }

    @Test("an unmarked parent is refused in whatever hierarchy it stands")
    func unmarkedParent() throws {
        let hierarchies = try CgroupTree.detect(parent: "x", instance: "x").hierarchies
        for hierarchy in hierarchies {
            try withTree { tree in
                let path = tree.path(in: hierarchy)
                try #require(mkdir(path, 0o755) == 0)
                defer { rmdir(path) }

                let expected = CgroupError.foreignParent(path: path, mark: nil, instance: tree.instance)
                #expect(throws: expected) { try tree.prepare() }
            }
        }
    }

    @Test("an unmarked parent that was intended is adopted while it is empty, never once something is in it")
    func intendedParent() throws {
        let hierarchies = try CgroupTree.detect(parent: "x", instance: "x").hierarchies
        for hierarchy in hierarchies {
            try withTree { tree in
                let path = tree.path(in: hierarchy)
                try #require(mkdir(path, 0o755) == 0)

                try tree.prepare(adoptingUnmarked: true)
                try tree.makePod("web")
            }
            try withTree { tree in
                let path = tree.path(in: hierarchy)
                try #require(mkdir(path, 0o755) == 0)
                try #require(mkdir("\(path)/somebody", 0o755) == 0)
                defer {
                    rmdir("\(path)/somebody")
                    rmdir(path)
                }

                #expect(throws: CgroupError.self) { try tree.prepare(adoptingUnmarked: true) }
            }
        }
    }

    @Test("a Pod has a finite number of processes")
    func pidsLimit() throws {
        try withPod { tree in
            let directory = try tree.open(["podweb"], of: .pids)

            #expect(try directory?.read("pids.max") == "4096\n")
        }
    }

    @Test("a process is placed in every hierarchy used, listed, and killed with its Pod")
    func placeAndKill() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("exec sleep 60")
            try placement.admit(child.process)

            #expect(try tree.pods() == ["web"])
            #expect(try tree.containers(pod: "web") == ["c0"])
            #expect(try tree.processes(pod: "web") == [child.process])
            let membership = try cgroups(of: child.process)
            #expect(membership.filter { $0.hasSuffix("/\(tree.parent)/podweb/c0") }.count == tree.hierarchies.count)
            try tree.kill(pod: "web")
            #expect(try child.signal() == SIGKILL)
            try tree.removePod("web")

            #expect(try tree.pods() == [])
        }
    }

    @Test("killing one exec leaves its container alone, killing the container takes both")
    func execs() throws {
        try withPod { tree in
            let main = try Child("exec sleep 60")
            let first = try Child("exec sleep 60")
            let second = try Child("exec sleep 60")
            let container = try tree.makeContainer(pod: "web", id: "c0")
            let firstExec = try tree.makeExec(pod: "web", container: "c0", id: "e1")
            let secondExec = try tree.makeExec(pod: "web", container: "c0", id: "e2")
            try container.admit(main.process)
            try firstExec.admit(first.process)
            try secondExec.admit(second.process)

            try tree.kill(pod: "web", container: "c0", exec: "e1")
            #expect(try first.signal() == SIGKILL)
            try tree.removeExec(pod: "web", container: "c0", id: "e1")
            #expect(Set(try tree.processes(pod: "web")) == [main.process, second.process])

            try tree.kill(pod: "web", container: "c0")
            #expect(try main.signal() == SIGKILL)
            #expect(try second.signal() == SIGKILL)
            try tree.removeContainer(pod: "web", id: "c0")
            #expect(try tree.containers(pod: "web") == [])
        }
    }

    @Test("a process that exceeds its memory is killed and counted")
    func outOfMemory() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("exec tail /dev/zero")
            try placement.admit(child.process)
            let directory = try tree.open(["podweb", "c0"], of: .memory)
            let file = tree.backend == .unified ? "memory.max" : "memory.limit_in_bytes"
            try directory?.write(file, "\(8 << 20)")
            #expect(try tree.oomKills(pod: "web", container: "c0") == 0)

            try child.go()

            #expect(try child.signal() == SIGKILL)
            #expect(try tree.oomKills(pod: "web", container: "c0") == 1)
        }
    }

    @Test("a cgroup with a living process is not removed, and the error names the process")
    func busy() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            let child = try Child("exec sleep 60")
            try placement.admit(child.process)

            let error = #expect(throws: CgroupError.self) { try tree.removePod("web") }

            guard case .busy(_, let processes) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            // In v1 hierarchies too the process is named, so it does not matter which tree was first.
            #expect(processes == [child.process])
            #expect(throws: CgroupError.self) { try tree.teardown() }
        }
    }

    @Test("the end of the node's cgroups waits for supervisors that were killed and have not gone yet")
    func dying() throws {
        try withPod { tree in
            try tree.removePod("web")
            let child = try Child("exec sleep 60")
            let process = child.process
            try tree.supervisors().admit(process)
            try startThread {
                usleep(1_500_000)
                kill(process, SIGKILL)
            }

            try tree.teardown()

            #expect(try child.signal() == SIGKILL)
        }
    }

    @Test("what is gone is removed and killed without complaint")
    func idempotent() throws {
        try withPod { tree in
            for _ in 0..<2 {
                try tree.removeContainer(pod: "web", id: "c0")
                try tree.removePod("web")
                try tree.kill(pod: "web")
                try tree.kill(pod: "web", container: "c0")
            }
            #expect(try tree.processes(pod: "web") == [])
        }
    }

    @Test("making again what is there changes nothing", arguments: ["supervisors", "pod", "web"])
    func makeAgain(uid: String) throws {
        try withPod { tree in
            for _ in 0..<2 {
                try tree.makePod(uid)
                _ = try tree.makeContainer(pod: uid, id: "c0")
                _ = try tree.makeExec(pod: uid, container: "c0", id: "e0")
                _ = try tree.supervisors()
            }
            #expect(try tree.pods().contains(uid))
        }
    }

    @Test("a container's cgroup without its Pod's, or without a parent, is an error")
    func order() throws {
        try withTree { tree in
            #expect(throws: CgroupError.parentMissing(path: tree.path(in: tree.unified))) { try tree.makePod("web") }
            try tree.prepare()
            #expect(throws: CgroupError.self) { _ = try tree.makeContainer(pod: "web", id: "c0") }
        }
    }

    @Test("a supervisor lives beside the Pods and keeps the parent from being torn down")
    func supervisor() throws {
        try withTree { tree in
            try tree.prepare()
            let child = try Child("exec sleep 60")
            try tree.supervisors().admit(child.process)

            #expect(throws: CgroupError.self) { try tree.teardown() }
            kill(child.process, SIGKILL)
            #expect(try child.signal() == SIGKILL)
            try tree.teardown()
        }
    }
}

/// The lines of `/proc/<pid>/cgroup`.
private func cgroups(of process: pid_t) throws -> [String] {
    let text = String(decoding: try Descriptor.open("/proc/\(process)/cgroup").readToEnd(), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
}
