import Linux

/// Makes the connections of probes: a new one for each try, without threads of their own.
///
/// No proxy is used, nothing is kept alive and no certificate is verified, as with the kubelet. Unlike it, sockets do
/// not linger: closing one that lingers could hold up the thread that serves all others.
public struct ProbeDialer: Sendable {
    /// Where it waits for what comes. Cheapest for tasks that run there.
    let poller: Poller
    /// What speaks TLS and HTTP/2.
    let nio = NIOLoop()
    private let names = NameLookUps()

    /// - Parameter poller: where to wait.
    public init(poller: Poller) { self.poller = poller }

    /// Nothing can be dialled any more.
    public func shutDown() async throws { try await nio.shutDown() }

    /// Connects to an address, or to a name's first that answers.
    ///
    /// - Parameter deadline: of the connection and of what is said on it.
    /// - Throws: `DialFailure`, `CancellationError`.
    func connect(to host: String, port: UInt16, until deadline: BootInstant) async throws -> TCPConnection {
        if let address = InternetAddress(figures: host, port: port) {
            return try await connect(to: address, before: deadline, until: deadline)
        }
        guard let addresses = try await names.addresses(of: host, port: port, until: deadline, on: poller) else {
            throw DialFailure.timedOut
        }
        var first: (any Error)?
        for (index, address) in addresses.enumerated() {
            // One that is silent leaves the others their share of the time (Go).
            let share = deadline.remaining / (addresses.count - index)
            do {
                return try await connect(to: address, before: .now() + share, until: deadline)
            } catch let error as CancellationError {
                throw error
            } catch { first = first ?? error }
        }
        throw first ?? DialFailure.noSuchHost
    }

    private func connect(
        to address: InternetAddress, before limit: BootInstant, until deadline: BootInstant
    ) async throws -> TCPConnection {
        do {
            return try await .connect(to: address, connectingUntil: limit, until: deadline, on: poller)
        } catch let error as CancellationError {
            throw error
        } catch { throw DialFailure(error) }
    }
}
