/// Tries every kind of probe as the kubelet does: from the node, and exec inside the container.
public struct NodeProber: Prober {
    /// How probes introduce themselves: manifests may rely on the version that this project follows.
    static let userAgent = "kube-probe/1.36"
    /// No more of an answer, or of a command's output, is read.
    static let outputLimit = 10 << 10

    private let dialer: ProbeDialer
    private let executor: any ProbeExecutor

    /// - Parameters:
    ///   - dialer: makes the connections.
    ///   - executor: runs commands in containers.
    public init(dialer: ProbeDialer, executor: any ProbeExecutor) {
        self.dialer = dialer
        self.executor = executor
    }

    /// Tries it once.
    public func probe(_ handler: ProbeHandler, of container: ProbedContainer, timeout: Duration) async -> ProbeOutcome {
        do throws(Unanswerable) {
            switch handler {
            case .exec(let command):
                return await executor.probe(command, in: container, timeout: timeout)
            case .httpGet(let get):
                let port = try resolve(get.port, of: container)
                let place = HTTPPlace(get, host: try address(get.host, of: container), port: port)
                return await dialer.httpGet(HTTPRequest(place, get.headers), timeout: timeout)
            case .tcpSocket(let socket):
                let port = try resolve(socket.port, of: container)
                return await dialer.tcpConnect(
                    to: try address(socket.host, of: container), port: port, timeout: timeout)
            case .grpc(let check):
                let host = try address(nil, of: container)
                return await dialer.healthCheck(
                    check.service, host: host, port: check.port, timeout: timeout)
            }
        } catch {
            return .error(error.reason)
        }
    }

    private struct Unanswerable: Error { let reason: String }

    private func address(_ written: String?, of container: ProbedContainer) throws(Unanswerable) -> String {
        if let host = written ?? container.address, !host.isEmpty { return host }
        throw Unanswerable(reason: "the Pod has no address yet")
    }

    private func resolve(_ port: ProbePort, of container: ProbedContainer) throws(Unanswerable) -> UInt16 {
        switch port {
        case .number(let number): return number
        case .name(let name):
            if let number = container.ports[name] ?? UInt16(name) { return number }
            throw Unanswerable(
                reason: "port \"\(name)\" not found in the ports of container \(container.name)")
        }
    }
}
