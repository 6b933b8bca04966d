import Manifests
import Testing

@testable import reconcile_agent

@Suite("Which container a verb is about")
struct ContainerChoiceTests {
    private func pod(_ names: [String], annotations: [String: String] = [:]) -> Pod {
        Pod(
            metadata: ObjectMeta(name: "web", annotations: annotations),
            spec: PodSpec(containers: names.map { Container(name: $0, image: "i") }))
    }

    @Test("the only container needs no word")
    func only() throws {
        let choice = try ContainerChoice(nil, of: pod(["a"]))

        #expect(choice.name == "a")
        #expect(choice.notice == nil)
    }

    @Test("the first of several is taken, and said so as kubectl says it")
    func first() throws {
        let choice = try ContainerChoice(nil, of: pod(["a", "b"]))

        #expect(choice.name == "a")
        #expect(choice.notice == "Defaulted container \"a\" out of: a, b")
    }

    @Test("the Pod may name its default container")
    func annotated() throws {
        let annotations = ["kubectl.kubernetes.io/default-container": "b"]

        #expect(try ContainerChoice(nil, of: pod(["a", "b"], annotations: annotations)).name == "b")
    }

    @Test("a name that is not one of them is refused with those that are")
    func unknown() {
        let error = #expect(throws: CommandFailure.self) { try ContainerChoice("c", of: pod(["a", "b"])) }

        #expect(error?.message == "container c is not valid for pod web out of: a, b")
    }
}
