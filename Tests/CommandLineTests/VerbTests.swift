import Testing

@Suite("The command line says what is wrong, and exits with the documented code")
struct VerbTests {
    @Test("help names every verb, at 80 columns, on standard output")
    func help() async throws {
        let help = try await AgentProcess.run(["--help"])

        #expect(help.status == 0)
        #expect(help.errors.isEmpty)
        for verb in [
            "reconcile", "validate", "diff", "doctor", "down", "get", "describe", "logs", "exec", "events", "history",
            "why", "sync",
            "status", "top", "image", "version",
        ] {
            #expect(help.output.contains("\n  \(verb) "), "\(verb) is missing")
        }
        #expect(!help.output.contains("worker"))
    }

    @Test(
        "no line of any help is wider than 80 columns",
        arguments: [
            [], ["reconcile"], ["validate"], ["diff"], ["sync"], ["doctor"], ["down"], ["get"], ["logs"], ["exec"],
            ["history"],
            ["history", "show"], ["describe"], ["events"], ["why"], ["status"], ["top"],
            ["top", "pods"], ["top", "node"],
            ["image", "import"], ["image", "list"], ["image", "remove"], ["version"],
        ])
    func helpWidth(verb: [String]) async throws {
        let help = try await AgentProcess.run(verb + ["--help"])

        #expect(help.status == 0)
        #expect(help.output.split(separator: "\n").filter { $0.count > 80 } == [])
    }

    @Test(
        "a mistake on the command line exits with 2 and says so on standard error",
        arguments: [
            (["bogus"], "error: Unexpected argument 'bogus'"),
            (["reconcile", "--bogus"], "error: Unknown option '--bogus'"),
            (
                ["reconcile", "--repo", "/r", "--interval", "soon"],
                "error: The value 'soon' is invalid for '--interval <time>'"
            ),
            (["reconcile", "-o", "json"], "error: --output is for --once"),
            (["reconcile", "--once"], "error: no repository to follow"),
            (["get", "services"], "error: there is no kind 'services' here"),
            (["describe", "services"], "error: there is no kind 'services' here"),
            (["events", "--for", "web"], "error: --for must be in resource/name form"),
            (["events", "--types", "Bad"], "error: 'Bad' is no type of event"),
            (["events", "-w", "-o", "json"], "error: --watch prints lines"),
            (["get", "cm", "-w"], "error: only Pods can be watched"),
            (["describe", "namespaces"], "error: namespaces cannot be described"),
            (["get", "pod", "x", "-A"], "error: a resource cannot be retrieved by name across all namespaces"),
            (["get", "pods", "-l", "a in b"], "error: The value 'a in b' is invalid for '-l <labels>'"),
            (["get", "pods", "a", "b", "-w"], "error: only Pods can be watched"),
            (["exec", "web"], "error: you must specify at least one command"),
            (["image", "import"], "error: Missing expected argument '<file> ...'"),
            (["image", "remove"], "error: Missing expected argument '<image> ...'"),
            (["image", "remove", "UPPER"], "error: \"UPPER\" is not an image name"),
            (
                ["reconcile", "--repo", "/r", "--image-dir", "/nowhere"],
                "error: --image-dir /nowhere is not a directory"
            ),
            (
                ["reconcile", "--repo", "https://ada:secret@h/r"],
                "error: the URL https://ada:***@h/r carries a password, which process lists show"
            ),
            (
                ["reconcile", "--repo", "https://h/r", "--git-token-file", "/t", "--git-password-file", "/p"],
                "error: two secrets for one repository: the token in /t, and the password in /p"
            ),
        ])
    func mistakes(arguments: [String], message: String) async throws {
        let agent = try await AgentProcess.run(arguments)

        #expect(agent.status == 2)
        #expect(agent.output.isEmpty)
        #expect(agent.errors.hasPrefix(message), "said: \(agent.errors)")
    }

    @Test("version tells what it speaks and stores, and refuses nothing")
    func version() async throws {
        let broken = ["RECONCILE_AGENT_CONFIG": "/nowhere.yaml", "RECONCILE_AGENT_INTERVAL": "soon"]
        let said = try await AgentProcess.run(["version"], variables: broken)

        #expect(said.status == 0 && said.errors.isEmpty, "\(said)")
        #expect(said.output.hasPrefix("reconcile-agent 0."))
        #expect(said.output.contains("supervisor protocol 1, state directory "))
    }

    @Test("a variable that its option would not take is named, with 2")
    func badVariable() async throws {
        let agent = try await AgentProcess.run(
            ["reconcile", "--repo", "/r"], variables: ["RECONCILE_AGENT_INTERVAL": "soon"])

        #expect(agent.status == 2)
        #expect(agent.errors.hasPrefix("error: RECONCILE_AGENT_INTERVAL is 'soon', which --interval does not take"))
    }

    @Test("a state directory that no agent ever used is named, and where to look", arguments: ["get", "history"])
    func nothingThere(verb: String) async throws {
        try await withTemporaryDirectory { directory in
            let arguments = verb == "get" ? ["get", "pods"] : [verb]
            let agent = try await AgentProcess.run(arguments, variables: ["RECONCILE_AGENT_STATE_DIR": directory])

            #expect(agent.status == 1)
            #expect(agent.errors.contains(directory))
            #expect(agent.errors.contains("hint:"))
        }
    }
}
