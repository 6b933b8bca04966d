import Manifests
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Which paths of the node Pods may mount, and how they are found")
struct HostPathPolicyTests {
    private let pod = PodName(namespace: "blue", name: "web")

    /// A directory that the rules allow, read-only with a `:ro` behind it, and to whom.
    private func policy(_ allowed: [(namespace: String, path: String)]) -> HostPathPolicy {
        HostPathPolicy(
            NodePolicy(
                rules: allowed.map { namespace, path in
                    let allowance = HostPathAllowance(
                        path: path.replacing(":ro", with: ""), readOnly: path.hasSuffix(":ro"))
                    return PolicyRule(
                        name: "r", namespaces: [namespace], allow: Allowance(hostPaths: [allowance]))
                }))
    }

    private typealias Step = HostPathPolicy.Step

    @Test(
        "paths of the node are refused unless they are allowed",
        arguments: [
            (["/srv"], "/srv/www/site", "/srv", ["www/site"]), (["/srv/"], "/srv", "/srv", []),
            (["/"], "/etc/passwd", "/", ["etc/passwd"]), (["/srv"], "//srv/./x/", "/srv", ["x"]),
            (["/srv"], "/srvx", nil, []), ([], "/etc", nil, []), (["/srv/www"], "/srv", nil, []),
            (["/srv"], "/srv/../etc", nil, []),
        ] as [([String], String, String?, [String])])
    func allowed(allowed: [String], path: String, base: String?, rest: [String]) throws {
        let policy = policy(allowed.map { ("*", $0) })
        if let base {
            let steps = rest.map { Step(path: $0) }
            #expect(try policy.grant(path, to: pod) == .init(base: base, steps: steps, isReadOnly: false))
        } else {
            let failure = #expect(throws: ActionFailure.self) { try policy.grant(path, to: pod) }
            #expect(failure?.message.contains("namespace blue") == true)
            #expect(failure?.message.contains("--allow-host-path \(path)") == true)
        }
    }

    @Test("what a rule allows to another namespace is not allowed to this one")
    func namespaces() throws {
        let policy = policy([("blue", "/data"), ("green", "/data/infra"), ("green", "/etc")])

        #expect(throws: ActionFailure.self) { try policy.grant("/etc/x", to: pod) }
        #expect(
            try policy.grant("/data/infra/etc", to: pod)
                == .init(base: "/data", steps: [Step(path: "infra/etc")], isReadOnly: false))
    }

    @Test("of directories that lie in each other the outermost is the one that no link leads out of")
    func outermost() throws {
        let policy = policy([("blue", "/data/a/b"), ("blue", "/data"), ("*", "/data/a")])

        #expect(
            try policy.grant("/data/a/b/c", to: pod)
                == .init(base: "/data", steps: [Step(path: "a/b/c")], isReadOnly: false))
    }

    @Test("no link is followed on the way to an allowed directory where Pods of any namespace may have put it")
    func between() throws {
        let policy = policy([("green", "/data"), ("blue", "/data/infra"), ("red", "/:ro")])

        #expect(
            try policy.grant("/data/infra/etc", to: pod)
                == .init(
                    base: "/data", steps: [Step(path: "infra", followsLinks: false), Step(path: "etc")],
                    isReadOnly: false))
    }

    @Test("what one rule allows for writing may be written, and is looked up within that")
    func writing() throws {
        let policy = policy([("blue", "/:ro"), ("blue", "/data"), ("green", "/srv")])

        #expect(
            try policy.grant("/data/x", to: pod) == .init(base: "/data", steps: [Step(path: "x")], isReadOnly: false))
        #expect(try policy.grant("/etc", to: pod) == .init(base: "/", steps: [Step(path: "etc")], isReadOnly: true))
        #expect(try policy.grant("/srv/x", to: pod).isReadOnly)
    }
}
