import Testing

@testable import Manifests

@Suite("Restart rules of containers")
struct RestartRuleTests {
    private func container(_ fields: String) -> (rules: [ContainerRestartRule]?, complaints: [String]) {
        let loaded = load(
            manifest(spec: "initContainers:\n  - {name: setup, image: busybox, \(fields)}"))
        let rules = loaded.pods.first?.pod.spec.initContainers[0].restartPolicyRules
        return (rules, loaded.diagnostics.map(\.message))
    }

    private func rules(_ count: Int, codes: Int = 1) -> String {
        let rule =
            "{action: Restart, exitCodes: {operator: In, values: [\((0..<codes).map(String.init).joined(separator: ", "))]}}"
        return
            "restartPolicy: Never, restartPolicyRules: [\(Array(repeating: rule, count: count).joined(separator: ", "))]"
    }

    @Test("say after which codes a container starts again")
    func read() {
        let found = container(
            "restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: [0, 3]}}]"
        )
        #expect(found.rules == [ContainerRestartRule(exitCodes: ContainerExitCodes(.notIn, [0, 3]))])
        #expect(found.complaints == [])
        #expect(container(rules(20, codes: 255)).complaints == [])
        #expect(container("restartPolicy: Never, restartPolicyRules: []").rules == [])
    }

    @Test("are refused as the API server refuses them")
    func refused() {
        let place = "spec.initContainers[0]"
        #expect(
            container("restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]").complaints
                == ["\(place).restartPolicy: Required value: must specify restartPolicy when restart rules are used"])
        #expect(
            container(rules(21)).complaints
                == ["\(place).restartPolicyRules: Too many: 21: must have at most 20 items"])
        #expect(
            container(rules(1, codes: 256)).complaints
                == ["\(place).restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items"])
        let never = "restartPolicy: Never, restartPolicyRules"
        #expect(
            container("\(never): [{action: Restart, exitCodes: {operator: Is, values: [1]}}]").complaints.count == 1)
        #expect(container("\(never): [{action: Restart}]").complaints.count == 1)
        #expect(container("\(never): [{exitCodes: {operator: In, values: [1]}}]").complaints.count == 1)
    }

    @Test("that would restart the whole Pod are refused by name")
    func all() {
        let found = container(
            "restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}]"
        )
        #expect(
            found.complaints.count == 1 && found.complaints[0].contains("\"RestartAllContainers\" is not supported"))
    }

    @Test("are about those of the values, or about all others; the end of an init container that ended well is none")
    func codes() {
        var main = Container(name: "main", image: "i")
        main.restartPolicy = .never
        main.restartPolicyRules = [ContainerRestartRule(exitCodes: ContainerExitCodes(.in, [0, 42]))]
        let spec = PodSpec(containers: [main])
        #expect([0, 1, 42].filter { spec.hasRestartRule(for: main, endingWith: $0) } == [0, 42])
        let setup = PodSpec(containers: [Container(name: "other", image: "i")], initContainers: [main])
        #expect([0, 1, 42].filter { setup.hasRestartRule(for: main, endingWith: $0) } == [42])
        main.restartPolicyRules = [ContainerRestartRule(exitCodes: ContainerExitCodes(.notIn, [0]))]
        #expect([0, 1, 42].filter { spec.hasRestartRule(for: main, endingWith: $0) } == [1, 42])
    }
}
