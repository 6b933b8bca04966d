import Manifests

/// What is remembered of one container of a Pod across its restarts.
public struct ContainerRecord: Hashable, Sendable, Codable {
    /// The newest instance; written before its process is born.
    public var id: ContainerID?
    /// The newest instance's number, from 0: equals the restart count and names the log file.
    public var attempt: Int
    /// The image as the newest instance resolved it, for example `docker.io/library/nginx:1.14`.
    public var image: String?
    /// The digest of that image.
    public var imageID: String?
    /// The digests of the images that the newest instance mounts, by volume; nil where it mounts none.
    public var volumeImages: [String: String]?
    /// When the newest instance's process was born; nil while it never was ("created": started again, same attempt).
    public var startedAt: WallTime?
    /// How the newest instance (`id`) ended; nil while it runs or its end is not committed yet.
    public var lastExit: ContainerExit?
    /// How the instance before the newest ended.
    public var previousExit: ContainerExit?
    /// Why the newest attempt to start is held up; cleared by the next start.
    public var waiting: WaitingReason?
    /// The crash back-off as the newest start left it; nil until the first restart.
    public var backoff: Backoff?
    /// The container as its author wrote it when the newest instance was started, and what was applied to it since; nil
    /// when nobody noted it: such an instance is taken for what its Pod says.
    ///
    /// The fields themselves, not a digest of them: which of them matter is decided by the code that compares, so that an
    /// upgrade restarts nothing.
    public var definition: JSONValue?
    /// Of what the newest instance's variables were taken from (`SourceDigests`); nil when they were taken from nothing.
    public var environment: Digest?
    /// What the probes of an instance say; nil as long as they say nothing else than at its start.
    public var probes: ProbeStanding?
    /// The sandbox that the newest instance was made in; nil of one that an older release made.
    public var sandbox: SandboxID?
    /// What came of the `postStart` hook; nil while it is not over, or there is none.
    public var postStart: PostStartHook?

    /// A container's record.
    public init(
        id: ContainerID? = nil, attempt: Int = 0, image: String? = nil, imageID: String? = nil,
        startedAt: WallTime? = nil, lastExit: ContainerExit? = nil, previousExit: ContainerExit? = nil,
        waiting: WaitingReason? = nil, backoff: Backoff? = nil, definition: JSONValue? = nil,
        environment: Digest? = nil, probes: ProbeStanding? = nil, sandbox: SandboxID? = nil,
        postStart: PostStartHook? = nil, volumeImages: [String: String]? = nil
    ) {
        self.id = id
        self.attempt = attempt
        self.image = image
        self.imageID = imageID
        self.startedAt = startedAt
        self.lastExit = lastExit
        self.previousExit = previousExit
        self.waiting = waiting
        self.backoff = backoff
        self.definition = definition
        self.environment = environment
        self.probes = probes
        self.sandbox = sandbox
        self.postStart = postStart
        self.volumeImages = volumeImages
    }

    /// Notes when an instance was born, if nobody noted it and it is still the newest.
    public mutating func noteStart(of id: ContainerID, at start: WallTime) {
        if self.id == id { startedAt = startedAt ?? start }
    }

    /// Notes how an instance ended, if it is still the newest.
    public mutating func noteEnd(_ exit: ContainerExit) {
        guard id == exit.id else { return }
        lastExit = exit
        startedAt = startedAt ?? exit.startedAt
    }

    /// Notes what the probes of an instance say, if it is still the newest and has not ended.
    public mutating func note(_ verdict: ProbeVerdict, _ record: ProbeRecord, at now: WallTime) {
        guard id == record.id, lastExit == nil else { return }
        let before = probes.flatMap { $0.record.id == record.id ? $0 : nil }
        let isChange = (before?.verdict.isReady ?? false) != verdict.isReady
        probes = ProbeStanding(
            verdict: verdict, readinessSince: isChange ? now : before?.readinessSince ?? startedAt ?? now,
            record: record)
    }

    /// Notes that the cpu and memory of a container, as its author wrote it, were applied to the running instance.
    public mutating func noteResources(of written: JSONValue) {
        guard case .object(var fields) = definition else { return }
        fields["resources"] = written["resources"]
        definition = .object(fields)
    }
}

/// Why a container is not running yet, in the kubelet's words.
public struct WaitingReason: Hashable, Sendable, Codable {
    /// One word, for example `ErrImageNeverPull` or `CreateContainerError`.
    public let reason: String
    /// A sentence for the user.
    public let message: String
    /// When it came up; nil in records of older versions.
    public let since: WallTime?
    /// The image that cannot be had, as the manifest names it, where it is one that the container mounts.
    public let image: String?

    /// Puts a reason together.
    public init(reason: String, message: String, since: WallTime? = nil, image: String? = nil) {
        self.image = image
        self.reason = reason
        self.message = message
        self.since = since
    }
}

/// How long the next restart of a crashing container is held back.
public struct Backoff: Hashable, Sendable, Codable {
    /// From the end of the instance to the start of the next one.
    public let delay: Duration
    /// When `delay` was set: the start of the newest instance.
    public let updatedAt: Moment

    /// Puts a back-off together.
    public init(delay: Duration, updatedAt: Moment) {
        self.delay = delay
        self.updatedAt = updatedAt
    }
}
