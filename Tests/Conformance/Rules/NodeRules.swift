/// What the node gives and takes: resources, room, logs.
let resourceRules = [
    Rule(
        "Resources", 58, rule: "Quantities are exact; processor time counts in thousandths, rounded up.",
        by: "processor time counts in thousandths and memory in bytes, rounded up",
        "what is not limited otherwise is requested as it is limited, and not counted as written"),
    Rule(
        "Resources", 59, rule: "The quality of service follows from requests and limits.",
        by: "follows from what its containers ask for"),
    Rule(
        "Resources", 60, 63,
        rule:
            "The Pod's own limits and shares are those of all its containers together; its tier weighs what it requests.",
        by: "the Pod is bounded only where every container is; its shares are those of all requests together",
        "Pods live in the tier of their quality of service, and Burstable ones weigh what they request together"),
    Rule(
        "Resources", 61, rule: "Shares, weights and quotas.",
        by: "shares follow the request, and weights follow shares as crun and runc bend them",
        "a quota is the limit's part of 100 ms, and the kernel's 1000 µs at least",
        "a busy loop gets its quota and no more"),
    Rule(
        "Resources", 62, rule: "A memory limit is the kernel's.", by: "what is asked for stands in the control files",
        "limits are those of the kernel, more memory is OOMKilled, and describe shows them"),
    Rule(
        "Resources", 64, rule: "Who dies first when memory runs out follows from the quality of service.",
        by: "the kernel's choice when memory runs out follows the manifest, or the history says that it cannot"),
    Rule(
        "Resources", 65,
        rule:
            "What does not fit the node stays Pending, in the scheduler's words, until there is room; what runs stays.",
        by:
            "scenario 12: what the node has no room for stays Pending in the scheduler's words, and starts when there is",
        "one pass says what waits, and so does the look before it; what runs stays as it was",
        "who does not fit waits in the scheduler's words",
        "a change that does not fit is put off in the kubelet's words",
        "nothing is done for it, its images are not pulled",
        "who replaces a Pod has its place, before all who wait, whatever their priority and their age"),
    Rule(
        "Resources", 65,
        rule: "Allocatable is what the machine has, without what is reserved and what hard eviction is to leave.",
        by: "what eviction is to leave may not be requested either, by the thresholds in force",
        "what there is of the node, and what Pods request of that, those aside that wait or have ended"),
    Rule(
        "Resources", 66, rule: "Cpu and memory of a running container change without a restart.",
        by: "cpu and memory of a running container change without a restart",
        "less memory than it uses is refused in words; the container goes on as it was"),
]

let collectionRules = [
    Rule(
        "Eviction and garbage", 67,
        rule: "Pods are evicted when the node runs short, what nobody needs goes first, and the critical never go.",
        by:
            "a node that is short of memory has the Pod make way that counts least, tells its condition, and spares the critical",
        "before Pods make way for a disk, images that nobody needs are given up; who keeps nothing on it stays",
        "who takes more than was asked for, before who counts less", "who counts less, before who takes more",
        "who takes most beyond the request, not who takes most",
        "the kubelet's words about a node that is short of memory",
        "are read in the kubelet's syntax"),
    Rule(
        "Eviction and garbage", 67,
        rule: "A node that runs short takes on only Pods that the kubelet would; the others wait until that is over.",
        by: "a node that runs short takes no Pod on until that is over, and says so; who has the node keeps it",
        "short of memory, a node takes on nobody who said nothing of what it needs, but who tolerates that, and critical Pods",
        "short of disk, a node takes on critical Pods only; a toleration changes the words alone"),
    Rule(
        "Eviction and garbage", 67,
        rule: "A Pod that keeps more on the disk than its limits allow is evicted.",
        by: "a volume on disk over its limit ends the Pod for good, in the kubelet's words, until Git changes it",
        "containers over their limits, together and alone"),
    Rule(
        "Eviction and garbage", 68,
        rule: "Images that nobody needs go when the disk is full, the longest unused first.",
        by: "those that nobody has needed for the longest time; never one that is needed, or new",
        "before Pods make way for a disk, images that nobody needs are given up; who keeps nothing on it stays"),
    Rule(
        "Eviction and garbage", 69,
        rule: "Of dead instances the newest is kept; logs of Pods that are gone go in their time.",
        by: "logs are rotated, and only the last attempts' are kept",
        "stay for their time, then go; what nobody entered stays for ever",
        "is kept for a week, told with its end, and removed after that: by a start, by the hour, and by down"),
]

let logRules = [
    Rule(
        "Logs", 70, rule: "Logs lie where collectors look for them.",
        by: "a Pod's logs are where collectors look for them",
        "each instance's log has a flat link, cut as the kubelet's; only ours go, once they lead nowhere"),
    Rule(
        "Logs", 71, rule: "The CRI format: time, stream, tag, text; long lines in pieces.",
        by: "a line becomes timestamp, stream, F and text",
        "a line longer than 16 KiB is cut into pieces, the last tagged F",
        "ten thousand lines on both streams arrive whole and in order"),
    Rule(
        "Logs", 72, rule: "Rotation by size, without a line lost or doubled; readers go on across it.",
        by: "a log is rotated by size: every line once, in order, no file too large, no file too many",
        "following loses and doubles nothing, however often the log is rotated between two looks",
        "all but the newest rotated file are packed; readers read on, and no file is counted twice"),
    Rule(
        "Logs", 73, rule: "--previous, --timestamps, --since, --tail and -f.",
        by: "--tail, --since, --since-time, --timestamps, --prefix and --all-containers choose as kubectl does",
        "-f goes on with what is written, and ends when the container has ended for good"),
]

let streamRules = [
    Rule(
        "Standard streams", rule: "`stdin` stays open and empty until somebody attaches, over many sessions.",
        by: "stdin is open and empty until somebody attaches, and over many who do; attach ends with its own input",
        "an open standard input is empty until somebody attaches, and stays open when that one goes",
        "who attaches gets the answer to what he writes, however much the logger has to read before it hears of him",
        "a container without an open input reads the end at once, and whoever attaches gets none"),
    Rule(
        "Standard streams", rule: "`stdinOnce` ends with the first session, once an instance.",
        by: "stdinOnce: the container reads the end of what the first brought, once an instance; a restart begins anew",
        "an input for once ends with the first who had it, however that one ended, and nobody gets it again"),
    Rule(
        "Standard streams", rule: "`tty`: a terminal of the container's own, its log one stream.",
        by: "tty: the container has a terminal with TERM=xterm, of its own, and its log is that of one stream",
        "a container with a terminal has it for its streams, as controlling terminal and as console, whoever it runs as",
        "the carriage return with which a terminal ends a line is none of its text, however it comes; others are"),
    Rule(
        "Standard streams",
        rule: "`attach`: live output of both streams, for several at once, none of whom is waited for.",
        by:
            "attach shows both streams live from then on to all who are attached, without an agent too, until the container ends",
        "who does not read holds up neither the container nor its log nor the others, and is told what is missing",
        "who is attached does not notice the agent's death; a change of stdin, stdinOnce or tty replaces the Pod"),
    Rule(
        "Standard streams", rule: "`attach -it`: keys, sizes and signals; kubectl's words, codes and keys that detach.",
        by: "attach -it passes keys and the size of the terminal through, and the program's end is the session's",
        "a terminal that is passed through is put back as it was when a signal ends attach, and the container runs on",
        "attach says what is wrong in kubectl's words, and goes on where kubectl does",
        "nothing is held back but what may be them, and what comes after them is dropped"),
]
