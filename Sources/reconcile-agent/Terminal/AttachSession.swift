import Dispatch
import Glibc
import Linux
import NodeRuntime

/// One user's look at a container that runs: what it writes, and what is typed into it.
struct AttachSession {
    /// What the container gives.
    let attachment: ContainerAttachment
    /// The user's streams.
    let streams: AttachRelay.Streams
    /// Whether the user's terminal is passed through to the container's.
    let isRaw: Bool
    /// What ends the session, on a terminal that is passed through.
    let detachKeys: DetachKeys?

    /// Goes on until the container ends, or the user's input does. The user's terminal is as it was after that, also when
    /// a signal ends this process first.
    func run() async throws -> AttachRelay.End {
        guard let packets = attachment.takeOutput() else { return .brokeOff }
        signal(SIGPIPE, SIG_IGN)
        let terminal = try isRaw ? RawTerminal(lookingAt: streams.input) : nil
        // Before it is raw: no signal may find it so and leave it.
        let watched = terminal.map(restoringOnSignals)
        defer { watched?.forEach { $0.cancel() } }
        try terminal?.enter()
        defer { terminal?.restore() }
        return try await relay(packets)
    }

    /// As kubectl ends: the terminal is put back, and the code says that something came between.
    private func restoringOnSignals(_ terminal: RawTerminal) -> [any DispatchSourceSignal] {
        [SIGHUP, SIGINT, SIGTERM, SIGQUIT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                terminal.restore()
                exit(1)
            }
            source.resume()
            return source
        }
    }

    private func relay(_ packets: consuming Descriptor) async throws -> AttachRelay.End {
        let output = packets.release()
        var container: Int32 = -1
        if let descriptor = attachment.takeInput() { container = descriptor.release() }
        let manners = AttachRelay.Manners(
            takesInput: attachment.input != .none, endsInput: attachment.input == .endsWithUs, followsSize: isRaw)
        return try await withCheckedThrowingContinuation { [container, streams, detachKeys] continuation in
            do {
                try startThread {
                    do {
                        let relay = try AttachRelay(
                            packets: Descriptor(owning: output), container: container, streams: streams,
                            manners: manners, detachKeys: detachKeys)
                        continuation.resume(returning: try relay.run())
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
