// `bench-source AGENT`: what it costs to follow a repository of 10,000 manifests on this machine, with AGENT's workers.
import GitServer
import GitSource
import Glibc
import Linux
import Manifests

let directories = 100
let filesEach = 100
var template = Array("/tmp/bench-source-XXXXXX".utf8CString)
guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
defer { try? removeTree(directory) }

func shell(_ script: String) async throws {
    let output = try await WorkerCommand(executable: "/bin/sh", arguments: ["-euc"])
        .run(["cd \(directory)\n" + script], timeout: .seconds(300))
    guard output.status == .exited(0) else {
        throw GitSourceError.workerFailed(reason: String(decoding: output.standardError, as: UTF8.self))
    }
}

/// CPU time of this process and of the children it waited for, in milliseconds.
func processorTime() -> Double {
    var sum = 0.0
    for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
        var usage = rusage()
        getrusage(__rusage_who_t(who.rawValue), &usage)
        for time in [usage.ru_utime, usage.ru_stime] {
            sum += Double(time.tv_sec) * 1000 + Double(time.tv_usec) / 1000
        }
    }
    return sum
}

/// CPU time so far of the workers of this process, which stay for the next question, in milliseconds.
func workersTime() throws -> Double {
    func text(_ path: String) -> String {
        String(decoding: (try? Descriptor.open(path).readToEnd()) ?? [], as: UTF8.self)
    }
    let processes = try Descriptor.open("/proc", O_RDONLY | O_DIRECTORY).names().filter { Int($0) != nil }
    return processes.reduce(0) { sum, pid in
        // Behind the name in brackets: state, parent, ...; twelfth and thirteenth what it used, in ticks.
        let fields = text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, fields[1] == "\(getpid())", text("/proc/\(pid)/cmdline").contains("worker") else {
            return sum
        }
        let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        return sum + ticks * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// Runs something often; prints medians of the time that passed and of the CPU time that it took.
func measure(
    _ what: String, _ times: Int, preparing prepare: (Int) async throws -> Void = { _ in },
    _ body: () async throws -> Void
) async throws {
    var samples: [(wall: Double, processor: Double)] = []
    for round in 0..<times {
        try await prepare(round)
        let (start, before) = (BootInstant.now(), processorTime())
        try await body()
        let wall = Double(BootInstant.now().nanoseconds - start.nanoseconds) / 1_000_000
        samples.append((wall, processorTime() - before))
    }
    let walls = samples.map(\.wall).sorted()
    let mean = samples.reduce(0) { $0 + $1.processor } / Double(times)
    let columns = [walls[times / 2], walls[times * 95 / 100], mean].map { number in
        let hundredths = Int((number * 100).rounded())
        let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
    }
    print(what + String(repeating: " ", count: max(1, 52 - what.count)) + columns.joined() + " ms")
}

try await shell(
    """
    git init -q --bare -b main remote.git; git clone -q remote.git work 2>/dev/null; cd work
    git config user.name bench; git config user.email bench@localhost
    for d in $(seq \(directories)); do mkdir app$d; for f in $(seq \(filesEach)); do
    printf 'apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: pod-%s-%s\\nspec:\\n  containers:\\n  - name: main\\n    image: nginx:1.14\\n' $d $f >app$d/$f.yaml
    done; done; git add -A; git commit -qm Many; git push -q origin HEAD:main
    """)
let source = GitSource(
    remote: GitRemote(url: "file://\(directory)/remote.git", ref: "main"), clone: "\(directory)/source",
    worker: WorkerCommand(executable: CommandLine.arguments[1], arguments: ["worker", "git"]), timeout: .seconds(60))

print(
    "following a repository of \(directories * filesEach) files; median and p95 of the time passed, mean of CPU time\n")
try await measure("first fetch and reading of everything", 1) { _ = try await source.snapshot() }
try await measure("poll, nothing changed", 500) { _ = try await source.head() }
try await measure(
    "one of the files changed: poll, fetch, what changed", 20,
    preparing: { round in
        try await shell(
            "cd work; echo '# \(round)' >>app7/7.yaml; git commit -qam Change; git push -q origin HEAD:main")
    },
    {
        _ = try await source.head()
        _ = try await source.snapshot()
    })

// The same behind https: each poll is an exchange with a server, over a connection that is kept.
try await shell(
    """
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout server.pem -out ca.pem 2>/dev/null; cat ca.pem >>server.pem
    """)
let server = try BackendServer(serving: directory, certificate: "\(directory)/server.pem")
let secured = GitSource(
    remote: GitRemote(
        url: server.url("remote.git"), ref: "main", access: GitAccess(authoritiesFile: "\(directory)/ca.pem")),
    clone: "\(directory)/secured",
    worker: WorkerCommand(executable: CommandLine.arguments[1], arguments: ["worker", "git"]),
    timeout: .seconds(60))
_ = try await secured.snapshot()
_ = try await secured.head()
let (polls, before) = (100, try workersTime())
try await measure("poll over https, nothing changed", polls) { _ = try await secured.head() }
let each = (try workersTime() - before) / Double(polls)
print("  of it: CPU time of the worker: \(Int((each * 1000).rounded())) us each")
