/// One row of the scenarios: what a user does and must see, and the tests that walk it by Git push and the real command line.
struct Scenario: Sendable {
    let number: Int
    let text: String
    /// Titles of tests.
    let tests: [String]
    /// What of the row is still to come; nil when nothing is.
    let later: String?

    init(_ number: Int, _ text: String, _ tests: String..., later: String? = nil) {
        (self.number, self.text, self.tests, self.later) = (number, text, tests, later)
    }

    /// How the row went.
    func verdict(by results: Results) -> String {
        let failed = tests.filter { results.entries[$0]?.outcome == .failed }
        if let first = failed.first { return "FAILED: \(first)" }
        if !tests.allSatisfy({ results.entries[$0]?.outcome == .passed }) { return "not walked" }
        return [tests.isEmpty ? nil : "as it must be", later.map { "later: \($0)" }].compactMap { $0 }
            .joined(separator: "; ")
    }
}

/// The rows; beside each command of this project an unmodified kubectl is to say the same, which comes with the API.
let scenarios = [
    Scenario(
        1, "a web server in a namespace of its own",
        "nginx-pod runs in its namespace, is told as kubectl tells it, and serves its page at its address",
        "-o json and -o yaml tell the Pod as the API does, and tell the same", later: "kubectl"),
    Scenario(
        2, "nothing; only looks",
        "get --watch prints a line for each change, from Pending to Running to gone, in kubectl's words",
        later: "kubectl"),
    Scenario(
        3, "two containers, a shell on a terminal",
        "multipod is 2/2; a shell in one container sees its own processes, and the other's page on localhost",
        later: "kubectl"),
    Scenario(
        4, "logs, of one container and of several",
        "logs and exec say which container they chose, as kubectl says it, and -c chooses another",
        "--tail, --since, --since-time, --timestamps, --prefix and --all-containers choose as kubectl does",
        "-f goes on with what is written, and ends when the container has ended for good", later: "kubectl"),
    Scenario(
        5, "a liveness probe with nothing else set",
        "get shows Kubernetes' defaults, describe prints the probe as kubectl does", later: "kubectl"),
    Scenario(
        6, "a server that falls ill after five answers",
        "is restarted alone after three failed probes, again and again, with back-off", later: "kubectl"),
    Scenario(
        7, "every kind of probe, for every purpose",
        "each kind of probe starts, readies and restarts its container",
        "readiness drives READY and the conditions, and restarts nothing",
        "a startup probe holds the others back; tcpSocket reaches a named port",
        "an exec probe that takes too long is killed, with all that it started, and counts as a failure",
        later: "membership in Services, kubectl"),
    Scenario(8, "init containers that wait for Services", later: "Services and their names"),
    Scenario(
        9, "one pause per Pod; containers and pause are killed",
        "ps shows one pause per Pod; a container that dies restarts in its Pod, which stays what it is",
        "a pause that dies takes its Pod's sandbox with it; the Pod is rebuilt and keeps its identity"),
    Scenario(10, "manifests in a plain directory", later: "the directory source"),
    Scenario(
        11, "requests and limits",
        "limits are those of the kernel, more memory is OOMKilled, and describe shows them",
        "scenario 11: limits are the kernel's, requests are shown, and what exceeds its memory is OOMKilled",
        later: "kubectl"),
    Scenario(
        12, "more cpu than the node has",
        "scenario 12: what the node has no room for stays Pending in the scheduler's words, and starts when there is",
        later: "kubectl"),
    Scenario(
        13, "an environment variable",
        "exec prints what the container has in its environment, and ends as its program ends", later: "kubectl"),
    Scenario(
        14, "sidecar, adapter and ambassador",
        "a shared emptyDir carries logs to the sidecar, survives a restart, and goes with the Pod",
        "an ambassador passes what its Pod asks of localhost on to another Pod",
        "every Pod of the example repository runs, and shows what it is there for"),
    Scenario(
        15, "a file is edited, moved, deleted, reverted",
        "a moved file restarts nothing; a revert brings back what was; a typo costs its own application alone",
        "a push that changes one Pod leaves the other alone; a removal ends its Pod; history tells both"),
    Scenario(
        16, "a manifest with a typo",
        "a moved file restarts nothing; a revert brings back what was; a typo costs its own application alone",
        "a mistake is shown by file, line and column"),
    Scenario(
        17, "somebody kills, deletes and stops things",
        "a container that is killed comes back alone: same Pod, same address, one restart more",
        "a supervisor that is killed, and a cgroup that is deleted, cost a new sandbox of the same Pod"),
    Scenario(
        18, "the agent is killed, and the machine reboots",
        "Pods do not notice the agent's death; the next agent takes over what runs, as it runs",
        later: "the reboot, which make test-vm walks"),
    Scenario(
        19, "one pass in CI, and what it would do",
        "each Pod with its change, what that does to it, why, and the manifests' difference; beside a running agent",
        "nginx-pod runs in its namespace, is told as kubectl tells it, and serves its page at its address"),
    Scenario(
        20, "history, why and status",
        "events, describe, status and why tell of a Pod that runs, was killed, and is gone"),
]
