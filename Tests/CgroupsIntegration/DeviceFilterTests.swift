import Glibc
import Linux
import Testing

@testable import Cgroups

@Suite("A container's devices", .enabled(if: geteuid() == 0, "needs root"))
struct DeviceFilterTests {
    /// What a shell in a cgroup can do with devices, a word for each that works.
    private static func script(_ output: String) -> String {
        """
        can() { if "$@" > /dev/null 2>&1; then echo $1 >> \(output); fi; }
        null() { true > /dev/null; }
        zero() { head -c 1 /dev/zero; }
        disk() { mknod \(output).disk b 254 0 && head -c 1 \(output).disk; }
        memory() { mknod \(output).memory c 1 1 && head -c 1 \(output).memory; }
        kernel() { true < /dev/kmsg; }
        made() { mknod \(output).made c 1 11; }
        for what in null zero disk memory kernel made; do can $what; done
        rm -f \(output).*
        """
    }

    @Test("are null, zero and their kin, whatever nodes it has or makes; execs are held to the same")
    func held() throws {
        try withPod { tree in
            let filter = DeviceFilter()
            let placement = try tree.makeContainer(pod: "web", id: "c0")
            #expect(filter.attach(to: placement.unified.raw) == nil)
            #expect(filter.attach(to: placement.unified.raw) == nil, "repeated, it is no error")

            #expect(try lines(of: placement) == ["null", "zero", "made"])
            let exec = try tree.makeExec(pod: "web", container: "c0", id: "e0")
            #expect(try lines(of: exec) == ["null", "zero", "made"])
            // Another agent's program, beside the first one's.
            #expect(DeviceFilter().attach(to: placement.unified.raw) == nil)
            #expect(try lines(of: placement) == ["null", "zero", "made"])
        }
    }

    @Test("whoever is not held to it has the node's")
    func free() throws {
        try withPod { tree in
            let placement = try tree.makeContainer(pod: "web", id: "c0")

            #expect(try lines(of: placement).contains("kernel"))
        }
    }

    private func lines(of placement: borrowing Placement) throws -> [String] {
        let output = "/tmp/reconcile-devices-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { unlink(output) }
        let child = try Child(Self.script(output))
        try placement.admit(child.process)
        try child.go()
        #expect(try child.signal() == nil)
        let text = String(decoding: try Descriptor.open(output).readToEnd(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }
}
