import Foundation
import Linux
import Manifests
import Testing

@testable import reconcile_agent

@Suite("doctor says what stands in the way of Pods, and what to do")
struct DoctorTests {
    @Test(
        "on the machine the tests run on, every kind of thing is looked at, at 80 columns, and nothing is left behind")
    func here() async throws {
        try await withTemporaryDirectory { directory in
            let said = try await AgentProcess.run(["doctor"], variables: ["RECONCILE_AGENT_STATE_DIR": directory])

            #expect([0, 1].contains(said.status), "\(said)")
            #expect(said.errors.isEmpty, "\(said.errors)")
            let lines = said.output.split(separator: "\n")
            #expect(lines.filter { $0.count > 80 } == [])
            for subject in ["user", "kernel", "cgroups", "namespaces", "layers", "network", "forwarding", "clock"] {
                #expect(said.output.contains(try Regex("(?m)^(OK|NOTE|PROBLEM) +\(subject) ")), "\(said.output)")
            }
            #expect(said.status == (said.output.contains("PROBLEM") ? 1 : 0))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])

            let json = try await AgentProcess.run(
                ["doctor", "-o", "json"], variables: ["RECONCILE_AGENT_STATE_DIR": directory])
            let object = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8))
            #expect(object["healthy"] == .bool(said.status == 0))
        }
    }

    @Test(
        "a service that would end Pods with the agent is a problem",
        arguments: [
            ("KillMode=control-group\n", Finding.Verdict.problem), ("", .problem),
            ("KillMode=mixed\n", .problem), ("KillMode=process\n", .ok),
        ])
    func service(settings: String, verdict: Finding.Verdict) {
        #expect(AgentCheck.service("reconcile-agent.service", settings).verdict == verdict)
    }

    @Test(
        "the service of a process is found in its control groups",
        arguments: [
            ("0::/system.slice/reconcile-agent.service\n", "reconcile-agent.service"),
            ("0::/user.slice/user-0.slice/user@0.service/app.slice/a.service\n", "a.service"),
            ("12:pids:/\n0::/\n", nil),
        ] as [(String, String?)])
    func unit(groups: String, name: String?) {
        #expect(AgentCheck.unit(ofGroups: groups) == name)
    }

    @Test("a filter of others that drops what it does not know is told, with what lets Pods pass")
    func forward() throws {
        func chain(_ table: String, _ name: String, hook: UInt32? = 2, drops: Bool = true) -> FilterChain {
            FilterChain(table: table, name: name, hook: hook, drops: drops)
        }
        func sentence(_ chains: FilterChain..., passesFilters: Bool = false) -> String? {
            ForwardCheck.findings(chains, bridge: "br0", passesFilters: passesFilters).first?.sentence
        }

        #expect(sentence(chain("filter", "FORWARD", drops: false), chain("filter", "INPUT", hook: 1)) == nil)
        #expect(sentence(chain("filter", "FORWARD"))?.contains("iptables -I FORWARD -i br0 -j ACCEPT") == true)
        let docker = sentence(chain("filter", "FORWARD"), chain("filter", "DOCKER-USER", hook: nil, drops: false))
        #expect(docker?.contains("iptables -I DOCKER-USER -o br0 -j ACCEPT") == true)
        #expect(sentence(chain("inet-firewall", "f"))?.contains("accept iifname br0 and oifname br0") == true)
        #expect(sentence(chain("filter", "FORWARD"))?.contains("each other") == false)
        #expect(sentence(chain("filter", "FORWARD"), passesFilters: true)?.contains("each other") == true)
    }

    @Test("forwarding that is off is a note only where the agent is to leave it so")
    func forwarding() {
        #expect(KernelSettingsCheck.forwarding(1, isTurnedOn: false).verdict == .ok)
        #expect(KernelSettingsCheck.forwarding(0, isTurnedOn: true).verdict == .ok)
        #expect(KernelSettingsCheck.forwarding(0, isTurnedOn: false).verdict == .note)
    }

    @Test("a capability that is missing is named; one that only widens limits is a note")
    func capabilities() {
        let all: UInt64 = (1 << 41) - 1

        #expect(UserCheck.capabilities(all).verdict == .ok)
        #expect(UserCheck.capabilities(all & ~(1 << 21)).finding.contains("CAP_SYS_ADMIN"))
        #expect(UserCheck.limits(all & ~(1 << 24)).verdict == .note)
    }

    @Test(
        "old kernels are told apart from new ones",
        arguments: [("6.18.44-fc", true), ("5.14.0", true), ("5.13.9-generic", false), ("4.19", false), ("odd", true)])
    func kernel(release: String, isEnough: Bool) {
        #expect((KernelCheck.version(release).verdict == .ok) == isEnough)
    }

    @Test("a disk is full, filling, or fine")
    func disk() {
        let fine = DiskCheck.finding(
            "state", "/", free: 3 << 29, of: 10 << 30, freeFiles: 500_000, ofFiles: 1_000_000)
        #expect(fine.finding == "1.5 GiB free in /")
        func verdict(_ free: UInt64, _ freeFiles: UInt64) -> Finding.Verdict {
            DiskCheck.finding("state", "/", free: free, of: 100 << 30, freeFiles: freeFiles, ofFiles: 1_000_000).verdict
        }

        #expect(verdict(50 << 30, 500_000) == .ok)
        #expect(verdict(5 << 30, 500_000) == .note)
        #expect(verdict(50 << 30, 20_000) == .note)
        #expect(verdict(50 << 20, 500_000) == .problem)
        #expect(verdict(50 << 30, 10) == .problem)
    }

    @Test("what is found is wrapped between words, the remedy below it")
    func layout() {
        let long = Array(repeating: "word", count: 30).joined(separator: " ")
        let report = DoctorReport(findings: [.ok("user", "root"), .problem("cgroups", long, remedy: long)])

        #expect(report.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(report.text.hasPrefix("OK       user     root\nPROBLEM  cgroups  word word"), "\(report.text)")
        #expect(report.text.contains("\n                  => word word"))
        #expect(report.text.hasSuffix("\nPods cannot run here as they should: 1 problem.\n"))
    }
}
