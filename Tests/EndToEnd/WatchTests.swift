import Foundation
import Glibc
import Testing

@Suite("Scenario 2: a user who only looks")
struct WatchTests {
    @Test("get --watch prints a line for each change, from Pending to Running to gone, in kubectl's words")
    func watch() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            try node.startAgent()
            try await node.eventually("the agent works") { try await node.agent("history").output.contains("Begin") }
            let shown = try node.startInBackground("get", "pods", "-o", "wide", "--watch", "--output-watch-events")
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run a")
            try await node.eventually("Running is shown") { try shown.text().contains("Running") }
            try await node.repository.push(["a/a.yaml": nil], "Stop a")
            do {
                try await node.eventually("the end is shown") { try shown.text().contains("DELETED") }
            } catch {
                Issue.record("what was shown: \(try shown.text())")
                throw error
            }

            let status = try shown.end(by: SIGINT)

            #expect(status == 0, "^C ends it cleanly")
            let lines = try shown.text().split(separator: "\n").map { $0.split(separator: /\s{2,}/).map(String.init) }
            #expect(lines.first?.prefix(4) == ["EVENT", "NAME", "READY", "STATUS"])
            let words = lines.dropFirst().map { $0[3] }
            let order = ["Pending", "ContainerCreating", "Running", "Terminating"]
            let places = words.compactMap { order.firstIndex(of: $0) }
            #expect(places == places.sorted(), "\(words)")
            #expect(words.contains("Running") && words.contains("Terminating"), "\(words)")
            #expect(lines.dropFirst().first?.first == "ADDED" && lines.last?.first == "DELETED", "\(lines)")
            #expect(
                zip(lines.dropFirst().dropLast(), lines.dropFirst(2).dropLast()).allSatisfy { $0 != $1 }, "\(lines)")
        }
    }

    @Test("without an agent, --watch still tells that a container was killed")
    func withoutAgent() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run a")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let shown = try node.startInBackground("get", "pods", "--watch")
            try await node.eventually("the Pod is shown") { try shown.text().contains("Running") }

            for process in try node.processes(named: "sh") where process.isFirstOfContainer { process.kill() }

            try await node.eventually("the end is shown") { try shown.text().contains("Error") }
            #expect(try shown.end(by: SIGTERM) == 0)
        }
    }

    @Test("names, labels and columns are chosen as kubectl chooses them")
    func selection() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let labelled = Written.sleeper("b", seconds: 4001).replacing(
                "  name: b\n", with: "  name: b\n  namespace: blue\n  labels: {app: web, tier: front}\n")
            try await node.repository.push(
                ["a/a.yaml": Written.sleeper("a", seconds: 4001), "b/b.yaml": labelled], "Run two Pods")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let web = try await node.agent("get", "po", "-A", "-l", "app in (web, db),tier!=back", "--show-labels")
            #expect(web.rows.first?.last == "LABELS" && web.rows.last?.last == "app=web,tier=front", "\(web)")
            #expect(web.rows.count == 2)
            #expect(try await node.agent("get", "pods", "-A", "-l", "!app", "-o", "name").output == "pod/a\n")
            #expect(try await node.agent("get", "pod/a", "--no-headers").rows.map(\.first) == ["a"])

            let some = try await node.agent("get", "pods", "a", "c")
            #expect(some.status == 1 && some.rows.count == 2, "\(some)")
            #expect(some.complaints.contains("error: pods \"c\" not found in namespace \"default\""), "\(some)")

            let namespaces = try await node.agent("get", "ns")
            #expect(
                namespaces.rows.map { $0.prefix(2) } == [
                    ["NAME", "STATUS"], ["blue", "Active"], ["default", "Active"],
                ])
        }
    }
}
