import Foundation
import Testing

@testable import reconcile_agent

@Suite("Settings come from the command line, else a variable, else a file")
struct ConfigFileTests {
    @Test("each is asked in turn")
    func precedence() async throws {
        try await withTemporaryDirectory { directory in
            let config = "\(directory)/config.yaml"
            try Data("state-dir: \(directory)/from-file\n".utf8).write(to: URL(filePath: config))
            func place(_ arguments: [String], _ variables: [String: String]) async throws -> String {
                let said = try await AgentProcess.run(
                    ["get", "pods", "--config", config] + arguments, variables: variables)
                #expect(said.status == 1, "\(said)")
                return String(said.errors.split(separator: "\n").first ?? "")
            }

            #expect(try await place([], [:]).hasSuffix("\(directory)/from-file"))
            let variable = ["RECONCILE_AGENT_STATE_DIR": "\(directory)/from-variable"]
            #expect(try await place([], variable).hasSuffix("\(directory)/from-variable"))
            #expect(try await place(["--state-dir", "\(directory)/given"], variable).hasSuffix("\(directory)/given"))
        }
    }

    @Test(
        "every mistake in the file is told at once, with its place and a hint",
        arguments: [
            ("intervall: 10s\n", [":1:1: unknown setting \"intervall\"", "hint: did you mean \"interval\"?"]),
            ("repo: /r\n colour: [\n", [":"]),
            ("a: 1\nb: 2\n", [":1:1: unknown setting \"a\"", ":2:1: unknown setting \"b\"", "known are repo, ref"]),
            ("interval: soon\nrepo: /r\n", [":1:1: interval is 'soon', which --interval does not take"]),
            ("repo: {url: x}\n", [":1:7: repo: expected a value, found a mapping"]),
            ("- repo\n", [":1:1: expected \"name: value\" lines, found a list"]),
        ])
    func mistakes(text: String, words: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let config = "\(directory)/config.yaml"
            try Data(text.utf8).write(to: URL(filePath: config))

            let said = try await AgentProcess.run(["reconcile", "--once", "--config", config])

            #expect(said.status == 2, "\(said)")
            #expect(said.errors.hasPrefix("error: \(config):"), "\(said.errors)")
            for word in words { #expect(said.errors.contains(word), "\(said.errors)") }
        }
    }

    @Test("a file that was named must be there; the one in the standard place need not")
    func missing() async throws {
        let said = try await AgentProcess.run(["get", "pods"], variables: ["RECONCILE_AGENT_CONFIG": "/nowhere.yaml"])

        #expect(said.status == 2)
        #expect(said.errors.hasPrefix("error: the configuration /nowhere.yaml cannot be read: No such file"))
    }

    @Test("the file knows every setting of the node, source and machine options")
    func complete() async throws {
        let help = try await AgentProcess.run(["reconcile", "--help"]).output
        let groups = help.split(separator: "\n\n").filter {
            $0.contains(/^(SOURCE|IMAGE|MACHINE|NODE) OPTIONS:/)
        }
        #expect(groups.count == 4, "\(help)")
        let options = groups.flatMap { $0.matches(of: /(?m)^ +--(?<name>[a-z-]+) </) }.map { String($0.output.name) }
        #expect(options.count > 10)
        for option in options where option != "config" { #expect(ConfigFile.names.contains(option), "--\(option)") }
    }
}
