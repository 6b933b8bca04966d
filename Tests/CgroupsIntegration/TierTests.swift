import Glibc
import Testing

@testable import Cgroups

/// The parts of the tree for Pods of each quality of service, on this machine's own control groups.
@Suite("Tiers of control groups", .enabled(if: geteuid() == 0, "needs root"))
struct TierTests {
    private func shares(_ tree: CgroupTree, _ names: [String]) throws -> String? {
        try tree.open(names, of: .cpu)?.read(tree.backend == .unified ? "cpu.weight" : "cpu.shares")
    }

    @Test("a Pod lives in its tier in every hierarchy used, is listed and removed with the others")
    func tiers() throws {
        try withTree { tree in
            try tree.prepare()
            for tier in PodTier.allCases { try tree.makePod("of-\(tier.rawValue)", in: tier) }
            for tier in PodTier.allCases {
                let uid = "of-\(tier.rawValue)"
                for hierarchy in tree.hierarchies {
                    let path = "\(tree.path(in: hierarchy))/\((tier.names + ["pod\(uid)"]).joined(separator: "/"))"
                    #expect(access(path, F_OK) == 0, "\(path)")
                }
                #expect(try tree.pods(in: tier) == [uid])
                let placement = try tree.makeContainer(
                    pod: uid, id: "c0", limits: ResourceLimits(cpuShares: CPUShares(milliCPU: 250), memory: 64 << 20))
                #expect(placement.missing.isEmpty, "the tier lends every controller")
                let child = try Child("exec sleep 60")
                try placement.admit(child.process)
                #expect(try tree.processes(pod: uid) == [child.process])
                #expect(try tree.oomKills(pod: uid, container: "c0") == 0)
                _ = try tree.openOOMEvents(pod: uid, container: "c0")
                try tree.kill(pod: uid)
                #expect(try child.signal() == SIGKILL)
            }
            #expect(try tree.pods() == ["of-besteffort", "of-burstable", "of-guaranteed"])

            for tier in PodTier.allCases { try tree.removePod("of-\(tier.rawValue)") }

            #expect(try tree.pods() == [])
            try tree.teardown()
            for hierarchy in tree.hierarchies { #expect(access(tree.path(in: hierarchy), F_OK) == -1) }
        }
    }

    @Test("who asked for nothing weighs next to nothing; Burstable Pods weigh what is said, also after the next start")
    func weights() throws {
        try withTree { tree in
            try tree.prepare()
            let least = tree.backend == .unified ? "1\n" : "2\n"
            #expect(try shares(tree, ["besteffort"]) == least)
            #expect(try shares(tree, ["burstable"]) == least)

            try tree.setShares(CPUShares(milliCPU: 2000), of: .burstable)
            try tree.prepare()

            #expect(try shares(tree, ["burstable"]) == (tree.backend == .unified ? "174\n" : "2048\n"))
            #expect(try shares(tree, ["besteffort"]) == least)
        }
    }

    @Test("a Pod of a release before the tiers stays where it is, whatever its tier would be now")
    func earlierLayout() throws {
        try withTree { tree in
            try tree.prepare()
            try tree.makePod("old")
            _ = try tree.makeContainer(pod: "old", id: "c0")

            try tree.prepare()
            try tree.makePod("old", in: .bestEffort)
            _ = try tree.makeContainer(pod: "old", id: "c1")

            #expect(try tree.pods(in: .bestEffort) == [])
            #expect(try tree.containers(pod: "old") == ["c0", "c1"])
            try tree.removePod("old")
            #expect(try tree.pods() == [])
        }
    }

    @Test("tiers that others removed are made again with the next Pod")
    func removedTier() throws {
        try withTree { tree in
            try tree.prepare()
            for hierarchy in tree.hierarchies { #expect(rmdir("\(tree.path(in: hierarchy))/burstable") == 0) }

            let missing = try tree.makePod(
                "web", in: .burstable, limits: ResourceLimits(cpuShares: CPUShares(milliCPU: 500), processes: 10))

            #expect(missing.isEmpty)
            #expect(try tree.pods(in: .burstable) == ["web"])
        }
    }

    @Test("what is left of a Pod in one hierarchy alone is removed too")
    func halfRemoved() throws {
        try withTree { tree in
            try tree.prepare()
            try tree.makePod("web", in: .bestEffort)
            let path = "\(tree.path(in: tree.unified))/besteffort/podweb"
            #expect(rmdir(path) == 0)

            try tree.removePod("web")

            for hierarchy in tree.hierarchies {
                #expect(access("\(tree.path(in: hierarchy))/besteffort/podweb", F_OK) == -1)
            }
        }
    }
}
