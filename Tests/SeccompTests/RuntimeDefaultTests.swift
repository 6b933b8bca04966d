import CLibSeccomp
import Testing

@testable import Seccomp

@Suite("The profile that every container has which names none")
struct RuntimeDefaultTests {
    /// podman's eleven.
    private static let usual: UInt64 = 0x8004_05fb
    private static let administration: UInt64 = 1 << 21

    private func answer(
        _ name: String, _ arguments: [UInt64] = [], holding capabilities: UInt64 = usual
    ) throws -> UInt32? {
        let number = seccomp_syscall_resolve_name(name)
        try #require(number >= 0, "this machine has no \(name)")
        return FilterMachine(filter: try SeccompFilter(.runtimeDefault, capabilities: capabilities))
            .answer(to: .init(number: UInt32(number), arguments: arguments))
    }

    @Test("what programs need is allowed", arguments: ["read", "openat", "execve", "futex", "mmap", "epoll_pwait"])
    func ordinary(name: String) throws { #expect(try answer(name) == FilterMachine.allow) }

    @Test(
        "what breaks out of containers fails with EPERM",
        arguments: [
            "unshare", "mount", "setns", "bpf", "perf_event_open", "keyctl", "add_key", "userfaultfd", "io_uring_setup",
            "kexec_load", "init_module", "open_by_handle_at", "kcmp", "pidfd_getfd", "reboot", "swapon", "pivot_root",
        ])
    func dangerous(name: String) throws { #expect(try answer(name) == FilterMachine.fail(1)) }

    @Test("namespaces are not made by clone, and clone3, whose flags no filter sees, is not there")
    func namespaces() throws {
        #expect(try answer("clone", [0x11]) == FilterMachine.allow)
        for high: UInt64 in [0, 1, 0xffff_ffff] {
            #expect(try answer("clone", [high << 32 | 0x11]) == FilterMachine.allow)
            #expect(try answer("clone", [high << 32 | 0x1000_0011]) == FilterMachine.fail(1))
        }
        #expect(try answer("clone3") == FilterMachine.fail(38))
    }

    @Test(
        "a debugger may trace what its user may",
        arguments: ["ptrace", "process_vm_readv", "process_vm_writev"])
    func tracing(name: String) throws { #expect(try answer(name, holding: 0) == FilterMachine.allow) }

    @Test("what goes with a capability is allowed to who may hold it")
    func capabilities() throws {
        for name in ["mount", "unshare", "setns", "clone3", "bpf"] {
            #expect(try answer(name, holding: Self.administration) == FilterMachine.allow)
        }
        #expect(try answer("clone", [0x1000_0011], holding: Self.administration) == FilterMachine.allow)
        #expect(try answer("pidfd_getfd", holding: 1 << 19) == FilterMachine.allow)
        #expect(try answer("chroot") == FilterMachine.allow)
        #expect(try answer("chroot", holding: 0) == FilterMachine.fail(1))
    }

    @Test("sockets of the kernel's cryptography and of the hypervisor cannot be made; all others can")
    func sockets() throws {
        // The kernel looks at the low 32 bits alone.
        for high: UInt64 in [0, 1, 0x8000_0000, 0xffff_ffff] {
            for family: UInt64 in Array(0..<70) + [127, 128, 294, 296, 0x8000_0026, 0xffff_ffff] {
                let expected = [38, 40].contains(family) ? FilterMachine.fail(1) : FilterMachine.allow
                #expect(try answer("socket", [high << 32 | family]) == expected, "\(high) \(family)")
            }
        }
    }

    @Test("the execution domain stays Linux's")
    func personality() throws {
        #expect(try answer("personality", [0]) == FilterMachine.allow)
        #expect(try answer("personality", [0x40000]) == FilterMachine.fail(1))
        #expect(try answer("personality", [0x1_0004_0000]) == FilterMachine.fail(1))
    }

    @Test("calls newer than this release fail with ENOSYS, so that libraries take older ones; some are allowed")
    func newer() throws {
        let machine = FilterMachine(filter: try SeccompFilter(.runtimeDefault, capabilities: Self.usual))

        #expect(machine.answer(to: .init(number: 999)) == FilterMachine.fail(38))
        #expect(machine.answer(to: .init(number: try #require(SystemCalls.recent["fchmodat2"]))) == FilterMachine.allow)
        #expect(machine.answer(to: .init(number: try #require(SystemCalls.recent["mseal"]))) == FilterMachine.allow)
        let attributes = try #require(SystemCalls.recent["lsm_get_self_attr"])
        #expect(machine.answer(to: .init(number: attributes)) == FilterMachine.allow)
    }

    @Test("programs of another instruction set are not a way around it")
    func otherArchitectures() throws {
        let machine = FilterMachine(filter: try SeccompFilter(.runtimeDefault, capabilities: Self.usual))

        #expect(machine.answer(to: .init(number: 0, architecture: 0x8000_0016)) == FilterMachine.fail(38))
        if SeccompArchitecture.native == .x86_64 {
            // x32: the same instruction set with a bit in the number. 32 bits: getpid is 20, mount is 21.
            #expect(machine.answer(to: .init(number: 0x4000_0000 | 165)) == FilterMachine.fail(38))
            #expect(machine.answer(to: .init(number: 20, architecture: 0x4000_0003)) == FilterMachine.allow)
            #expect(machine.answer(to: .init(number: 21, architecture: 0x4000_0003)) == FilterMachine.fail(1))
        }
    }

    @Test("it is well below what the kernel takes, and read through in few steps")
    func size() throws {
        #expect(try SeccompFilter(.runtimeDefault, capabilities: Self.usual).instructionCount < 1200)
    }

    @Test("a filter is compiled once for the same profile and capabilities")
    func cache() throws {
        let filters = SeccompFilters()
        let first = try filters.filter(of: .runtimeDefault, capabilities: Self.usual)

        #expect(try filters.filter(of: .runtimeDefault, capabilities: Self.usual) == first)
        #expect(try filters.filter(of: .runtimeDefault, capabilities: 0) != first)
    }
}
