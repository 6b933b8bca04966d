import PodModel
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("Nothing of a container's furniture is mounted on the node")
struct NodesOwnPlacesTests {
    private func volume(_ target: String, isNodesOwn: Bool = false) -> MountStep {
        var step = MountStep(kind: MountStep.volume, target: Array(target.utf8), source: Array("/s".utf8))
        step.isNodesOwn = isNodesOwn
        return step
    }

    /// The steps of a container with these volumes, the last words at `log`.
    private func steps(_ volumes: [MountStep], account: String? = nil, log: String = "/dev/termination-log")
        -> [MountStep]
    {
        ContainerMounts.steps(sharedMemory: "/shm", etc: "/e", account: account, devices: [], volumes: volumes)
            + [ContainerMounts.terminationLog("/l", at: log)]
    }

    private func complaint(_ steps: [MountStep]) -> String? {
        do throws(ActionFailure) {
            try NodesOwnPlaces.requireNone(of: steps)
            return nil
        } catch { return error.reason == "CreateContainerConfigError" ? error.message : "reason \(error.reason)" }
    }

    @Test(
        "another volume at or below a Bidirectional one is refused by name, however it is written",
        arguments: ["/data/conf", "/data/a/b", "/data/", "/data/./conf", "/x/../data/conf", "data/conf"])
    func volumes(target: String) throws {
        let message = try #require(complaint(steps([volume("/data", isNodesOwn: true), volume(target)])))

        #expect(message.hasPrefix("\"/data"))
        #expect(message.contains("lies within \"/data\", whose mountPropagation is Bidirectional"))
        #expect(message.hasSuffix("mount one of them elsewhere, or without Bidirectional"))
    }

    @Test("beside it, above it, and under it all may be", arguments: ["/database", "/da", "/", "/other/data"])
    func others(target: String) {
        #expect(complaint(steps([volume("/data", isNodesOwn: true), volume(target)].sorted(by: isAbove))) == nil)
        #expect(complaint(steps([volume("/data"), volume("/data/own", isNodesOwn: true)])) == nil)
        #expect(complaint(steps([volume("/data"), volume("/data/conf")])) == nil)
    }

    /// As `VolumeSteps` sorts: what lies deeper is mounted later.
    private func isAbove(_ left: MountStep, _ right: MountStep) -> Bool { left.target == Array("/".utf8) }

    @Test(
        "the Pod's own files are refused there too",
        arguments: [
            ("/etc", "/etc/hosts"), ("/", "/etc/hosts"), ("/var", "/var/run/secrets/kubernetes.io/serviceaccount"),
        ])
    func files(place: String, file: String) throws {
        let account = place == "/var" ? "/a" : nil
        let message = try #require(complaint(steps([volume(place, isNodesOwn: true)], account: account)))

        #expect(message.hasPrefix("\"\(file)\" cannot be mounted: it lies within \"\(place)\""))
        #expect(message.contains("automountServiceAccountToken: false") == (account != nil))
    }

    @Test("and a container's last words; without an account, and with the words elsewhere, nothing is refused")
    func lastWords() throws {
        let own = [volume("/var", isNodesOwn: true)]

        #expect(try #require(complaint(steps(own, log: "/var/words"))).hasPrefix("\"/var/words\" cannot be mounted"))
        #expect(complaint(steps(own)) == nil)
        #expect(complaint(steps([volume("/dev", isNodesOwn: true)], log: "/words")) == nil)
        #expect(complaint(steps([volume("/dev", isNodesOwn: true)])) != nil)
    }

    @Test("a Bidirectional volume that is one of the Pod's files is there instead of it")
    func instead() {
        #expect(complaint(steps([volume("/etc/hosts", isNodesOwn: true)])) == nil)
    }
}
