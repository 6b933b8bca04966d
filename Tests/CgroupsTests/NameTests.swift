import Testing

@testable import Cgroups

@Suite("Cgroup names")
struct NameTests {
    @Test(
        "a name that could leave its parent or be a control file is refused",
        arguments: ["", ".", "..", "a/b", "/a", "a\0b", "a\nb", "cgroup.procs", "memory.max", "ü", "a b"])
    func refused(text: String) {
        #expect(throws: CgroupError.invalidName(text)) { try CgroupName(text) }
    }

    @Test("ids are taken", arguments: ["0f3c-77", "nginx_1", String(repeating: "a", count: 128)])
    func taken(text: String) throws { #expect(try CgroupName(text).description == text) }

    @Test("a name too long for a message and a path is refused")
    func tooLong() {
        let text = String(repeating: "a", count: 129)

        #expect(throws: CgroupError.invalidName(text)) { try CgroupName(text) }
    }

    @Test(
        "a parent that is absolute, empty or climbs is refused",
        arguments: ["", "/", "/a", "a/", "a//b", "..", "a/../b", "./a", "cgroup.kill/a", "a b"])
    func parentRefused(text: String) {
        #expect(throws: CgroupError.invalidParent(text)) { try CgroupPath(text) }
    }

    @Test("a parent may be deep", arguments: ["reconcile-agent", "a/b", "kube.slice/agent@1.service"])
    func parentTaken(text: String) throws { #expect(try CgroupPath(text).description == text) }

    @Test("a counter is read from lines of key and value, and only a whole key counts")
    func counter() {
        let text = "oom 3\noom_kill 2\noom_group_kill 1\n"

        #expect(value(of: "oom_kill", in: text) == 2)
        #expect(value(of: "kill", in: text) == nil)
    }
}
