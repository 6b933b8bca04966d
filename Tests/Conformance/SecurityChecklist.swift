/// What keeps a container in, item by item, and the tests that hold it: asked of programs inside containers wherever that can
/// be asked, of those that a container began with and of those that exec brought.
struct SecurityItem: Sendable {
    /// From 1; the numbers never change.
    let number: Int
    let sentence: String
    /// Titles of tests; at least one.
    let tests: [String]

    init(_ number: Int, _ sentence: String, _ tests: String...) {
        self.number = number
        self.sentence = sentence
        self.tests = tests
    }
}

let securityChecklist: [SecurityItem] = defaultPosture + processStart + fileSystems + exhaustion

private let defaultPosture = [
    SecurityItem(
        1, "Root has eleven capabilities, in its bounding set too; other users have none.",
        "it holds the eleven capabilities, none to pass on, and is filtered",
        "another user holds nothing, with and without no_new_privs", "a capability that is added is held"),
    SecurityItem(
        2, "Inheritable and ambient sets are empty; names of capabilities that do not exist are refused.",
        "it holds the eleven capabilities, none to pass on, and is filtered",
        "what Kubernetes refuses is refused in its words"),
    SecurityItem(
        3, "What is dropped is gone for good; groups are set always, to none too.",
        "root without any capability gains none by its exec",
        "another user holds nothing, with and without no_new_privs",
        "the image's groups are left out where the manifest says so"),
    SecurityItem(
        4, "no_new_privs exactly where allowPrivilegeEscalation is false, for execs too.",
        "no process gains rights when the manifest forbids it, neither the container's nor an exec's",
        "a set-user-ID program gains rights only where new privileges are allowed"),
    SecurityItem(
        5, "What of /proc and /sys tells or does too much is hidden or read-only.",
        "the kernel's sensitive paths are hidden, /proc/sys and /sys are read-only, and /dev is its own",
        "what would lead out of it fails, for root too",
        "procMount Unmasked hides nothing of /proc in a Pod with users of its own"),
    SecurityItem(
        6, "What hides is the real null device, and an exec's null device too.",
        "a /dev/null that the container replaced is not used for an exec's streams",
        "a link at the place of /proc, /dev or /sys is refused, and nothing behind it is touched"),
    SecurityItem(
        7, "Terminals are of the container's own devpts; no link in an image's /dev is followed.",
        "an exec with a terminal gets the container's own devpts; the master goes to the client",
        "a container with a terminal has it for its streams, as controlling terminal and as console, whoever it runs as",
        "links and files that an image has at the place of the console and of terminals are neither used nor touched",
        "a volume at /dev leads no console anywhere, and no other terminals are taken",
        "a terminal of its own belongs to whom it runs as, and is its console",
        "a link at the place of /proc, /dev or /sys is refused, and nothing behind it is touched"),
    SecurityItem(
        8, "What is written below /proc is written while the node's own is in sight, and is the Pod's.",
        "kernel parameters are set in the Pod's own namespaces; one that cannot be is told",
        "a Pod in the node's network has the node's address, name and ports, and changes none of its settings"),
    SecurityItem(
        9, "Devices are its own few, whatever nodes it has or makes.",
        "are null, zero and their kin, whatever nodes it has or makes; execs are held to the same",
        "it may make any node, if it has the capability, and opens none but its own by it; execs too",
        "a privileged container has the node's"),
    SecurityItem(
        10, "The kernel's file systems are mounted as narrowly as they can be.",
        "the kernel's file systems are mounted as narrowly as they can be"),
    SecurityItem(
        11, "System calls are filtered by default, of other instruction sets too.",
        "sockets of the kernel's cryptography and of the hypervisor cannot be made; all others can",
        "it holds the eleven capabilities, none to pass on, and is filtered",
        "what would lead out of it fails, for root too", "what breaks out of containers fails with EPERM",
        "namespaces are not made by clone, and clone3, whose flags no filter sees, is not there",
        "programs of another instruction set are not a way around it",
        "without a filter the capabilities alone keep it in"),
    SecurityItem(
        12, "Low ports and ping need no capability in a Pod's own network.",
        "low ports and ping need no capability in a Pod's own network"),
    SecurityItem(
        13, "A session and a keyring of its own, umask 0022, no core files, no variable of the agent's.",
        "it inherits nothing: descriptors, signals, umask, keyring; it dies with its supervisor",
        "each process has a session keyring of its own", "what nobody says has the runtime's defaults"),
]

private let processStart = [
    SecurityItem(
        14, "No descriptor of the node's reaches it, by whatever name; its working directory lies inside.",
        "it inherits nothing: descriptors, signals, umask, keyring; it dies with its supervisor",
        "no descriptor of the supervisor's or the agent's reaches it",
        "no command reaches the node's files through a descriptor that a birth holds",
        "no working directory is made on the node"),
    SecurityItem(
        15, "The supervisor's program cannot be changed from inside.",
        "the supervisor's own program cannot be changed through /proc/PID/exe"),
    SecurityItem(
        16, "An exec joins its container by a descriptor of the process, never by its number.",
        "no exec joins another process that has got the number of a container's",
        "an exec holds no more than the container does"),
    SecurityItem(
        17, "Users and groups beyond 2^31-1 are refused, and no number overflows; who must not be root is not.",
        "a user that cannot be told is refused, never taken for root",
        "no number of a user's or group's overflows into another's",
        "who must not run as root does not, in the kubelet's words",
        "who turns out to be root where nobody may be is not started, by whatever name"),
    SecurityItem(
        18, "The image's accounts are read bounded, inside the image.",
        "an /etc/passwd that is endless, no file, of nonsense, or leads out of the image costs no time and names nobody",
        "more groups than a process needs are refused, not cut short"),
    SecurityItem(
        19, "What a manifest says is one word of a file, never another line.",
        "a line feed, a blank or a tab in it is refused where it stands",
        "log lines, mounts, resolvers and subordinate users"),
    SecurityItem(
        20, "Kernel parameters are of the Pod's namespaces, on a list, and one line.",
        "namespaces and kernel parameters are held to each other",
        "a line feed, a blank or a tab in it is refused where it stands"),
]

