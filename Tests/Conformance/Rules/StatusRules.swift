/// Phases, conditions, states, and the words they are told in.
let statusRules = [
    Rule(
        "Status", 40, rule: "Phases follow from the containers; the last is sticky.",
        by: "rules 40, 42, 44, 45 and 52: how a Pod ends, in phases, conditions, reasons and the words of get pods",
        "rule 40: a Pod that has ended never runs again, whatever happens to the agent",
        "rule 40: what ended while no agent was there has ended; it runs again, as another Pod, when its manifest changes",
        "a Pod that ended while no agent was there is as ended as one that is written down; one that starts again is not",
        "a Pod that had ended in time has not failed, though nobody looked before its time was over"),
    Rule(
        "Status", 41, rule: "Sidecars that have not started hold a Pod in Pending until it was initialised once.",
        by:
            "rules 9 and 30: sidecars start before what follows, start again whatever the policy, and keep no finished Pod alive"
    ),
    Rule(
        "Status", 42, 43, rule: "Conditions say what is missing, and since when.",
        by: "rules 40, 42, 44, 45 and 52: how a Pod ends, in phases, conditions, reasons and the words of get pods",
        "rules 28 and 29: one that fails is told, held back, and holds up the rest, or fails the Pod that never restarts",
        "rules 43 and 49: a container shows its present instance and the one before, no more"),
    Rule("Status", 42, rule: "`readinessGates`.", later: "refused by name: nothing could set them"),
    Rule(
        "Status", 44, rule: "Why a container waits, in one word and a sentence.",
        by: "rules 44 and 75: what a container is made from and is missing is told, and mends itself when it comes",
        "rule 16: an image that cannot be had is told as the kubelet tells it",
        "what keeps a container from being born is told by its path"),
    Rule(
        "Status", 45,
        rule: "How a container ended: Completed, Error, StartError, ContainerStatusUnknown; 128 and the signal.",
        by: "rules 40, 42, 44, 45 and 52: how a Pod ends, in phases, conditions, reasons and the words of get pods",
        "a killed supervisor: the ends are unknown, everything is cleared and built anew"),
    Rule(
        "Status", 46, 47, rule: "Killed for memory is OOMKilled, 137, also when a child was the victim.",
        by: "limits are those of the kernel, more memory is OOMKilled, and describe shows them",
        "more memory than its limit is OOMKilled with code 137, also when a child of its is the victim",
        "an exec that exceeds the memory is killed: on cgroup v2 its container with it, on v1 alone"),
    Rule(
        "Status", 48, rule: "Termination messages: from the file, or from the log; 4096 bytes, 12 KiB for a Pod.",
        by: "rule 48: last words: from any user's file, at any path, or the end of the log of what failed",
        "are there as soon as the end is seen, before it is written down",
        "are cut to 4096 bytes, and to 12 KiB for all containers of a Pod"),
    Rule(
        "Status", 49, rule: "The newest instance is the state, the one before the last state.",
        by: "rules 43 and 49: a container shows its present instance and the one before, no more"),
]

let wordRules = [
    Rule(
        "Words", 50, 51, rule: "The columns of `get pods`, READY and RESTARTS.",
        by: "rules 50 to 53: columns, READY and RESTARTS, with sidecars and ages",
        "name, ready, status, restarts, age, three spaces apart"),
    Rule(
        "Words", 52, rule: "STATUS.",
        by: "rules 40, 42, 44, 45 and 52: how a Pod ends, in phases, conditions, reasons and the words of get pods",
        "a Pod one of whose containers is done reads NotReady, or the error of the other",
        "a Pod asked to end reads Terminating, unless it had finished before"),
    Rule("Words", 53, rule: "AGE.", by: "seconds become words"),
    Rule(
        "Words", 54, 57, rule: "A Pod's life, told in order by `get --watch` and by events with the kubelet's reasons.",
        by: "rules 54 and 57: a Pod's life, told in order by watch and events",
        "get --watch prints a line for each change, from Pending to Running to gone, in kubectl's words",
        "what is about to be done", "what was done", "what failed"),
    Rule(
        "Words", 55, 56, rule: "logs and exec choose a container, and say what there is not, as kubectl does.",
        by: "rules 55 and 56: logs choose a container, and say what there is not, as kubectl does",
        "logs and exec say which container they chose, as kubectl says it, and -c chooses another",
        "a container that cannot start says why in the kubelet's words; a completed Pod takes no exec"),
]
