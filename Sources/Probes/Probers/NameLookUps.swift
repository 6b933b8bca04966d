import Linux
import Synchronization

/// Looks up names of hosts, each by one thread at a time, however many ask for it and however long it takes: a look-up cannot be
/// ended, and one that hangs must not leave a thread with every try.
final class NameLookUps: Sendable {
    private struct Place: Hashable {
        let name: String
        let port: UInt16
    }

    private let waiting = Mutex<[Place: [AsyncStream<[InternetAddress]>.Continuation]]>([:])

    /// Where a name leads; empty when it means nothing here.
    ///
    /// - Returns: nil when that was not found out in time.
    /// - Throws: `CancellationError`, or `SystemError` when there is no thread to be had.
    func addresses(
        of name: String, port: UInt16, until deadline: BootInstant, on poller: Poller
    ) async throws -> [InternetAddress]? {
        let place = Place(name: name, port: port)
        let (found, answer) = AsyncStream.makeStream(of: [InternetAddress].self)
        let isUnderWay = waiting.withLock { waiting in
            let others = waiting[place]
            waiting[place] = (others ?? []) + [answer]
            return others != nil
        }
        if !isUnderWay {
            do throws(SystemError) {
                try startThread { [self] in settle(place, InternetAddress.lookUp(name, port: port)) }
            } catch {
                settle(place, [])
                throw error
            }
        }
        let timer = poller.call(at: deadline) { answer.finish() }
        defer { poller.cancel(timer) }
        for await addresses in found { return addresses }
        try Task.checkCancellation()
        return nil
    }

    private func settle(_ place: Place, _ addresses: [InternetAddress]) {
        let answers = waiting.withLock { $0.removeValue(forKey: place) } ?? []
        for answer in answers { answer.yield(addresses) }
    }
}
