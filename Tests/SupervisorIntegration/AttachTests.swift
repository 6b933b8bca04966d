import Foundation
import Glibc
import Linux
import NodeRuntime
import Patience
import PodFixture
import SupervisorCore
import Testing

@Suite("Attaching to a container", .ownThreads)
struct AttachTests {
    // MARK: Input

    @Test("an open standard input is empty until somebody attaches, and stays open when that one goes")
    func openInput() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor, try Self.request(pod, "while read x; do echo got $x; done; echo over", .open))

            for word in ["one", "two"] {
                let client = try await Client(supervisor, wantsInput: true)
                #expect(client.answer.input == .open && !client.answer.isTerminal)
                try client.write("\(word)\n")
                #expect(try client.text { $0.contains("got \(word)\n") } == "got \(word)\n")
            }
            let third = try await Client(supervisor)
            #expect(third.answer.input == .empty)
            #expect(pod.log("c1") == ["got one", "got two"])
        }
    }

    @Test("an input for once ends with the first who had it, however that one ended, and nobody gets it again")
    func inputOnce() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "cat; echo over", .once))
            let first = try await Client(supervisor, wantsInput: true)
            #expect(first.answer.input == .once)
            let second = try await Client(supervisor, wantsInput: true)
            #expect(second.answer.input == .empty)
            try first.write("words\n")
            _ = try first.text { $0 == "words\n" }

            first.closeInput()

            #expect(try first.text() == "words\nover\n")
            #expect(first.last == AttachPacket.end)
            #expect(pod.log("c1") == ["words", "over"])
        }
    }

    @Test("a container without an open input reads the end at once, and whoever attaches gets none")
    func noInput() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "cat; echo over; sleep 1000", .empty))
            let client = try await Client(supervisor, wantsInput: true)

            #expect(client.answer.input == .empty && client.input < 0)
            for _ in 0..<400 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1") == ["over"])
        }
    }

    // MARK: Output

    @Test("all who are attached see both streams from then on, apart, and are told the end")
    func output() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor, try Self.request(pod, "echo before; read x; echo out; echo err >&2; exit 3", .open))
            for _ in 0..<400 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            var clients = [try await Client(supervisor, wantsInput: true)]
            for _ in 0..<3 { clients.append(try await Client(supervisor)) }

            try clients[0].write("\n")

            for index in clients.indices {
                #expect(try clients[index].text() == "out\n")
                #expect(clients[index].errors == "err\n" && clients[index].last == AttachPacket.end)
            }
            let error = await #expect(throws: SupervisorError.self) { try await Client(supervisor) }
            guard case .failed(let failure) = error else { return }
            #expect([RequestFailure.notRunning, RequestFailure.noOutput].contains(failure.stage))
        }
    }

    @Test("who does not read holds up neither the container nor its log nor the others, and is told what is missing")
    func slowReader() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor, try Self.request(pod, "read x; seq 1 300000; read x; echo over", .open))
            let slow = try await Client(supervisor)
            let keyboard = try await Client(supervisor, wantsInput: true)
            try keyboard.write("\n")

            // It is written whole, though nobody reads.
            for _ in 0..<6000 * patience {
                guard pod.lastLine("c1") != "300000" else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(pod.lastLine("c1") == "300000")
            try slow.drain()
            try keyboard.write("\n")
            let seen = try slow.text()

            let whole = (1...300_000).map { "\($0)\n" }.joined() + "over\n"
            #expect(slow.last == AttachPacket.end && slow.lost > 0)
            #expect(seen.utf8.count + slow.lost == whole.utf8.count)
            #expect(whole.hasPrefix(seen.dropLast("over\n".count)) && seen.hasSuffix("over\n"))
        }
    }

    @Test("who is behind when the container ends is told what is missing, and the end")
    func behindAtEnd() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "read x; seq 1 300000", .open))
            let slow = try await Client(supervisor)
            try await Client(supervisor, wantsInput: true).write("\n")
            for _ in 0..<6000 * patience {
                let isOver = try await !supervisor.currentState().contains {
                    $0.kind == StateEntry.container && $0.exit == nil
                }
                if isOver { break }
                try await Task.sleep(for: .milliseconds(10))
            }

            let seen = try slow.text()

            #expect(slow.last == AttachPacket.end && slow.lost > 0)
            #expect(seen.utf8.count + slow.lost == (1...300_000).reduce(0) { $0 + "\($1)\n".utf8.count })
        }
    }

    @Test(
        "no more than sixteen are attached to a container; the next gets a place when one goes, and none leaves anything"
    )
    func limit() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "while read x; do echo $x; done", .open))
            let logger = try #require(try await Self.namedLogger(of: supervisor.pid))
            func descriptors() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/\(logger)/fd").count
            }
            let before = try descriptors()
            var clients: [Client] = []
            for _ in 0..<AttachPacket.readerLimit { clients.append(try await Client(supervisor)) }
            let refused = try await Client(supervisor)
            #expect(try refused.text() == "")
            #expect(refused.last == AttachPacket.refused)

            clients.removeLast()
            clients[0].closeOutput()

            for _ in 0..<400 * patience {
                guard try descriptors() > before + AttachPacket.readerLimit - 2 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            var late = try await Client(supervisor, wantsInput: true)
            try late.write("late\n")
            #expect(try late.text { $0 == "late\n" } == "late\n")
            clients = []
            late = try await Client(supervisor)
            for _ in 0..<400 * patience {
                guard try descriptors() > before + 1 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try descriptors() == before + 1)
        }
    }

    @Test("who is attached while the logger dies is cut off without an end, and can attach again; the input stays open")
    func loggerDies() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "while read x; do echo $x; done; echo over", .open))
            let first = try await Client(supervisor, wantsInput: true)
            let logger = try #require(try await Self.namedLogger(of: supervisor.pid))

            kill(logger, SIGKILL)

            #expect(try first.text() == "")
            #expect(first.last == nil)
            for _ in 0..<400 * patience {
                guard [nil, logger].contains(Self.logger(of: supervisor.pid)) else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let second = try await Client(supervisor, wantsInput: true)
            try second.write("again\n")
            #expect(try second.text { $0 == "again\n" } == "again\n")
        }
    }

    @Test("who attaches gets the answer to what he writes, however much the logger has to read before it hears of him")
    func attachedWhileLoggerIsBusy() async throws {
        try await withPod { pod, supervisor in
            let script = "while read x; do echo got $x; touch /tmp/$x; done"
            try await pod.start(supervisor, try Self.request(pod, script, .open))
            let first = try await Client(supervisor, wantsInput: true)
            try first.write("zero\n")
            #expect(try first.text { $0 == "got zero\n" } == "got zero\n")
            let logger = try #require(try await Self.namedLogger(of: supervisor.pid))

            kill(logger, SIGSTOP)
            try first.write("one\n")
            try await Self.wait(for: "one", in: pod)
            let second = try await Client(supervisor, wantsInput: true)
            try second.write("two\n")
            try await Self.wait(for: "two", in: pod)
            kill(logger, SIGCONT)

            #expect(try second.text { $0.contains("got two\n") }.contains("got two\n"))
        }
    }

    /// Waits until the container has made a file in its /tmp.
    private static func wait(for file: String, in pod: PodFixture) async throws {
        let path = "\(pod.base)/rw/c1/upper/tmp/\(file)"
        for _ in 0..<2000 * patience {
            guard access(path, F_OK) != 0 else { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("there is no \(path)")
    }

    @Test(
        "a supervisor that is killed takes its containers along, with and without a terminal; who is attached sees the end"
    )
    func supervisorDies() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, try Self.request(pod, "cat", .open))
        try await pod.start(supervisor, try Self.request(pod, "cat", .open, id: "c2", isTerminal: true))
        let clients = [
            try await Client(supervisor, wantsInput: true), try await Client(supervisor, to: "c2", wantsInput: true),
        ]

        kill(supervisor.pid, SIGKILL)

        for index in clients.indices {
            #expect(try clients[index].text() == "")
            #expect(clients[index].last == AttachPacket.end)
        }
        for _ in 0..<400 * patience {
            guard !pod.processes("/pod").isEmpty else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(pod.processes("/pod").isEmpty)
    }

    @Test("terminals, open inputs and who is attached wake neither the supervisor nor its logger")
    func rest() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(supervisor, try Self.request(pod, "cat", .open))
            try await pod.start(supervisor, try Self.request(pod, "cat", .open, id: "c2", isTerminal: true))
            let clients = [try await Client(supervisor), try await Client(supervisor, to: "c2", wantsInput: true)]
            func switches() throws -> [Int] {
                try pod.processes("/supervisors").sorted().map { pid in
                    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                    return status.split(separator: "\n").filter { $0.hasPrefix("voluntary_ctxt_switches") }
                        .compactMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") }.reduce(0, +)
                }
            }

            var before = try switches()
            for _ in 0..<100 * patience {
                try await Task.sleep(for: .milliseconds(300))
                let now = try switches()
                if now == before { break }
                before = now
            }
            try await Task.sleep(for: .seconds(3))

            #expect(try switches() == before)
            #expect(before.count == 2 && clients.count == 2)
        }
    }

    // MARK: Terminals

    @Test(
        "a container with a terminal has it for its streams, as controlling terminal and as console, whoever it runs as",
        arguments: ["", "web"])
    func terminal(user: String) async throws {
        try await withPod { pod, supervisor in
            let script = """
                tty; for f in 0 1 2; do readlink /proc/self/fd/$f; done
                echo by console > /dev/console; echo by name > /dev/pts/0; echo by control > /dev/tty
                echo by stdout > /dev/stdout; echo by stderr >&2; [ -t 0 ] && [ -c /dev/console ] && echo end
                """
            var request = try Self.request(pod, script, .empty, isTerminal: true)
            request.process.user = Array(user.utf8)
            try await pod.start(supervisor, request)
            for _ in 0..<400 * patience {
                guard pod.log("c1").last != "end" else { break }
                try await Task.sleep(for: .milliseconds(5))
            }

            #expect(
                pod.log("c1") == [
                    "/dev/pts/0", "/dev/pts/0", "/dev/pts/0", "/dev/pts/0", "by console", "by name",
                    "by control",
                    "by stdout", "by stderr", "end",
                ])
            let raw = try String(contentsOfFile: "\(pod.logDirectory)/c1.log", encoding: .utf8)
            #expect(raw.split(separator: "\n").allSatisfy { $0.contains(" stdout F ") } && !raw.contains("\r"))
        }
    }

    @Test("a terminal takes keys and sizes from who is attached, and outlives them")
    func terminalSession() async throws {
        try await withPod { pod, supervisor in
            let script = "trap 'stty size' WINCH; echo ready; while :; do read x && echo got $x; done"
            try await pod.start(supervisor, try Self.request(pod, script, .once, isTerminal: true))

            for _ in 0..<400 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            for word in ["one", "two"] {
                let client = try await Client(supervisor, wantsInput: true)
                #expect(client.answer.input == .open && client.answer.isTerminal)
                var size = winsize()
                #expect(ioctl(client.input, UInt(TIOCGWINSZ), &size) == 0)
                #expect((size.ws_row, size.ws_col) == (word == "one" ? (0, 0) : (40, 100)), "as who left it")
                size = winsize(ws_row: 40, ws_col: word == "one" ? 100 : 120, ws_xpixel: 0, ws_ypixel: 0)
                #expect(ioctl(client.input, UInt(TIOCSWINSZ), &size) == 0)
                try client.write("\(word)\n")
                let seen = try client.text { $0.contains("got \(word)\r\n") }
                #expect(seen.contains(word == "one" ? "40 100\r\n" : "40 120\r\n"), "\(seen)")
            }
        }
    }

    @Test("^C reaches what runs in the foreground of a terminal, and its end is the container's")
    func interrupt() async throws {
        try await withPod { pod, supervisor in
            try await pod.start(
                supervisor,
                try Self.request(
                    pod, "trap 'echo interrupted; exit 4' INT; echo ready; while :; do sleep 0.1; done", .open,
                    isTerminal: true))
            let client = try await Client(supervisor, wantsInput: true)
            for _ in 0..<400 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }

            try client.write("\u{3}")

            #expect(try client.text().hasSuffix("interrupted\r\n"))
            #expect(client.last == AttachPacket.end)
        }
    }

    @Test("a terminal whose streams a program closes goes on for who opens it again")
    func reopened() async throws {
        try await withPod { pod, supervisor in
            let script = "exec <&- >&- 2>&-; sleep 0.3; echo again > /dev/tty; sleep 1000"
            try await pod.start(supervisor, try Self.request(pod, script, .empty, isTerminal: true))

            for _ in 0..<2000 * patience {
                guard pod.log("c1").isEmpty else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1") == ["again"])
        }
    }

    @Test("what a terminal shows last is in its log, however fast the program ends")
    func lastWords() async throws {
        try await withPod { pod, supervisor in
            for number in 0..<10 {
                let id = "c\(number)"
                try await pod.start(
                    supervisor, try Self.request(pod, "seq 1 500", .empty, id: id, isTerminal: true))
                for _ in 0..<2000 * patience {
                    let isOver = try await !supervisor.currentState().contains {
                        $0.id == Array(id.utf8) && $0.exit == nil
                    }
                    if isOver { break }
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(pod.log(id) == (1...500).map(String.init), "\(id)")
            }
        }
    }

    @Test("a container with a terminal whose program is not there fails as any other, at once")
    func missingProgram() async throws {
        try await withPod { pod, supervisor in
            var request = try Self.request(pod, "", .open, isTerminal: true)
            request.process.arguments = [Array("/bin/nothing".utf8)]
            let error = await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, request) }
            #expect(
                "\(error as (any Error)? ?? CancellationError())" == "exec: \"/bin/nothing\": no such file or directory"
            )
        }
    }

    // MARK: What is in the way

    @Test("links and files that an image has at the place of the console and of terminals are neither used nor touched")
    func plantedInImage() async throws {
        try await withPod { pod, supervisor in
            let dev = "\(pod.base)/layers/root/dev"
            try FileManager.default.createDirectory(atPath: dev, withIntermediateDirectories: true)
            symlink("/tmp/elsewhere", "\(dev)/console")
            symlink("/tmp", "\(dev)/pts")
            try "mine".write(toFile: "\(pod.base)/layers/root/tmp/elsewhere", atomically: true, encoding: .utf8)

            try await pod.start(
                supervisor,
                try Self.request(
                    pod, "echo by console > /dev/console; cat /tmp/elsewhere; echo; tty; sleep 1000", .empty,
                    isTerminal: true))

            for _ in 0..<400 * patience {
                guard pod.log("c1").count < 3 else { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(pod.log("c1") == ["by console", "mine", "/dev/pts/0"])
        }
    }

    enum Plant: String, CaseIterable, Sendable { case link, directory, noTerminals }

    @Test("a volume at /dev leads no console anywhere, and no other terminals are taken", arguments: Plant.allCases)
    func plantedInVolume(_ plant: Plant) async throws {
        try await withPod { pod, supervisor in
            let volume = "\(pod.base)/volume"
            try FileManager.default.createDirectory(atPath: "\(volume)/pts", withIntermediateDirectories: true)
            switch plant {
            case .link: symlink("/tmp", "\(volume)/console")
            case .directory: mkdir("\(volume)/console", 0o755)
            case .noTerminals: try "".write(toFile: "\(volume)/pts/ptmx", atomically: true, encoding: .utf8)
            }
            var request = try Self.request(pod, "tty", .empty, isTerminal: true)
            // After all but the volumes' own place: it hides the /dev that was there.
            request.steps.append(
                MountStep(kind: MountStep.volume, target: Array("/dev".utf8), source: Array(volume.utf8)))
            if plant != .noTerminals {
                request.steps.append(
                    MountStep(
                        kind: MountStep.filesystem, target: Array("/dev/pts".utf8), source: Array("devpts".utf8),
                        options: ["newinstance", "ptmxmode=0666", "mode=0620"].map { Array($0.utf8) }))
            }

            let error = await #expect(throws: SupervisorError.self) { try await pod.start(supervisor, request) }
            guard case .failed(let failure) = error else { return }
            #expect(failure.stage == 11, "\(failure.sentence)")
            #expect(failure.sentence.contains(plant == .noTerminals ? "not a devpts" : "/dev/console"))
        }
    }

    // MARK: -

    private static func request(
        _ pod: PodFixture, _ script: String, _ input: StandardInput, id: String = "c1", isTerminal: Bool = false
    ) throws -> StartRequest {
        var request = try pod.startRequest(id, ["sh", "-c", script])
        request.input = input
        request.process.terminal = isTerminal
        return request
    }

    /// The logger of a supervisor: a child of it that is called so.
    private static func logger(of supervisor: pid_t) -> pid_t? {
        let children =
            (try? String(contentsOfFile: "/proc/\(supervisor)/task/\(supervisor)/children", encoding: .utf8)) ?? ""
        return children.split(separator: " ").compactMap { pid_t($0) }.first { pid in
            (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) == "logger\n"
        }
    }

    /// The logger, once it has got its name.
    private static func namedLogger(of supervisor: pid_t) async throws -> pid_t? {
        for _ in 0..<2000 * patience {
            if let logger = logger(of: supervisor) { return logger }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    private func withPod(_ body: (PodFixture, Supervisor) async throws -> Void) async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await body(pod, supervisor)
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }
}

extension PodFixture {
    /// The text of the last line of a container's log.
    fileprivate func lastLine(_ id: String) -> String {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: "\(logDirectory)/\(id).log")) else {
            return ""
        }
        defer { try? file.close() }
        let size = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: size > 200 ? size - 200 : 0)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").last?.split(separator: " ").last.map(String.init) ?? ""
    }
}

