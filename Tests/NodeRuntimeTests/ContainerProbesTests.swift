import Manifests
import PodModel
import Probes
import Testing

@testable import NodeRuntime

@Suite("A container's probes, as they are tried")
struct ContainerProbesTests {
    private func probes(_ change: (inout Container) -> Void) -> ContainerProbes {
        var container = Container(
            name: "web", image: "nginx:1", env: [EnvVar(name: "FILE", value: "/tmp/$(X)")],
            ports: [ContainerPort(name: "http", containerPort: 8080)])
        change(&container)
        return ContainerProbes(container)
    }

    @Test("times, thresholds and grace arrive")
    func times() throws {
        let probe = try #require(
            probes {
                $0.livenessProbe = .init(
                    tcpSocket: TCPSocketAction(port: .name("http")), initialDelaySeconds: 3, timeoutSeconds: 2,
                    periodSeconds: 7, failureThreshold: 5, terminationGracePeriodSeconds: 9)
            }.liveness)

        #expect(probe.handler == .tcpSocket(TCPSocketProbe(port: .name("http"))))
        #expect(probe.initialDelay == .seconds(3))
        #expect(probe.timeout == .seconds(2))
        #expect(probe.period == .seconds(7))
        #expect(probe.failureThreshold == 5)
        #expect(probe.gracePeriod == .seconds(9))
    }

    @Test("$(VAR) in a command is the variable's value as written, and not expanded further")
    func command() {
        let exec = probes { $0.startupProbe = .init(exec: ExecAction(command: ["test", "-e", "$(FILE)", "$(NO)"])) }
        #expect(exec.startup?.handler == .exec(["test", "-e", "/tmp/$(X)", "$(NO)"]))
    }

    @Test("a GET keeps its headers, a health check its service")
    func dialled() {
        let both = probes {
            $0.livenessProbe = .init(
                httpGet: HTTPGetAction(
                    path: "/x", port: .number(443), host: "h", scheme: .https,
                    httpHeaders: [HTTPHeader(name: "A", value: "b")]))
            $0.readinessProbe = .init(grpc: GRPCAction(port: 9000, service: "s"))
        }
        #expect(
            both.liveness?.handler
                == .httpGet(
                    HTTPGetProbe(
                        scheme: .https, host: "h", port: .number(443), path: "/x", headers: [.init("A", "b")])))
        #expect(both.readiness?.handler == .grpc(GRPCProbe(port: 9000, service: "s")))
    }
}
