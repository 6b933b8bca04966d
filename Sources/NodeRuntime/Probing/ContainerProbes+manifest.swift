import Manifests
import PodModel
import Probes

extension ContainerProbes {
    /// The probes of a container, as its manifest has them. Pure.
    init(_ container: Container) {
        let probe = { (written: WrittenProbe?) in written.flatMap { Probes.Probe($0, of: container) } }
        self.init(
            startup: probe(container.startupProbe), liveness: probe(container.livenessProbe),
            readiness: probe(container.readinessProbe))
    }
}

extension Probes.Probe {
    /// Nil of a probe that tries nothing, which validation lets nobody write.
    fileprivate init?(_ written: WrittenProbe, of container: Container) {
        guard let handler = ProbeHandler(written, of: container) else { return nil }
        self.init(
            handler, initialDelay: .seconds(written.initialDelaySeconds ?? 0),
            timeout: .seconds(max(1, written.timeoutSeconds)), period: .seconds(max(1, written.periodSeconds)),
            successThreshold: written.successThreshold, failureThreshold: written.failureThreshold,
            gracePeriod: written.terminationGracePeriodSeconds.map { .seconds($0) })
    }
}

extension ProbeHandler {
    fileprivate init?(_ written: WrittenProbe, of container: Container) {
        if let exec = written.exec {
            self = .exec(exec.command(in: container))
        } else if let get = written.httpGet {
            self = .httpGet(HTTPGetProbe(get))
        } else if let socket = written.tcpSocket {
            self = .tcpSocket(TCPSocketProbe(host: socket.host, port: ProbePort(socket.port)))
        } else if let check = written.grpc {
            self = .grpc(GRPCProbe(port: UInt16(clamping: check.port), service: check.service))
        } else {
            return nil
        }
    }
}

extension ExecAction {
    /// The command, with the values of the container's variables as they are written (kubelet:
    /// ExpandContainerCommandOnlyStatic).
    func command(in container: Container) -> [String] {
        var written = Environment()
        for variable in container.env { written.set(variable.name, variable.value) }
        return command.map { written.expand($0) }
    }
}

extension HTTPGetProbe {
    init(_ written: HTTPGetAction) {
        self.init(
            scheme: written.scheme == .https ? .https : .http, host: written.host, port: ProbePort(written.port),
            path: written.path, headers: written.httpHeaders.map { Header($0.name, $0.value) })
    }
}

extension ProbePort {
    init(_ written: PortReference) {
        switch written {
        case .number(let number): self = .number(UInt16(clamping: number))
        case .name(let name): self = .name(name)
        }
    }
}

extension Container {
    /// The ports it gives a name.
    var namedPorts: [String: UInt16] {
        ports.reduce(into: [:]) { named, port in
            if let name = port.name { named[name] = UInt16(clamping: port.containerPort) }
        }
    }
}
