/// One target under `Sources/`: which of our targets it may import, and what from outside.
struct Room: Sendable, CustomStringConvertible {
    let name: String
    let ours: Set<String>
    let foreign: Set<String>

    init(_ name: String, ours: Set<String> = [], foreign: Set<String> = []) {
        self.name = name
        self.ours = ours
        self.foreign = foreign
    }

    var description: String { name }
}

/// The house: every room, and the only imports it may have.
///
/// A room may be missing from `Sources/` as long as nobody has built it; a folder that is missing here fails the tests.
/// Foundation is let in where a library or a format needs it, never where things are decided.
let rooms: [Room] = [
    // What the house stands on: C and system libraries.
    Room("CLinux"),
    Room("CBirth", ours: ["CLinux"]),
    Room("CLibGit2"),
    Room("CLibYAML"),
    Room("CLibArchive"),
    Room("CLibSeccomp"),
    Room("CLibZ"),
    Room("Linux", ours: ["CLinux"], foreign: ["Dispatch", "Glibc", "Synchronization"]),

    // What is known and decided: values only.
    Room("Manifests", ours: ["CLibYAML"]),
    Room("PodModel", ours: ["Manifests"]),
    Room("Reconciler", ours: ["PodModel", "Manifests"], foreign: ["Crypto", "Logging", "Synchronization"]),
    Room("Tables", ours: ["PodModel", "Manifests"]),

    // What is done: effects at the edge.
    Room("GitSource", ours: ["Manifests", "Linux", "CLibGit2"], foreign: ["Glibc", "Crypto", "FoundationEssentials"]),
    Room(
        "ImageStore", ours: ["Linux", "CLibArchive"],
        foreign: [
            "Glibc", "FoundationEssentials", "Crypto", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL",
            "Synchronization",
        ]),
    Room("PodNetwork", ours: ["Linux", "CLinux"], foreign: ["Glibc"]),
    Room("Seccomp", ours: ["Linux", "CLibSeccomp"], foreign: ["FoundationEssentials", "Glibc", "Synchronization"]),
    Room("Cgroups", ours: ["Linux", "CLinux"], foreign: ["Glibc"]),
    Room(
        "Probes", ours: ["PodModel", "Linux"],
        foreign: ["NIOCore", "NIOHPACK", "NIOHTTP2", "NIOPosix", "NIOSSL", "Synchronization"]),
    Room(
        "Journal", ours: ["PodModel"],
        foreign: ["Crypto", "Dispatch", "Foundation", "GRDB", "Logging", "Synchronization"]),
    Room(
        "NodeRuntime",
        ours: [
            "PodModel", "Manifests", "Linux", "ImageStore", "PodNetwork", "Cgroups", "Probes", "Seccomp",
            "SupervisorCore", "CLibZ",
        ],
        foreign: ["Dispatch", "FoundationEssentials", "Glibc", "Logging", "Synchronization"]),

    // What runs inside and beside each Pod: tiny, static, without Foundation.
    Room("SupervisorCore"),
    Room("pod-supervisor", ours: ["CLinux", "CBirth"]),
    Room("CPause"),
    Room("pause", ours: ["CPause"]),

    // Where everything is wired together.
    Room(
        "reconcile-agent",
        ours: [
            "Linux", "CLinux", "Manifests", "PodModel", "Reconciler", "Tables", "GitSource", "ImageStore", "PodNetwork",
            "Cgroups", "Journal", "NodeRuntime", "SupervisorCore",
        ],
        foreign: ["ArgumentParser", "Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
]
