import CLibSeccomp
import Testing

@testable import Seccomp

@Suite("Profiles from files")
struct ProfileFileTests {
    private func profile(_ text: String) throws(SeccompError) -> SeccompProfile {
        try SeccompProfile(json: Array(text.utf8), from: "audit.json") { ["SYS_ADMIN": 21, "CHOWN": 0][$0] }
    }

    @Test("the format of OCI runtimes")
    func oci() throws {
        let profile = try profile(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64",
             "SCMP_ARCH_AARCH64", "SCMP_ARCH_MIPS"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
             "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
                          {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97,
                           "args": [{"index": 0, "value": 16, "op": "SCMP_CMP_EQ"}]}]}
            """)

        #expect(
            profile
                == SeccompProfile(
                    defaultAction: .fail(38), architectures: [.native],
                    rules: [
                        SeccompRule(["read", "write"], .allow),
                        SeccompRule(["socket"], .fail(97), arguments: [SeccompArgument(0, .equal, 16)]),
                    ], logsRefusals: true))
        let machine = FilterMachine(filter: try SeccompFilter(profile, capabilities: 0))
        #expect(machine.answer(to: .init(number: UInt32(seccomp_syscall_resolve_name("read")))) == FilterMachine.allow)
        let socket = UInt32(seccomp_syscall_resolve_name("socket"))
        #expect(machine.answer(to: .init(number: socket, arguments: [16])) == FilterMachine.fail(97))
        #expect(machine.answer(to: .init(number: socket, arguments: [2])) == FilterMachine.fail(38))
    }

    @Test("Docker's format: rules for capabilities and architectures, one name a rule")
    func docker() throws {
        let profile = try profile(
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
                         {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}],
             "syscalls": [{"name": "mkdir", "action": "SCMP_ACT_ERRNO", "args": [], "includes": {}, "excludes": {}},
                          {"names": ["mkdirat"], "action": "SCMP_ACT_ERRNO", "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
                          {"names": ["chdir"], "action": "SCMP_ACT_ERRNO", "includes": {"arches": ["s390x"]}},
                          {"names": ["getpid"], "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "4.8"}}]}
            """)
        let mkdirat = UInt32(seccomp_syscall_resolve_name("mkdirat"))
        func answer(_ number: UInt32, holding capabilities: UInt64) throws -> UInt32? {
            FilterMachine(filter: try SeccompFilter(profile, capabilities: capabilities)).answer(
                to: .init(number: number))
        }

        #expect(profile.architectures.count == 2)
        #expect(try answer(mkdirat, holding: 0) == FilterMachine.fail(1))
        #expect(try answer(mkdirat, holding: 1 << 21) == FilterMachine.allow)
        #expect(try answer(UInt32(seccomp_syscall_resolve_name("chdir")), holding: 0) == FilterMachine.allow)
        #expect(try answer(UInt32(seccomp_syscall_resolve_name("getpid")), holding: 0) == FilterMachine.fail(1))
        #expect(try answer(999, holding: 0) == FilterMachine.allow)
    }

    @Test(
        "what cannot be honoured is refused by name",
        arguments: [
            ("{", "it is not JSON"), ("{}", "it has no \"defaultAction\""), ("[]", "holds another kind of value"),
            (#"{"defaultAction": "SCMP_ACT_DANCE"}"#, "there is no action \"SCMP_ACT_DANCE\""),
            (#"{"defaultAction": "SCMP_ACT_NOTIFY"}"#, "nobody is there to ask"),
            (#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_Z80"]}"#, "\"SCMP_ARCH_Z80\""),
            (#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"action": "SCMP_ACT_LOG"}]}"#, "names no system call"),
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "includes": {"caps": ["CAP_FLY"]}}]}"#,
                "there is no capability \"CAP_FLY\""
            ),
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "args": [{"index": 6, "value": 0, "op": "SCMP_CMP_EQ"}]}]}"#,
                "has no argument 6"
            ),
        ])
    func refused(text: String, words: String) {
        let error = #expect(throws: SeccompError.self) { try profile(text) }

        #expect(error?.description.hasPrefix("seccomp profile audit.json cannot be used: ") == true)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
