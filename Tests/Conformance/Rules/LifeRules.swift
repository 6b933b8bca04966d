/// Sandboxes, restarts and images.
let sandboxRules = [
    Rule(
        "Sandboxes", 1, rule: "A Pod that ends is never taken back, and two Pods of one name never live at once.",
        by: "rule 1: a Pod that ends is never taken back; its successor waits until it is gone",
        "the successor waits until the Pod of its name is gone"),
    Rule(
        "Sandboxes", 2,
        rule:
            "What failed is tried again by itself; here by events and exact timers, with a look at all every five minutes.",
        by: "retries wait 10, 20, 40 … 300 seconds", "what nobody told is found by the sweep, after five minutes"),
    Rule(
        "Sandboxes", 3, rule: "Sandbox, volumes, images, then containers; what fails keeps what follows waiting.",
        by: "a new Pod gets its sandbox, then its containers in the order of the manifest",
        "volumes are made after the sandbox and before the first container",
        "rules 3 and 84: a key that is missing and is not optional keeps the Pod waiting"),
    Rule(
        "Sandboxes", 4,
        rule:
            "A sandbox that died is made anew with the next attempt's number, from the first init container on; one that lost its "
            + "network gets it back; a Pod that never restarts and has run gets none.",
        by: "rule 4: a sandbox that died is made anew from the first init container on, and is told of",
        "rule 4: a Pod that never restarts and has run gets no other sandbox",
        "a pause that dies takes its Pod's sandbox with it; the Pod is rebuilt and keeps its identity",
        "a supervisor that is killed, and a cgroup that is deleted, cost a new sandbox of the same Pod",
        "a sandbox that keeps dying is not rebuilt in a circle"),
    Rule(
        "Sandboxes", 5, rule: "Containers start in the order of the manifest; postStart holds up the next.",
        by: "rule 5: containers start in the order of the manifest, and postStart holds up the next"),
    Rule(
        "Sandboxes", 7, rule: "There are never two instances of one container.",
        by: "every node converges, whatever happens to it", "does nothing twice: each action may be repeated",
        "an agent killed at ten random instants while four Pods start: all run in the end, nothing is doubled"),
    Rule(
        "Sandboxes", 8, rule: "A container that was created and never started is started again.",
        by: "a container that was created and never started is started again under the same number"),
    Rule(
        "Sandboxes", rule: "With `hostUsers: false` a Pod has users of its own, whom the node does not know.",
        by:
            "a Pod is somebody else on the node than in itself, uses its volumes, is probed, and is made anew when that changes",
        "hostUsers: false gives each Pod 65,536 users that nobody else has, kept over the agent's death, given back with the Pod"
    ),
]

let restartRules = [
    Rule(
        "Restarts", 6, rule: "Another image restarts that container whatever the policy; its neighbours go on.",
        by: "rule 6: another image restarts that container alone, whatever the policy",
        "a changed container is stopped with its grace, whatever the policy"),
    Rule(
        "Restarts", 10, rule: "The policy decides what an end means; a container's own counts before the Pod's.",
        by: "rule 10: the restart policy, and a container's own before it, decide what an end means"),
    Rule(
        "Restarts", 10,
        rule:
            "A container's `restartPolicyRules` count before its policy, by exit codes. `RestartAllContainers` is refused.",
        by: "rule 10: a container's restart rules count before its policy, by exit codes",
        "are refused as the API server refuses them", "that would restart the whole Pod are refused by name"),
    Rule(
        "Restarts", 11,
        rule: "A restart keeps address, UID and volumes, and counts one; it has a new container id and log.",
        by: "ps shows one pause per Pod; a container that dies restarts in its Pod, which stays what it is",
        "rule 85: an emptyDir is everybody's, shared, outlives its containers, and is memory where it says so"),
    Rule(
        "Restarts", 12,
        rule: "Restart counts and the back-off survive the agent and the machine; what had ended stays so.",
        by: "rules 12 to 15: the first restart is immediate, the next waits ten seconds, across a killed agent too",
        "a machine that starts again without network brings everything back; what had ended stays so",
        "across a reboot the wall clock counts, and where that was lost, the time since the boot",
        "Pods do not notice the agent's death; the next agent takes over what runs, as it runs"),
    Rule(
        "Restarts", 13,
        rule:
            "The first restart is immediate; then 10, 20, 40 … 300 seconds from the end of the instance before. Who ran for more "
            + "than 600 seconds, and who gets another image or other resources, begins anew.",
        by: "rules 12 to 15: the first restart is immediate, the next waits ten seconds, across a killed agent too",
        "restarts wait 0, 10, 20, 40, 80, 160, 300, 300 seconds from the end of the instance before",
        "a container that ran for more than 600 seconds is forgiven",
        "a container that crashes is started at once when its definition changes",
        "sync --pod forgets what holds a Pod back; sync has a push seen at once"),
    Rule(
        "Restarts", 14, 15,
        rule: "While it is held back a container waits with CrashLoopBackOff, also after a clean end.",
        by: "rules 12 to 15: the first restart is immediate, the next waits ten seconds, across a killed agent too"),
]

let imageRules = [
    Rule(
        "Images", 16,
        rule: "ErrImagePull, ImagePullBackOff, ErrImageNeverPull, InvalidImageName, with the kubelet's events.",
        by: "rule 16: an image that cannot be had is told as the kubelet tells it",
        "an image that no registry gives is named"),
    Rule(
        "Images", 17, rule: "The pull policy follows from the tag; a private image is for those who may pull it.",
        by: "rule 17: an image is always pulled when its tag is latest or none, else when it is not there",
        "a private image is pulled with the Secret that its Pod names, and not without"),
]

