import Cgroups
import Glibc
import Linux
import Logging
import Manifests
import PodModel
import Synchronization

/// Keeps the share of processors that Burstable Pods have together at what all of them request (kubelet), off the way of
/// those that start: however many come and go at once, it is written once.
final class TierShares: Sendable {
    private enum State {
        case idle, underWay, outdated
    }

    /// Time for others to come or go too, in microseconds.
    private static let patience: UInt32 = 50_000

    private let cgroups: CgroupTree
    private let records: PodRecordStore
    private let log: Logger
    private let state = Mutex(State.idle)

    init(_ cgroups: CgroupTree, of records: PodRecordStore, log: Logger) {
        self.cgroups = cgroups
        self.records = records
        self.log = log
    }

    /// Has the share written anew, on a thread of its own: a Pod came, went, or requests something else.
    func refresh() {
        let isFirst = state.withLock { state in
            defer { state = state == .idle ? .underWay : .outdated }
            return state == .idle
        }
        if !isFirst { return }
        do {
            try startThread {
                repeat {
                    self.write()
                } while self.state.withLock { state in
                    state = state == .outdated ? .underWay : .idle
                    return state == .underWay
                }
            }
        } catch {
            state.withLock { $0 = .idle }
            log.debug("no thread for the shares of burstable pods", metadata: ["error": "\(error)"])
        }
    }

    private func write() {
        usleep(Self.patience)
        do {
            let pods = try cgroups.pods(in: .burstable)
            let requested = pods.reduce(Int64(0)) { sum, uid in
                let spec = records.record(of: PodUID(uid))?.accepted.pod.spec
                return sum.addingReportingOverflow(Int64(spec?.effectiveRequests.cpu?.count ?? 0)).partialValue
            }
            try cgroups.setShares(CPUShares(milliCPU: requested), of: .burstable)
        } catch CgroupError.parentMissing {
            // The node is given back.
            return
        } catch {
            log.warning("the shares of burstable pods stay as they were", metadata: ["error": "\(error)"])
        }
    }
}
