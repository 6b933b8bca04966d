import Foundation
import Manifests
import PodFixture
import Testing

@Suite("Standard streams, terminals and attach")
struct StreamTests {
    /// What attach says on standard error, unless it is told to be quiet.
    private static let greeting = """
        All commands and output from this session will be recorded in container logs, including credentials and sensitive \
        information passed through the command prompt.
        If you don't see a command prompt, try pressing enter.

        """

    @Test("stdin is open and empty until somebody attaches, and over many who do; attach ends with its own input")
    func openInput() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web",
                    containers: container(
                        "main", "while read x; do echo got $x; done; echo over; exit 3", "stdin: true"),
                    container("other", "cat; echo nothing; \(Script.patient)")))
            _ = try await node.running("web", ready: "2/2")
            // Without `stdin` there is nothing to read; who attaches nevertheless is told.
            try await node.eventually("the other has read the end") {
                try await node.logs(of: "web", "other") == "nothing\n"
            }

            // As the kubelet's, a session ends with its input, which is passed on whole before.
            for word in ["one", "two"] {
                let said = try await node.agent(["attach", "-i", "web"], input: "\(word)\n")
                #expect(said.status == 0, "\(said)")
                #expect(
                    said.errors == "Defaulted container \"main\" out of: main, other\n" + Self.greeting, "\(said)")
                try await node.eventually("\(word) has arrived") {
                    try await node.logs(of: "web").hasSuffix("got \(word)\n")
                }
            }
            #expect(try await node.logs(of: "web") == "got one\ngot two\n")
            #expect(try await node.pod("web")?.container("main")?["restartCount"]?.int == 0)
        }
    }

    @Test("stdinOnce: the container reads the end of what the first brought, once an instance; a restart begins anew")
    func inputOnce() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let text = (1...3000).map { "line \($0)\n" }.joined()
            try await node.start(
                pod(
                    "web", "restartPolicy: OnFailure", "volumes: [{name: v, emptyDir: {}}]",
                    containers: container(
                        "main", "cat; echo over; [ -e /v/again ]", "stdin: true", "stdinOnce: true",
                        "volumeMounts: [{name: v, mountPath: /v}]")))
            _ = try await node.running("web")

            let first = try await node.agent(["attach", "-i", "-q", "web"], input: text)
            #expect((first.status, first.output, first.errors) == (0, text + "over\n", ""))

            // It failed, so there is a second instance, whose input is as open as the first one's was.
            let again = try await node.pod("web", "runs again") { shown in
                shown.container("main")?["restartCount"]?.int == 1
                    && shown.container("main")?["state"]?["running"] != nil
            }
            #expect(again.restarts(of: "main") == 1)
            #expect(try await node.inside("web", "touch /v/again; echo made") == "made\n")
            let second = try await node.agent(["attach", "-iq", "web"], input: "new\n")
            #expect((second.status, second.output) == (0, "new\nover\n"))
            try await node.status(of: "web", becomes: "Completed")
            let late = try await node.agent("attach", "web")
            #expect(late.status == 1)
            #expect(
                late.complaints
                    == ["error: cannot attach a container in a completed pod; current phase is Succeeded"], "\(late)")
        }
    }

    @Test(
        "attach shows both streams live from then on to all who are attached, without an agent too, until the container ends"
    )
    func output() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "restartPolicy: Never",
                    containers: container(
                        "main", "echo before; read x; echo out; echo err >&2; read x; exit 3", "stdin: true")))
            _ = try await node.running("web")
            try await node.eventually("it has begun") { try await node.logs(of: "web") == "before\n" }
            let readers = try (0..<3).map { _ in try node.startInBackground("attach", "web") }
            for reader in readers {
                try await node.eventually("somebody is attached") { try reader.text() == Self.greeting }
            }
            try node.killAgent()

            #expect(try await node.agent(["attach", "-iq", "web"], input: "\n").status == 0)
            for reader in readers {
                try await node.eventually("both streams have come") {
                    let said = try reader.text().dropFirst(Self.greeting.count)
                    return ["out\nerr\n", "err\nout\n"].contains(said)
                }
            }
            #expect(try await node.agent(["attach", "-iq", "web"], input: "\n").status == 0)

            for reader in readers { #expect(try await reader.ended() == 0) }
        }
    }

    @Test("tty: the container has a terminal with TERM=xterm, of its own, and its log is that of one stream")
    func terminal() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let script =
                "tty; echo $TERM; echo err >&2; echo by console > /dev/console; [ -t 0 ] && echo end; \(Script.patient)"
            try await node.start(
                pod("web", containers: container("main", script, "tty: true")),
                pod(
                    "own", "securityContext: {runAsUser: 1000}",
                    containers: container("main", script, "tty: true", "env: [{name: TERM, value: vt100}]")),
                pod("plain", containers: container("main", "tty; echo ${TERM:-none}; \(Script.patient)")))
            for name in ["web", "own"] {
                try await node.eventually("\(name) has said all") {
                    try await node.logs(of: name).hasSuffix("end\n")
                }
                let term = name == "web" ? "xterm" : "vt100"
                #expect(
                    try await node.logs(of: name)
                        == "/dev/pts/0\n\(term)\nerr\nby console\nend\n")
            }
            try await node.eventually("the plain one has said all") {
                try await node.logs(of: "plain") == "not a tty\nnone\n"
            }
            // An exec has a terminal of its own, or none.
            #expect(try await node.inside("web", "tty; echo $TERM") == "not a tty\nxterm\n")
            let shown = try await node.agent("get", "pod", "web", "-o", "yaml").output
            #expect(shown.contains("    tty: true\n") && !shown.contains("stdin"))
        }
    }

    @Test("attach -it passes keys and the size of the terminal through, and the program's end is the session's")
    func session() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "restartPolicy: Never",
                    containers: container("main", "exec sh", "stdin: true", "tty: true")))
            _ = try await node.running("web")

            let detached = try await node.agentOnTerminal(
                ["attach", "-it", "web", "--detach-keys", "x,y"], input: "stty rows 7; VAR=kept\nxy")
            #expect(detached.status == 0, "\(detached)")
            #expect(
                detached.output.contains(
                    "Session ended, resume using 'reconcile-agent attach web -c main -n default -i -t' command"),
                "\(detached)")

            let said = try await node.agentOnTerminal(
                ["attach", "-i", "-t", "web"], input: "echo $((6 * 7)) $VAR; stty size\nexit 5\n")
            #expect(said.status == 0, "attach has no code of the program's: \(said)")
            #expect(said.output.contains("42 kept\n"), "\(said)")
            #expect(said.output.contains("If you don't see a command prompt, try pressing enter.\n"))
            try await node.status(of: "web", becomes: "Error")
            #expect(try await node.logs(of: "web").contains("42 kept\n"))
        }
    }

    @Test(
        "a terminal that is passed through is put back as it was when a signal ends attach, and the container runs on")
    func restored() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod("web", containers: container("main", "exec sh", "stdin: true", "tty: true")))
            let before = try await node.running("web")
            // Another process on the same terminal waits until it is raw.
            let script = """
                stty -g > \(node.base)/before
                (while stty -a < /dev/tty | grep -q " icanon"; do sleep 0.1; done; kill -$1 $(cat \(node.base)/pid)) &
                sh -c 'echo $$ > \(node.base)/pid; exec "$0" attach -it web' "$2"
                echo "code $?"; stty -g > \(node.base)/after
                """
            try script.write(toFile: "\(node.base)/session.sh", atomically: true, encoding: .utf8)
            #expect(try await node.run("/usr/bin/mkfifo", ["\(node.base)/keyboard"]).status == 0)
            for signal in ["TERM", "HUP", "INT"] {
                // Nothing is typed, and the keyboard does not end.
                let said = try await node.run(
                    "/bin/sh",
                    [
                        "-c", "exec 3<>$0; exec script -qec \"sh $1 $2 $3\" /dev/null <&3", "\(node.base)/keyboard",
                        "\(node.base)/session.sh", signal, PodFixture.product("reconcile-agent"),
                    ])
                #expect(said.output.contains("code 1"), "\(signal): \(said)")
                let (first, last) = (
                    try String(contentsOfFile: "\(node.base)/before", encoding: .utf8),
                    try String(contentsOfFile: "\(node.base)/after", encoding: .utf8)
                )
                #expect(first == last && !first.isEmpty, "\(signal)")
            }
            #expect(try await node.pod("web")?.life == before.life)
        }
    }

    @Test("attach says what is wrong in kubectl's words, and goes on where kubectl does")
    func words() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "restartPolicy: Never",
                    containers: container("main", "read x; echo over", "stdin: true"), container("done", "true")))
            _ = try await node.pod("web", "has one that ended") { shown in
                shown.container("done")?["state"]?["terminated"] != nil
                    && shown.container("main")?["state"]?["running"] != nil
            }

            let none = try await node.agent("attach", "web", "-c", "nope")
            #expect(none.status == 1)
            #expect(
                none.complaints
                    == ["error: cannot attach to the container: container nope not found in pod web"], "\(none)")
            let ended = try await node.agent("attach", "web", "-c", "done")
            #expect(ended.status == 1)
            #expect(
                ended.complaints.first
                    == "error: unable to upgrade connection: container done not found in pod web_default", "\(ended)")
            let other = try await node.agent("attach", "nobody")
            #expect(other.status == 1 && other.errors.contains("pods \"nobody\" not found"), "\(other)")

            let said = try await node.agent(["attach", "-it", "web", "-c", "main"], input: "\n")
            #expect(said.status == 0, "\(said)")
            #expect(
                said.errors == "error: Unable to use a TTY - container main did not allocate one\n" + Self.greeting,
                "\(said)")
        }
    }

    @Test("who is attached does not notice the agent's death; a change of stdin, stdinOnce or tty replaces the Pod")
    func deaths() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let script = "while read x; do echo got $x; done; echo over"
            try await node.start(pod("web", containers: container("main", script, "stdin: true")))
            let before = try await node.running("web")
            let reader = try node.startInBackground("attach", "-q", "web")
            try await node.eventually("what is typed is seen") {
                _ = try await node.agent(["attach", "-iq", "web"], input: "hello\n")
                return try reader.text().contains("got hello\n")
            }

            try node.killAgent()
            _ = try await node.agent(["attach", "-iq", "web"], input: "alone\n")
            try await node.eventually("it is seen without an agent") { try reader.text().contains("got alone\n") }
            try await node.repository.push(
                ["app0/pod.yaml": pod("web", containers: container("main", script, "stdin: true", "tty: true"))],
                "Have a terminal")
            let planned = try await node.agent("diff")
            #expect(planned.output.contains("restarts all   spec.containers[main].tty changed"), "\(planned)")
            try node.startAgent()

            #expect(try await reader.ended() == 0)
            let after = try await node.running("web") { $0.uid != before.uid }
            #expect(after.uid != before.uid)
        }
    }
}
