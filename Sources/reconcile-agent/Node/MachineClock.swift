import Linux
import PodModel
import Reconciler

/// The machine's two clocks.
struct MachineClock: NodeClock {
    private let bootID: BootID

    /// - Throws: `SystemError` when the kernel does not tell which boot this is.
    init() throws(SystemError) { bootID = try BootID.current() }

    func now() -> Moment { Moment(wall: .now(), boot: .now(), bootID: bootID) }

    func sleep(until deadline: BootTime) async throws {
        while true {
            let left = deadline - .now()
            if left <= .zero { return }
            try await Task.sleep(for: left)
        }
    }
}
