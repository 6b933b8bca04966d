import ImageStore
import Manifests
import PodModel
import SupervisorCore
import Testing

@testable import NodeRuntime

@Suite("What a container's spec and its image come to")
struct StartPlanTests {
    private func plan(_ container: Container, _ image: ImageConfig, hostname: String? = nil) throws -> StartPlan {
        let pod = Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [container], hostname: hostname))
        return try StartPlan(container, of: pod, image: image)
    }

    struct Command: Sendable {
        let command: [String]
        let args: [String]
        let expected: [String]
    }

    @Test(
        "command replaces the image's entrypoint and drops its arguments; args replaces the arguments",
        arguments: [
            Command(command: [], args: [], expected: ["entry", "cmd"]),
            Command(command: ["own"], args: [], expected: ["own"]),
            Command(command: [], args: ["arg"], expected: ["entry", "arg"]),
            Command(command: ["own"], args: ["arg"], expected: ["own", "arg"]),
        ])
    func command(table: Command) throws {
        let container = Container(name: "c", image: "i", command: table.command, args: table.args)

        #expect(try plan(container, ImageConfig(entrypoint: ["entry"], cmd: ["cmd"])).arguments == table.expected)
    }

    @Test("HOSTNAME is the Pod's, in the node's network the node's")
    func hostname() throws {
        let container = Container(name: "c", image: "i", command: ["own"])
        var pod = Pod(metadata: ObjectMeta(name: "web"), spec: PodSpec(containers: [container], hostname: "me"))
        var sources = VariableSources()
        sources.hostname = "node-1"
        func variables() throws -> [String] {
            try StartPlan(container, of: pod, image: ImageConfig(), sources: sources).environment
        }

        #expect(try variables().contains("HOSTNAME=me"))
        pod.spec.namespaces.hostNetwork = true
        #expect(try variables().contains("HOSTNAME=node-1"))
    }

    @Test("a container without a command is refused")
    func nothingToRun() {
        let failure = #expect(throws: ActionFailure.self) {
            try plan(Container(name: "c", image: "i"), ImageConfig())
        }

        #expect(failure?.reason == "CreateContainerError")
    }

    @Test("the manifest's variables come after the image's, and only they can be referred to")
    func environment() throws {
        let container = Container(
            name: "c", image: "i", command: ["$(A)", "$(I)"],
            env: [
                EnvVar(name: "A", value: "1"), EnvVar(name: "B", value: "$(A)$(C)$(I)"), EnvVar(name: "I", value: "m"),
            ])

        let plan = try plan(container, ImageConfig(env: ["I=image", "PATH=/bin"]))

        #expect(plan.environment == ["I=m", "PATH=/bin", "HOSTNAME=web", "A=1", "B=1$(C)$(I)"])
        #expect(plan.arguments == ["1", "m"])
    }

    @Test("the image's own command is taken as it is")
    func imageIsNotExpanded() throws {
        let container = Container(name: "c", image: "i", env: [EnvVar(name: "A", value: "1")])

        #expect(try plan(container, ImageConfig(cmd: ["$(A)"])).arguments == ["$(A)"])
    }

    @Test("what nobody says has the runtime's defaults")
    func defaults() throws {
        let plan = try plan(Container(name: "c", image: "i", command: ["x"]), ImageConfig())

        #expect(plan.environment == ["PATH=\(StartPlan.defaultPath)", "HOSTNAME=web"])
        #expect(plan.directory == "/")
        #expect(plan.security.user == "")
        #expect(plan.process.capabilities == DefaultCapabilities.mask)
    }

    @Test("directory and user come from the image, the directory from the manifest if it says one")
    func directory() throws {
        let image = ImageConfig(user: "7:8", workingDir: "/image")

        #expect(try plan(Container(name: "c", image: "i", command: ["x"]), image).directory == "/image")
        let own = try plan(Container(name: "c", image: "i", command: ["x"], workingDir: "/own"), image)
        #expect(own.directory == "/own")
        #expect(own.security.user == "7:8")
    }

    @Test("a container on a terminal has TERM, its own where image or manifest says one; execs are on one of their own")
    func ownTerminal() throws {
        var container = Container(name: "c", image: "i", command: ["x"])
        container.tty = true

        #expect(try plan(container, ImageConfig()).environment.contains("TERM=xterm"))
        #expect(try plan(container, ImageConfig(env: ["TERM=image"])).environment.contains("TERM=image"))
        container.env = [EnvVar(name: "TERM", value: "own")]
        let own = try plan(container, ImageConfig(env: ["TERM=image"]))
        #expect(own.environment.filter { $0.hasPrefix("TERM=") } == ["TERM=own"])
        #expect(!own.process(running: ["sh"], terminal: nil).terminal)
    }

    @Test("a terminal brings TERM along, unless the container has one")
    func terminal() throws {
        let plan = try plan(Container(name: "c", image: "i", command: ["x"]), ImageConfig())
        let process = plan.process(running: ["sh"], terminal: TerminalSize(rows: 24, columns: 80))

        #expect(process.terminal)
        #expect(process.arguments == [Array("sh".utf8)])
        #expect(process.environment.last == Array("TERM=xterm".utf8))
        #expect((process.rows, process.columns) == (24, 80))
    }

    @Test("layers are named top first, relative to the directory they share")
    func root() {
        let root = RootPlan(layers: ["/s/layers/bottom", "/s/layers/top"], upper: "/u", work: "/w")

        #expect(root.base == Array("/s/layers".utf8))
        #expect(root.lower == [Array("top".utf8), Array("bottom".utf8)])
        #expect(RootPlan(layers: ["/s/layers/only"], upper: "", work: "").lower == [Array("only".utf8)])
        #expect(
            RootPlan(layers: ["/s/a/x", "/s/b/x"], upper: "", work: "").lower == [Array("b/x".utf8), Array("a/x".utf8)])
    }

    @Test(
        "a host name is the Pod's, at most 63 characters, and ends in a letter or digit",
        arguments: [
            ("web", "web"), (String(repeating: "a", count: 70), String(repeating: "a", count: 63)),
            (String(repeating: "a", count: 62) + "-b", String(repeating: "a", count: 62)),
        ])
    func hostname(name: String, expected: String) {
        let pod = Pod(metadata: ObjectMeta(name: name), spec: PodSpec(containers: []))

        #expect(pod.effectiveHostname == expected)
    }

    @Test(
        "stop signals are read by name and number",
        arguments: [
            ("SIGTERM", 15), ("term", 15), ("9", 9), ("SIGWINCH", 28), ("SIGQUIT", 3), ("SIGRTMIN", 34),
            ("SIGRTMIN+3", 37), ("RTMAX-1", 63), ("SIGNOPE", nil), ("0", nil), ("65", nil), ("", nil),
        ] as [(String, Int32?)])
    func stopSignal(text: String, expected: Int32?) { #expect(StopSignal.number(of: text) == expected) }
}
