import Glibc
import Linux
import SupervisorCore
import Synchronization

/// A conversation with one supervisor: frames out, answers matched to their requests, events to a listener.
///
/// Safe to use from anywhere; answers arrive through the poller's thread.
final class SupervisorConnection: Sendable {
    /// An answer's body and the descriptors that came with it.
    struct Answer: Sendable {
        let type: UInt16
        let body: [UInt8]
        let descriptors: DescriptorBag
    }

    /// The type under which the listener is told that the conversation ended.
    static let ended: UInt16 = 0

    /// Hears what the supervisor says without being asked.
    typealias Listener = @Sendable (_ type: UInt16, _ body: [UInt8]) -> Void

    let directory: String
    private let outbox: SupervisorOutbox
    private let poller: Poller
    private let listener: Listener
    private let state = Mutex(State())
    /// How long a supervisor may read nothing of what was sent to it.
    private static let sendingPatience = Duration.seconds(10)

    private struct Waiter {
        let continuation: CheckedContinuation<Answer, any Error>
        let timer: Poller.Timer
    }

    private struct State {
        var bytes: [UInt8] = []
        var descriptors: [Int32] = []
        var waiting: [UInt32: Waiter] = [:]
        var nextRequest: UInt32 = 1
        var registration: Poller.Registration?
        var hasEnded = false
    }

    /// Connects to the supervisor that listens in `directory`.
    init(directory: String, poller: Poller, listener: @escaping Listener) throws {
        self.directory = directory
        self.poller = poller
        self.listener = listener
        do {
            let socket = try UnixSocket(connectingTo: "socket", in: directory)
            outbox = SupervisorOutbox(socket, patience: Self.sendingPatience)
        } catch { throw SupervisorError(connectingTo: directory, error) }
        let registration = try poller.add(outbox.socket.descriptor.raw) { [weak self] in self?.receive() }
        state.withLock { $0.registration = registration }
    }

    deinit { end() }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: `SupervisorError`; `.failed` carries the supervisor's own reason.
    func request(
        _ type: UInt16, _ name: String, _ body: [UInt8] = [], descriptors: [Int32] = [], within limit: Duration
    ) async throws -> Answer {
        let silence = SupervisorError.silent(directory: directory, request: name, after: limit)
        let answer = try await exchange(type, body, descriptors, until: .now() + limit, otherwise: silence)
        if answer.type == MessageType.failure {
            let failure: BirthFailure
            do throws(WireError) { failure = try BirthFailure(decoding: answer.body) } catch {
                throw SupervisorError.incomprehensible(directory: directory, error)
            }
            throw SupervisorError.failed(failure)
        }
        return answer
    }

    private func exchange(
        _ type: UInt16, _ body: [UInt8], _ descriptors: [Int32], until deadline: BootInstant,
        otherwise silence: SupervisorError
    ) async throws -> Answer {
        // What is sent is carried out, whoever waits for the answer: who was told to stop asks for nothing more.
        try Task.checkCancellation()
        let number = state.withLock { state in
            defer { state.nextRequest &+= 1 }
            return state.nextRequest
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let timer = poller.call(at: deadline) { [weak self] in self?.giveUp(number, silence) }
                let isOpen = state.withLock { state in
                    if state.hasEnded { return false }
                    state.waiting[number] = Waiter(continuation: continuation, timer: timer)
                    return true
                }
                guard isOpen else {
                    poller.cancel(timer)
                    return continuation.resume(throwing: SupervisorError.gone(directory: directory))
                }
                let frame = FrameHeader.frame(type: type, request: number, descriptors: descriptors.count, body: body)
                do throws(SystemError) {
                    try outbox.send(frame, descriptors: descriptors) { [weak self] error in self?.cannotGoOn(error) }
                } catch { cannotGoOn(error) }
                // A cancellation that came meanwhile, before the continuation was stored, found nobody to tell.
                if Task.isCancelled { giveUp(number, CancellationError()) }
            }
        } onCancel: {
            giveUp(number, CancellationError())
        }
    }

    private func cannotGoOn(_ error: SystemError) {
        end(because: SupervisorError(endingConnectionTo: directory, error, sendingFor: Self.sendingPatience))
    }

    private func giveUp(_ number: UInt32, _ reason: any Error) {
        guard let waiter = state.withLock({ $0.waiting.removeValue(forKey: number) }) else { return }
        poller.cancel(waiter.timer)
        waiter.continuation.resume(throwing: reason)
    }

    private func receive() {
        while true {
            let received: (bytes: [UInt8], descriptors: [Int32])
            do throws(SystemError) {
                guard let some = try outbox.socket.receive() else { return }
                received = some
            } catch { return cannotGoOn(error) }
            if received.bytes.isEmpty { return end() }
            let (frames, makesSense) = state.withLock { state in
                state.bytes += received.bytes
                state.descriptors += received.descriptors
                return takeFrames(&state)
            }
            for frame in frames { deliver(frame) }
            if !makesSense { return end() }
            // What is left is reported again.
            if received.bytes.count < UnixSocket.mostReceived { return }
        }
    }

    private struct Incoming {
        let request: UInt32
        let answer: Answer
        let waiter: Waiter?
    }

    /// The whole frames that have come, and whether what follows them can be read.
    private func takeFrames(_ state: inout State) -> ([Incoming], makesSense: Bool) {
        var frames: [Incoming] = []
        do throws(WireError) {
            while let header = try FrameHeader(state.bytes[...]) {
                let end = FrameHeader.size + header.length
                guard state.bytes.count >= end else { break }
                guard state.descriptors.count >= header.descriptors else { return (frames, false) }
                let bag = DescriptorBag(owning: Array(state.descriptors.prefix(header.descriptors)))
                state.descriptors.removeFirst(header.descriptors)
                let answer = Answer(
                    type: header.type, body: Array(state.bytes[FrameHeader.size..<end]), descriptors: bag)
                state.bytes.removeFirst(end)
                let waiter = header.request == 0 ? nil : state.waiting.removeValue(forKey: header.request)
                frames.append(Incoming(request: header.request, answer: answer, waiter: waiter))
            }
        } catch { return (frames, false) }
        return (frames, true)
    }

    private func deliver(_ frame: Incoming) {
        if frame.request == 0 {
            listener(frame.answer.type, frame.answer.body)
        } else if let waiter = frame.waiter {
            poller.cancel(waiter.timer)
            waiter.continuation.resume(returning: frame.answer)
        }
    }

    /// Ends the conversation: whoever waits is told that the supervisor is gone, or what else is the matter.
    func end(because reason: SupervisorError? = nil) {
        let (waiting, registration, orphans) = state.withLock { state in
            defer {
                state.hasEnded = true
                state.waiting = [:]
                state.registration = nil
                state.descriptors = []
            }
            return (state.waiting, state.registration, state.descriptors)
        }
        _ = DescriptorBag(owning: orphans)
        guard let registration else { return }
        poller.remove(registration, descriptor: outbox.socket.descriptor.raw)
        outbox.socket.shutDown()
        let error = reason ?? .gone(directory: directory)
        for waiter in waiting.values {
            poller.cancel(waiter.timer)
            waiter.continuation.resume(throwing: error)
        }
        listener(Self.ended, [])
    }
}