let probeRules = [
    Rule(
        "Probes", 18, rule: "Defaults are Kubernetes', and shown.",
        by: "get shows Kubernetes' defaults, describe prints the probe as kubectl does",
        "what is not written is filled in; zero stands for it, too"),
    Rule(
        "Probes", 19, rule: "Before the first try a container is alive and not ready; startup holds the others back.",
        by: "rules 19 and 20: readiness is tried after its delay, from the container's start, and says no until then",
        "a startup probe holds the others back; tcpSocket reaches a named port",
        "rule 19: a failing startup probe restarts the container, however well it is otherwise"),
    Rule(
        "Probes", 20, rule: "The initial delay counts from the container's start; tries come once a period.",
        by: "rules 19 and 20: readiness is tried after its delay, from the container's start, and says no until then",
        "the next try is one period after the last was due, or at once if that has passed"),
    Rule(
        "Probes", 21,
        rule:
            "Thresholds count the same result in a row; a failed liveness or startup probe restarts the container alone.",
        by: "rules 18, 21 and 26: three failures in a row, with the probe's own grace, in the kubelet's words",
        "is restarted alone after three failed probes, again and again, with back-off"),
    Rule(
        "Probes", 22, rule: "While a Pod ends only readiness is tried.",
        by: "rule 22: while a Pod ends readiness is tried and liveness is not"),
    Rule(
        "Probes", 23, rule: "An error is tried three times and counts as nothing.",
        by: "a probe whose command is not in the image errs, which restarts nothing",
        "an error is tried three times at once, told once, and counts as nothing"),
    Rule(
        "Probes", 24, rule: "httpGet: the kubelet's request, its redirects, its verdict on the status.",
        by: "rule 24: a redirect to another host is a success with a warning; one to the same host is followed",
        "the request is the kubelet's: version, agent, accept, host, close, and no more",
        "200 to 299 is a success, the rest but redirects a failure that says its number and nothing of the body",
        "a body longer than 10 KiB is not waited for"),
    Rule(
        "Probes", 25, rule: "tcpSocket, grpc and exec; what takes too long is killed with all that it started.",
        by: "each kind of probe starts, readies and restarts its container",
        "an exec probe that takes too long is killed, with all that it started, and counts as a failure",
        "$(VAR) in a command is the variable's value as written, and not expanded further"),
    Rule(
        "Probes", 26, rule: "Failures are told in the kubelet's words.",
        by: "rules 18, 21 and 26: three failures in a row, with the probe's own grace, in the kubelet's words",
        "events say what the kubelet's say"),
    Rule(
        "Probes", 27, rule: "What probes said survives the agent, by the container's id.",
        by: "readiness drives READY and the conditions, and restarts nothing",
        "a ready container stays ready, and is tried a fraction of one period later"),
]

let initRules = [
    Rule(
        "Init containers", 28, 29,
        rule:
            "They run one at a time, each to exit 0, before any container; one that fails is restarted, or fails the Pod.",
        by:
            "rules 28 and 29: one that fails is told, held back, and holds up the rest, or fails the Pod that never restarts",
        "run in turn; the sidecar stays, counts in READY, and ends last"),
    Rule(
        "Init containers", 9, 30,
        rule:
            "Sidecars start before what follows, count in READY, start again whatever the policy, and keep no finished Pod alive.",
        by:
            "rules 9 and 30: sidecars start before what follows, start again whatever the policy, and keep no finished Pod alive",
        "one that ends may not be probed"),
    Rule(
        "Init containers", 31,
        rule: "Containers end first, then sidecars from the last to the first, within one grace period.",
        by: "rule 31: containers end first, then sidecars from the last to the first, within one grace period",
        "a finished Pod's sidecars end in turn within it, and all that are left at its end"),
    Rule(
        "Init containers", 28, 32, rule: "A lost record of one that ended does not run it again.",
        by: "once a container has started, those before it are not looked at: their records may be lost"),
]

let endRules = [
    Rule(
        "Ends", 33,
        rule: "preStop runs within the grace; two seconds at least are left for the signal, then comes the kill.",
        by: "rule 33: a hook before the end counts within the grace period, and what is left is for the signal",
        "a deleted Pod's containers get what is left of the grace, and never less than two seconds"),
    Rule(
        "Ends", 34, 35,
        rule:
            "Hooks by exec, HTTP and sleep; what a failing one wrote is never told; preStop only where the agent ends a container.",
        by:
            "rules 34 and 35: hooks by HTTP, sleep and exec; one that fails tells nothing of what it wrote, and no stop waits for it",
        "rule 34: preStop does not run when the process ends by itself",
        "a stop ends a postStart that goes on for ever"),
    Rule(
        "Ends", 36,
        rule: "The manifest's stop signal counts before the image's; a stop that is repeated never signals twice.",
        by: "the manifest's stop signal comes before the image's, and the time of a hook is taken off the grace",
        "a stop sends its signal once, and kills when the grace is over"),
    Rule(
        "Ends", 37,
        rule: "Containers, sandbox, then the rest; nothing is left, and a deleted Pod is never started again.",
        by: "a deleted Pod is cleared in order, and is never started again",
        "leaves nothing behind when it is removed, and neither does its node"),
    Rule(
        "Ends", 38, rule: "A Pod that is active for longer than it may has failed: DeadlineExceeded.",
        by: "a Pod that is active for too long has failed"),
    Rule(
        "Ends", 39,
        rule:
            "A node that is shut down with `--drain` stops its Pods with their grace, those of lower priority first. Where the "
            + "kubelet fails them for good, the next agent starts them again, unless they must not run twice: nobody else would.",
        by: "stops the Pods when it is told to stop; the next agent starts them again",
        "has work begun again that the stop cut short, and fails what must not be done twice",
        "ends the Pods that count least first"),
]
