import Glibc
import ImageStore
import Linux
import Logging
import NodeRuntime
import PodModel

/// Gives up images that no Pod needs when their disk fills up (kubelet: `image_gc_manager.go`).
struct ImageCollector: Sendable {
    /// Percent of the disk in use.
    struct Thresholds: Hashable, Sendable {
        /// Above this, images go.
        var high = 85
        /// Until this much is left in use.
        var low = 80
    }

    private static let period = Duration.seconds(300)

    private let paths: NodePaths
    private let store: ImageStore
    private let thresholds: Thresholds
    private let log: Logger

    init(_ paths: NodePaths, _ store: ImageStore, _ thresholds: Thresholds, log: Logger) {
        self.paths = paths
        self.store = store
        self.thresholds = thresholds
        self.log = log
    }

    /// Looks every five minutes, until the task is cancelled.
    func follow() async throws {
        var uses = ImageUses()
        while true {
            do { try await pass(&uses) } catch is CancellationError { throw CancellationError() } catch {
                log.warning("images cannot be collected", metadata: ["error": "\(error)"])
            }
            try await Task.sleep(for: Self.period)
        }
    }

    /// Gives up every image that no Pod needs, those of Pods that have ended for good with them: the disk is too full to
    /// run what is wanted. Not before a revision was accepted: until then nobody knows what is needed.
    func reclaim() async {
        do {
            guard try AcceptedFile(below: paths.stateDirectory).glance() != nil else { return }
            let usage = try await ImageUsage(of: paths, forgettingEnded: true)
            let pruned = try await store.prune(keeping: usage.running) { !usage.needs($0) }
            for name in pruned.names {
                log.info("image removed", metadata: ["image": "\(name)", "reason": "the disk is too full"])
            }
        } catch {
            log.warning("images cannot be collected", metadata: ["error": "\(error)"])
        }
    }

    private func pass(_ uses: inout ImageUses) async throws {
        let images = try store.images()
        let usage = try await ImageUsage(of: paths)
        let now = BootTime.now()
        let needed = Set(images.filter(usage.needs).map(\.reference))
        uses.note(images.map(\.reference), needed: needed, at: now)
        guard thresholds.high < 100, let used = try usedPercent(), used > thresholds.high else { return }
        for image in uses.candidates(at: now) {
            guard try usedPercent() ?? 0 > thresholds.low else { return }
            // Somebody may have come to need it meanwhile.
            let usage = try await ImageUsage(of: paths)
            let pruned = try await store.prune(keeping: usage.running) {
                $0.reference == image && !usage.needs($0)
            }
            if !pruned.names.isEmpty {
                log.info("image removed", metadata: ["image": "\(image.familiar)", "reason": "the disk fills up"])
            }
        }
        if let left = try usedPercent(), left > thresholds.high {
            log.warning(
                "the images' disk stays full",
                metadata: [
                    "used": "\(left)%", "threshold": "\(thresholds.high)%", "directory": "\(paths.stateDirectory)",
                ])
        }
    }

    /// Percent of the state directory's disk that is in use, rounded up, as df counts it; nil when nobody can tell.
    private func usedPercent() throws -> Int? {
        var status = statvfs()
        if statvfs(paths.stateDirectory, &status) != 0 { throw SystemError("statvfs", paths.stateDirectory) }
        let used = UInt64(status.f_blocks - status.f_bfree)
        let all = used + UInt64(status.f_bavail)
        return all == 0 ? nil : Int((used * 100 + all - 1) / all)
    }
}
