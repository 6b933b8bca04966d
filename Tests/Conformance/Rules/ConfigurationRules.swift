/// What a container is told and given, and what a manifest may say.
let environmentRules = [
    Rule(
        "Environment and commands", 74, 75, 76,
        rule: "$(VAR), order and precedence of variables, command and arguments.",
        by: "rules 74 to 76: $(VAR), order and precedence of variables, command and arguments",
        "rule 76: a command drops the image's own arguments; arguments alone replace them",
        "rules 44 and 75: what a container is made from and is missing is told, and mends itself when it comes"),
    Rule(
        "Environment and commands", 77, rule: "A container is told of its Pod, its node and its resources.",
        by: "rule 77: a container is told of its Pod, its node and its resources"),
    Rule(
        "Environment and commands", 78, rule: "HOSTNAME is the runtime's; it is the node's in the node's network.",
        by: "rules 74 to 76: $(VAR), order and precedence of variables, command and arguments",
        "rules 79 to 81: a Pod in the node's network has the node's name and the node's files"),
    Rule("Environment and commands", 78, rule: "Variables of Services.", later: "with Services"),
]

let nameRules = [
    Rule(
        "Names", 79, 80, rule: "Host name and hosts file.",
        by: "rules 79 and 80: host name and hosts file are the kubelet's, unless the container brings its own",
        "rules 79 to 81: a Pod in the node's network has the node's name and the node's files",
        "host name, hosts file, resolver and namespace are what the manifest says"),
    Rule(
        "Names", 81, rule: "The resolver's file, within what resolvers read.",
        by: "rules 81 and 83: the resolver follows the policy, and the namespace can be read from its file",
        "what resolvers do not read is cut, and said: 3 nameservers, 32 domains, 2048 characters"),
    Rule("Names", 82, rule: "Names of Services.", later: "with Services"),
    Rule(
        "Names", 83, rule: "The namespace can be read from its file, unless the manifest wants none of it.",
        by: "rules 81 and 83: the resolver follows the policy, and the namespace can be read from its file"),
]

let portRules = [
    Rule(
        "Ports", rule: "A hostPort leads to its Pod, TCP and UDP apart, from wherever the node is reached.",
        by: "a hostPort is reached from the world, the node, its loopback and Pods, the Pod included",
        "a published port is reached from the world, the node, its loopback, and Pods, the Pod itself included",
        "TCP and UDP of one number are apart, and a port of one address is one of no other",
        "a client of UDP that goes on sending reaches the new Pod, and not the one that is gone",
        "lead there as long as the Pod lives, whether or not an agent does, and to nobody afterwards"),
    Rule(
        "Ports", rule: "Two Pods do not share a hostPort: the second waits, in the scheduler's words.",
        by: "of two Pods with one hostPort the second is Pending, and starts when the first is gone",
        "of two Pods with one hostPort the second waits in the scheduler's words until the first is gone",
        "ports of different addresses or transports do not exclude each other; one of every address excludes all",
        "a Pod that is replaced hands its hostPort to its successor; hostNetwork needs none, and is given its own"),
    Rule(
        "Ports", rule: "Pods reach the world in the node's name.",
        by: "Pods reach the world in the node's name, and the node passes them on",
        "what Pods send beyond the node goes in its name, unless that is not wanted"),
    Rule(
        "Ports", rule: "What is not the Pod's to publish is refused: low ports, ports in use, the node's loopback.",
        by: "a hostPort below 1024 needs the node's policy; what is wrong with one is said with its place",
        "ports of the node from 1024 on are everybody's; those below need a rule, but not in the node's own network",
        "a port that a program of the node waits at is not taken from it: the Pod waits, and says why",
        "no Pod reaches the node's loopback by sending there, and none passes for it"),
    Rule(
        "Ports", rule: "What others change of the packet filter is mended at once.",
        by: "a filter that others flush is written anew at once",
        "a bridge that was made anew lets the node's loopback reach Pods again",
        "connections of others go on while ports come and go, and while the table is written anew"),
]

let volumeRules = [
    Rule(
        "Volumes", 84, rule: "Files of objects: modes, items, one change for all of them, Secrets in memory.",
        by:
            "rule 84: files of objects: modes, items, links through ..data, Secrets in memory, and live change all at once",
        "rules 3 and 84: a key that is missing and is not optional keeps the Pod waiting"),
    Rule(
        "Volumes", 85, rule: "An emptyDir lives as long as the Pod, and is memory where it says so.",
        by: "rule 85: an emptyDir is everybody's, shared, outlives its containers, and is memory where it says so",
        "a shared emptyDir carries logs to the sidecar, survives a restart, and goes with the Pod"),
    Rule(
        "Volumes", 86, rule: "Paths of the node are checked for what they are to be; some are made.",
        by: "rule 86: paths of the node: each type is checked, some are made, and the complaint is the kubelet's",
        "a path of the node is refused until it is allowed"),
    Rule(
        "Volumes", 87, rule: "`fsGroup` gives volumes to a group that the Pod's processes are in.",
        by: "fsGroup: its processes are in the group, of execs too, and every volume of its own belongs to it",
        "fsGroupChangePolicy OnRootMismatch leaves a claim alone that looks right, and gives away one that does not",
        "all below it gets the group and what the group needs; directories hand the group on"),
    Rule(
        "Volumes", 88, 89, rule: "Parts of volumes lead nowhere else; read-only is read-only.",
        by:
            "rules 88 and 89: parts of volumes lead nowhere else, are made where they are missing, and are read-only where they say so",
        "a directory that is swapped for a link while it is mounted never leads out of its volume",
        "what a mount says of reading, of later mounts and of its part"),
    Rule(
        "Volumes", 90, rule: "Images as volumes: pulled as others are, read-only, without programs.",
        by:
            "rule 90: an image as a volume: its files, which nobody writes or runs; whoever does not mount it waits for nothing",
        "rule 90: the image of a volume comes from its registry, by its policy, and the events say so of the Pod",
        "its layers lie on each other, and nobody writes to it or runs what is in it",
        "to a Pod with users of its own its files are root's"),
]

let manifestRules = [
    Rule("Manifests", 91, rule: "A plain directory as the source.", later: "with the directory source"),
    Rule(
        "Manifests", 92, 93,
        rule: "What Kubernetes refuses is refused before anything is done, with file, line and column.",
        by: "rules 92 and 93: a mistake is refused before anything is done, with its file, line and column",
        "a Pod with every field of Kubernetes: each is known, and refused by name unless supported",
        "each field of Kubernetes v1.36 by name"),
]