private let fileSystems = [
    SecurityItem(
        21, "Paths into a root or a volume are resolved inside it; what was opened is what is mounted.",
        "a missing working directory is made; a link in the image cannot lead a mount out of the root",
        "a mount point at the end of a dangling link is made inside the root",
        "a part of a volume is found within it, whatever links say"),
    SecurityItem(
        22, "A part of a volume stays inside it, also when it is swapped while it is mounted.",
        "a directory that is swapped for a link while it is mounted never leads out of its volume",
        "a part of a volume is found within it, whatever links say",
        "a link on the way to what another namespace is allowed, put there since, is not followed"),
    SecurityItem(
        23, "Files of volumes are written, and given to a group, without following a link.",
        "nothing that was planted leads out of the volume",
        "links are given away themselves, never what they lead to; names that are no text are no other",
        "a directory that is swapped for a link meanwhile leads the walk nowhere"),
    SecurityItem(
        24, "Layers are unpacked inside their own directory, within limits.",
        "nothing of it is kept and nothing outside is touched",
        "what was made of links replaces them, and reaches nothing they lead to",
        "whiteouts through a link hide nothing, and reach nothing outside",
        "a small layer that grows without end is stopped by the ratio",
        "device nodes are left out, and so is an attribute that would speak to overlayfs"),
    SecurityItem(
        25, "Every blob is what its digest and size say; a document is one thing.",
        "what is not what its digest or size promises is refused, and nothing of it stays",
        "its first files are there before its last bytes are sent, and nobody sees them before all is verified",
        "a document that is index and manifest at once is refused"),
    SecurityItem(
        26, "State, run directory and sockets are root's alone.",
        "a state directory that others may only read is closed to them",
        "one that others may write to is closed while it is empty, and refused once it holds anything",
        "the supervisor's socket is for root alone"),
    SecurityItem(
        27, "/proc is mounted on a real directory, and mount points are made inside the root.",
        "a link at the place of /proc, /dev or /sys is refused, and nothing behind it is touched",
        "a mount point at the end of a dangling link is made inside the root"),
    SecurityItem(
        28, "Logs lie where validated names say, and are read without following a link.",
        "a link in the place of a log or of a directory leads nowhere; what is no file keeps nobody waiting",
        "a name that would be a path is refused"),
    SecurityItem(
        29, "What of the node Pods may have is the administrator's word, by default nothing.",
        "without a rule everything else is refused, each by its field",
        "one rule that allows it is enough, for its namespaces and no other",
        "paths of the node are refused unless they are allowed"),
]

private let exhaustion = [
    SecurityItem(
        30, "What execs and clients send or leave unread is bounded.",
        "is kept from its beginning up to a limit; the rest is read, so that the writer goes on, and dropped",
        "numbers beyond all reason are refused or bounded; the Pod lives on",
        "execs that nobody acknowledges go with the client that asked for them",
        "who does not read holds up neither the container nor its log nor the others, and is told what is missing",
        "no more than sixteen are attached to a container; the next gets a place when one goes, and none leaves anything",
        "nonsense on the socket ends that connection alone"),
    SecurityItem(
        31, "Logs are bounded; a full disk stops nobody.",
        "a log is rotated by size: every line once, in order, no file too large, no file too many",
        "a full disk neither blocks nor ends the container; how many lines are missing is written once there is room"),
    SecurityItem(
        32, "Processes, and memory of file systems, are bounded.", "a Pod has a finite number of processes",
        "a fork bomb stops at the Pod's number of processes",
        "a shared emptyDir carries logs to the sidecar, survives a restart, and goes with the Pod"),
    SecurityItem(
        33, "No name leads out of the control groups.",
        "a name that could leave its parent or be a control file is refused",
        "a parent that is absolute, empty or climbs is refused"),
    SecurityItem(
        34, "A Pod may have 65,536 users of its own, of whom the node knows none.",
        "hostUsers: false gives each Pod 65,536 users that nobody else has, kept over the agent's death, given back with the Pod",
        "its root is nobody's on the node, and has its capabilities over its own alone",
        "another user than its root holds nothing", "who may mount in it cannot uncover what is hidden",
        "its files are its users', and what it writes belongs on the node to nobody; volumes keep their owners",
        "each Pod has a range of 65,536 at a multiple of it, never the node's own, never another's, and keeps it"),
    SecurityItem(
        35, "No text and no bytes break a reader.", "random bytes", "random YAML-like text",
        "a manifest with a byte changed", "any amount in any notation is read back as what it was",
        "log lines, mounts, resolvers and subordinate users", "random bytes in the place of netlink messages",
        "a netlink message with a byte changed, or cut short"),
]
