import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Who a container's processes are, and what they may do")
struct ContainerSecurityTests {
    private func security(
        _ container: SecurityContext? = nil, pod: PodSecurityContext? = nil, image: String = ""
    ) -> ContainerSecurity {
        let container = Container(name: "c", image: "i", securityContext: container)
        return ContainerSecurity(
            container, of: PodSpec(containers: [container], securityContext: pod), imageUser: image)
    }

    struct User: Sendable {
        let pod: PodSecurityContext?
        let container: SecurityContext?
        let image: String
        let expected: String
    }

    @Test(
        "the container's word goes before the Pod's, and the Pod's before the image's",
        arguments: [
            User(pod: nil, container: nil, image: "", expected: ""),
            User(pod: nil, container: nil, image: "web:logs", expected: "web:logs"),
            User(pod: .init(runAsUser: 5), container: nil, image: "web:logs", expected: "5"),
            User(pod: .init(runAsUser: 5, runAsGroup: 6), container: .init(runAsUser: 7), image: "", expected: "7:6"),
            User(pod: .init(runAsGroup: 6), container: nil, image: "", expected: "0:6"),
            User(pod: nil, container: .init(runAsGroup: 6), image: "web:logs", expected: "web:6"),
        ])
    func user(table: User) {
        #expect(security(table.container, pod: table.pod, image: table.image).user == table.expected)
    }

    @Test("groups are the Pod's; the image's own are left out where the policy is Strict")
    func groups() {
        #expect(security(pod: .init(supplementalGroups: [7, 8])).groups == [7, 8])
        #expect(!security(pod: .init(supplementalGroupsPolicy: .merge)).leavesImageGroups)
        #expect(security(pod: .init(supplementalGroupsPolicy: .strict)).leavesImageGroups)
    }

    @Test("capabilities: all of a kind first, single ones then, and dropping wins")
    func capabilities() throws {
        let (admin, chown) = (try #require(CapabilityChoice("SYS_ADMIN")), try #require(CapabilityChoice("CAP_CHOWN")))
        func mask(add: [CapabilityChoice] = [], drop: [CapabilityChoice] = []) -> UInt64 {
            security(.init(capabilities: Capabilities(add: add, drop: drop))).capabilities
        }

        #expect(security().capabilities == DefaultCapabilities.mask)
        #expect(mask(drop: [.all]) == 0)
        #expect(mask(add: [chown], drop: [.all]) == 1)
        #expect(mask(add: [admin]) == DefaultCapabilities.mask | 1 << 21)
        #expect(mask(drop: [chown]) == DefaultCapabilities.mask & ~1)
        #expect(mask(add: [chown], drop: [chown]) == DefaultCapabilities.mask & ~1)
        #expect(mask(add: [.all]) == (1 << 41) - 1)
        #expect(mask(add: [.all], drop: [admin]) == (1 << 41) - 1 - (1 << 21))
    }

    @Test("system calls are filtered by the agent's own profile, unless somebody says something else")
    func seccomp() {
        let unconfined = SeccompSource(type: .unconfined)

        #expect(security().seccomp.type == .runtimeDefault)
        #expect(security(pod: .init(seccompProfile: unconfined)).seccomp == unconfined)
        let own = SeccompSource(type: .localhost, localhostProfile: "a.json")
        #expect(security(.init(seccompProfile: own), pod: .init(seccompProfile: unconfined)).seccomp == own)
    }

    struct NonRoot: Sendable {
        let user: Int?
        let image: String
        let complaint: String?
    }

    @Test(
        "who must not run as root does not, in the kubelet's words",
        arguments: [
            NonRoot(user: 7, image: "", complaint: nil), NonRoot(user: nil, image: "7:0", complaint: nil),
            NonRoot(
                user: 0, image: "7",
                complaint: "container's runAsUser breaks non-root policy (pod: \"P\", container: c)"
            ),
            NonRoot(
                user: nil, image: "",
                complaint: "container has runAsNonRoot and image will run as root (pod: \"P\", container: c)"),
            NonRoot(
                user: nil, image: "0:7",
                complaint: "container has runAsNonRoot and image will run as root (pod: \"P\", container: c)"),
            NonRoot(
                user: nil, image: "web",
                complaint: "container has runAsNonRoot and image has non-numeric user (web), cannot verify user is "
                    + "non-root (pod: \"P\", container: c)"),
            NonRoot(
                user: nil, image: "+5",
                complaint: "container has runAsNonRoot and image has non-numeric user (+5), cannot verify user is "
                    + "non-root (pod: \"P\", container: c)"),
            NonRoot(
                user: nil, image: "-0",
                complaint: "container has runAsNonRoot and image has non-numeric user (-0), cannot verify user is "
                    + "non-root (pod: \"P\", container: c)"),
        ])
    func nonRoot(table: NonRoot) {
        let security = security(pod: .init(runAsUser: table.user, runAsNonRoot: true), image: table.image)
        var failure: ActionFailure?
        do { try security.requireNonRoot(imageUser: table.image, pod: "P", container: "c") } catch { failure = error }

        #expect(failure?.message == table.complaint)
        #expect(failure.map { $0.reason == "CreateContainerConfigError" } ?? true)
    }
}
