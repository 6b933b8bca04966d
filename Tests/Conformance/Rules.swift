/// What the kubelet does and this runtime therefore does, and the tests that hold it to that.
///
/// Tests are named by their titles, so that a rule reads as a sentence and so does its proof.
struct Rule: Sendable {
    /// The part of a Pod's life it is about.
    let part: String
    let sentence: String
    /// Titles of tests; at least one.
    let tests: [String]

    init(_ part: String, _ sentence: String, _ tests: String...) {
        self.part = part
        self.sentence = sentence
        self.tests = tests
    }
}

let rules: [Rule] = sandboxRules + restartRules + probeRules + initRules + endRules + statusRules

private let sandboxRules = [
    Rule(
        "Sandbox", "A new Pod gets its sandbox first, then its containers in the order of the manifest.",
        "a new Pod gets its sandbox, then its containers in the order of the manifest"),
    Rule(
        "Sandbox",
        "A Pod whose sandbox died is cleared and made anew, with the next attempt's number and the same UID.",
        "a killed supervisor: the ends are unknown, everything is cleared and built anew",
        "a pause that dies takes its Pod's sandbox with it; the Pod is rebuilt and keeps its identity"),
    Rule(
        "Sandbox", "A sandbox that keeps dying is not rebuilt in a circle.",
        "a sandbox that keeps dying is not rebuilt in a circle"),
    Rule(
        "Sandbox", "Two Pods of one name never live at once: the successor waits.",
        "the successor waits until the Pod of its name is gone"),
    Rule(
        "Sandbox", "There are never two instances of one container.",
        "every node converges, whatever happens to it", "does nothing twice: each action may be repeated"),
    Rule(
        "Sandbox", "A container that was created and never started is started again.",
        "a container that was created and never started is started again under the same number"),
]

private let restartRules = [
    Rule(
        "Restarts",
        "The first restart is immediate; then 10, 20, 40 … 300 seconds from the end of the instance before.",
        "restarts wait 0, 10, 20, 40, 80, 160, 300, 300 seconds from the end of the instance before",
        "the delay counts from the end, not from when it was noticed"),
    Rule(
        "Restarts", "Who ran for more than 600 seconds is forgiven.",
        "a container that ran for more than 600 seconds is forgiven"),
    Rule(
        "Restarts", "Another image, or other resources, begin the back-off anew.",
        "a container that crashes is started at once when its definition changes",
        "changed cpu and memory are applied to what runs, and what crashed is tried with them at once"),
    Rule(
        "Restarts", "While it is held back a container waits with CrashLoopBackOff, in the kubelet's words.",
        "a held-back restart is CrashLoopBackOff, with the kubelet's message and the last end"),
    Rule(
        "Restarts", "The policy decides what an end means; a container's own counts before the Pod's.",
        "the restart policy decides what an end means", "a container's own policy counts before the Pod's"),
    Rule(
        "Restarts", "A changed container restarts whatever the policy; its neighbours do not.",
        "a changed container is stopped with its grace, whatever the policy",
        "its neighbours are left alone, and what must start does not wait for what must stop"),
    Rule(
        "Restarts", "A restart keeps the Pod's address and UID, and counts one.",
        "a container that is killed comes back alone: same Pod, same address, one restart more"),
    Rule(
        "Restarts", "Restart counts survive the agent and the machine; what had ended stays so.",
        "after a reboot everything that ran starts again at once, counted as a restart",
        "a machine that starts again without network brings everything back; what had ended stays so"),
]

private let probeRules = [
    Rule(
        "Probes", "Defaults are Kubernetes', and shown.",
        "what is not written is filled in; zero stands for it, too",
        "get shows Kubernetes' defaults, describe prints the probe as kubectl does"),
    Rule(
        "Probes", "Before the first try a container is alive, not ready, and nobody knows whether it started.",
        "before the first try: started without a startup probe, alive, not ready with a readiness probe"),
    Rule(
        "Probes", "Startup holds the others back.",
        "a startup probe holds the others back until it succeeds, and is then silent",
        "a startup probe holds the others back; tcpSocket reaches a named port"),
    Rule(
        "Probes", "The initial delay counts from the container's start; tries come once a period.",
        "the first try waits for the initial delay; without one, liveness waits one period",
        "the next try is one period after the last was due, or at once if that has passed"),
    Rule(
        "Probes", "Thresholds count the same result in a row.",
        "readiness follows outcomes in a row: two successes to become ready, three failures to stop being it"),
    Rule(
        "Probes", "A failed liveness or startup probe restarts the container alone, with its own grace if it has one.",
        "a failed probe stops the container with its own grace, or the Pod's",
        "is restarted alone after three failed probes, again and again, with back-off"),
    Rule(
        "Probes", "While a Pod ends only readiness is tried.",
        "while the Pod is being deleted only readiness is tried, and nothing asks for a stop"),
    Rule(
        "Probes", "An error is tried three times and counts as nothing.",
        "an error is tried three times at once, told once, and counts as nothing",
        "a probe whose command is not in the image errs, which restarts nothing"),
    Rule(
        "Probes", "httpGet: the kubelet's request, its redirects, its verdict on the status.",
        "the request is the kubelet's: version, agent, accept, host, close, and no more",
        "a redirect to another host is a success with a warning, and not followed",
        "200 to 299 is a success, the rest but redirects a failure that says its number and nothing of the body"),
    Rule(
        "Probes", "tcpSocket: a connection that is accepted.",
        "a connection that is accepted is a success, whatever is said on it"),
    Rule(
        "Probes", "grpc: SERVING, and nothing else.",
        "only SERVING is a success; the rest says what it was in the kubelet's words"),
    Rule(
        "Probes", "exec: code 0; what takes too long is killed with all that it started.",
        "an exec probe that takes too long is killed, with all that it started, and counts as a failure"),
    Rule(
        "Probes", "Only variables that are written with their value are known to a probe's command.",
        "$(VAR) in a command is the variable's value as written, and not expanded further"),
    Rule(
        "Probes", "What probes said survives the agent, by the container's id.",
        "a ready container stays ready, and is tried a fraction of one period later",
        "what was said about another life of the container says nothing about this one"),
]