/// Somebody who is attached.
private final class Client {
    let answer: AttachAnswer
    /// The container's input, or its terminal's other side; -1: none.
    private(set) var input: Int32 = -1
    private(set) var errors = ""
    private(set) var lost = 0
    /// The last packet's kind, when that was none of output.
    private(set) var last: UInt8?
    private var output: Int32 = -1
    private var seen: [UInt8] = []

    @discardableResult
    init(_ supervisor: Supervisor, to container: String = "c1", wantsInput: Bool = false) async throws {
        let attached = try await supervisor.attach(to: container, wantsInput: wantsInput)
        answer = attached.answer
        if let descriptor = attached.descriptors.take(0) { output = descriptor.release() }
        if let descriptor = attached.descriptors.take(1) { input = descriptor.release() }
    }

    deinit {
        closeInput()
        closeOutput()
    }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        let written = try retrying("write") { Glibc.write(input, bytes, bytes.count) }
        #expect(written == bytes.count)
    }

    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
    }

    /// Reads on until what came since the beginning is enough, or nothing more comes; gives all of it.
    func text(until isEnough: (String) -> Bool = { _ in false }) throws -> String {
        while last == nil, !isEnough(String(decoding: seen, as: UTF8.self)) {
            guard try isReadable(within: 60_000 * patience) else {
                Issue.record("nothing more comes after \(String(decoding: seen.suffix(200), as: UTF8.self))")
                break
            }
            if try !take() { break }
        }
        return String(decoding: seen, as: UTF8.self)
    }

    /// Takes what is there by now.
    func drain() throws { while last == nil, try isReadable(within: 0), try take() {} }

    private func isReadable(within milliseconds: Int) throws -> Bool {
        var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        return try retrying("poll") { poll(&waited, 1, Int32(milliseconds)) } > 0
    }

    /// False at the end.
    private func take() throws -> Bool {
        var packet = [UInt8](repeating: 0, count: 2 * AttachPacket.longest)
        let capacity = packet.count
        let count = try retrying("recv") { recv(output, &packet, capacity, 0) }
        if count == 0 { return false }
        switch packet[0] {
        case AttachPacket.output: seen += packet[1..<count]
        case AttachPacket.error: errors += String(decoding: packet[1..<count], as: UTF8.self)
        case AttachPacket.lost: lost += packet[1..<count].reversed().reduce(0) { $0 << 8 | Int($1) }
        default: last = packet[0]
        }
        return true
    }
}