private let initRules = [
    Rule(
        "Init containers", "They run one at a time, each to exit 0, before any container.",
        "they run one after the other, each to its end, before any container",
        "run in turn; the sidecar stays, counts in READY, and ends last"),
    Rule(
        "Init containers", "A lost record of an earlier one does not run it again.",
        "once a container has started, those before it are not looked at: their records may be lost"),
    Rule(
        "Init containers", "One that fails is restarted with back-off, or fails the Pod that never restarts.",
        "one that fails starts again with back-off, or fails the Pod that never restarts"),
    Rule(
        "Init containers", "A new sandbox begins with the first again.", "a new sandbox begins anew"),
    Rule(
        "Init containers", "The next begins once a sidecar has started; sidecars count in READY.",
        "the next begins once a sidecar has started, which counts in READY"),
    Rule(
        "Init containers", "Sidecars are restarted whatever the policy, and keep no finished Pod alive.",
        "a sidecar that ends starts again, whatever the Pod's policy", "sidecars keep no finished Pod alive"),
    Rule(
        "Init containers", "Sidecars end after the containers, from the last to the first, within one grace.",
        "containers end first, then sidecars from the last to the first; without grace all at once"),
    Rule(
        "Init containers", "Only sidecars may be probed.", "one that ends may not be probed"),
]

private let endRules = [
    Rule(
        "Ends", "Signal, grace, kill; a stop that is repeated never signals twice.",
        "a stop sends the signal, waits for the grace, then kills; the supervisor finishes it without a client",
        "a deleted Pod's containers get what is left of the grace, and never less than two seconds"),
    Rule(
        "Ends", "preStop runs within the grace, before the signal.",
        "postStart runs after the start, preStop before the stop signal"),
    Rule(
        "Ends", "postStart holds up the next container; its failure ends its own.",
        "a hook follows its container's start, before the next container starts",
        "a postStart that fails ends the container, again and again"),
    Rule(
        "Ends", "The manifest's stop signal counts before the image's.",
        "the manifest's stop signal comes before the image's, and the time of a hook is taken off the grace"),
    Rule(
        "Ends", "A Pod that is active for longer than it may has failed: DeadlineExceeded.",
        "a Pod fails when its time is over, and is looked at then", "a Pod that is active for too long has failed"),
    Rule(
        "Ends", "Containers, sandbox, then the rest; a deleted Pod is never started again.",
        "a deleted Pod is cleared in order, and is never started again"),
    Rule(
        "Ends", "A node that is drained stops its Pods with their grace.",
        "stops the Pods when it is told to stop; the next agent starts them again"),
]

private let statusRules = [
    Rule(
        "Status", "Phases follow from the containers; the last is sticky.",
        "a Pod just accepted is Pending, then ContainerCreating, then Running",
        "a finished Pod never runs again, and its sandbox goes"),
    Rule(
        "Status", "Conditions say what is missing, and since when.", "conditions say what is missing, and since when",
        "readiness drives READY and the conditions, and restarts nothing", "Initialized says which are missing"),
    Rule(
        "Status", "A process that cannot be started ends with 128 and StartError.",
        "a command that is not in the image is a StartError with exit code 128"),
    Rule(
        "Status", "Killed for memory is OOMKilled, 137, also when a child was the victim.",
        "more memory than its limit is OOMKilled with code 137, also when a child of its is the victim"),
    Rule(
        "Status", "An end that nobody saw is ContainerStatusUnknown, 137.",
        "a killed supervisor: the ends are unknown, everything is cleared and built anew"),
    Rule(
        "Status", "Termination messages: from the file, or from the log; 4096 bytes, 12 KiB for a Pod.",
        "are what it wrote into its file, whatever its code",
        "are the end of its log when it wrote none and failed, if the manifest says so",
        "are cut to 4096 bytes, and to 12 KiB for all containers of a Pod"),
    Rule(
        "Status", "The words of `get pods`.",
        "a Pod one of whose containers is done reads NotReady, or the error of the other",
        "get --watch prints a line for each change, from Pending to Running to gone, in kubectl's words"),
    Rule(
        "Status", "logs and exec choose containers, and say so, as kubectl does.",
        "logs and exec say which container they chose, as kubectl says it, and -c chooses another",
        "a container that cannot start says why in the kubelet's words; a completed Pod takes no exec"),
    Rule("Status", "Events have the kubelet's reasons and words.", "events say what the kubelet's say"),
]
