import Testing

@testable import Manifests

@Suite("Probes are read as Kubernetes reads them")
struct ProbeTests {
    private func load(_ fields: String...) -> LoadedManifests {
        ManifestsTests.load(manifest(container: fields.joined(separator: "\n    ")))
    }

    @Test(
        "what is not written is filled in; zero stands for it, too",
        arguments: ["", ", periodSeconds: 0, timeoutSeconds: 0"])
    func defaults(zeros: String) throws {
        let container = try #require(
            load("livenessProbe: {httpGet: {port: 80}\(zeros)}").pods.first?.pod.spec.containers.first)

        #expect(container.livenessProbe == Probe(httpGet: HTTPGetAction(port: .number(80))))
        #expect(
            container.livenessProbe.map(Probe.schema.encode) == [
                "httpGet": ["path": "/", "port": 80, "scheme": "HTTP"], "timeoutSeconds": 1, "periodSeconds": 10,
                "successThreshold": 1, "failureThreshold": 3,
            ])
    }

    @Test("each handler")
    func handlers() throws {
        let pods = load(
            "livenessProbe: {exec: {command: [cat, /tmp/ok]}, initialDelaySeconds: 5, terminationGracePeriodSeconds: 7}",
            "readinessProbe: {tcpSocket: {port: web, host: 10.0.0.1}, successThreshold: 2}",
            "startupProbe: {grpc: {port: 9000, service: s}}"
        ).pods
        let container = try #require(pods.first?.pod.spec.containers.first)

        #expect(
            container.livenessProbe
                == Probe(
                    exec: ExecAction(command: ["cat", "/tmp/ok"]), initialDelaySeconds: 5,
                    terminationGracePeriodSeconds: 7))
        #expect(
            container.readinessProbe
                == Probe(tcpSocket: TCPSocketAction(port: .name("web"), host: "10.0.0.1"), successThreshold: 2))
        #expect(container.startupProbe == Probe(grpc: GRPCAction(port: 9000, service: "s")))
    }

    @Test(
        "what Kubernetes refuses is refused in its words",
        arguments: [
            ("livenessProbe: {}", "livenessProbe: Required value: must specify a handler type"),
            (
                "livenessProbe: {tcpSocket: {port: 1}, exec: {command: [a]}}",
                "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"
            ),
            (
                "livenessProbe: {tcpSocket: {port: 1}, successThreshold: 2}",
                "livenessProbe.successThreshold: Invalid value: 2: must be 1"
            ),
            (
                "startupProbe: {tcpSocket: {port: 1}, successThreshold: 3}",
                "startupProbe.successThreshold: Invalid value: 3: must be 1"
            ),
            (
                "readinessProbe: {tcpSocket: {port: 1}, terminationGracePeriodSeconds: 3}",
                "readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: must not be set for readinessProbes"
            ),
            (
                "livenessProbe: {tcpSocket: {port: 1}, terminationGracePeriodSeconds: 0}",
                "livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0"
            ),
            (
                "livenessProbe: {tcpSocket: {port: 1}, periodSeconds: -1}",
                "livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0"
            ),
            (
                "livenessProbe: {tcpSocket: {port: 70000}}",
                "livenessProbe.tcpSocket.port: Invalid value: 70000: must be between 1 and 65535, inclusive"
            ),
            (
                "livenessProbe: {httpGet: {port: \"80\"}}",
                "livenessProbe.httpGet.port: Invalid value: \"80\": must contain at least one letter (a-z)"
            ),
            ("livenessProbe: {httpGet: {path: /}}", "livenessProbe.httpGet.port: Required value"),
            ("livenessProbe: {exec: {}}", "livenessProbe.exec.command: Required value"),
            (
                "livenessProbe: {httpGet: {port: 1, scheme: FTP}}",
                "livenessProbe.httpGet.scheme: Unsupported value: \"FTP\": supported values: \"HTTP\", \"HTTPS\""
            ),
            (
                "livenessProbe: {grpc: {port: 0}}",
                "livenessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive"
            ),
        ])
    func refused(fields: String, complaint: String) {
        let messages = load(fields).diagnostics.map(\.message)

        #expect(messages == ["spec.containers[0].\(complaint)"])
    }

    @Test("a header's name")
    func headerName() {
        let messages = load("livenessProbe: {httpGet: {port: 1, httpHeaders: [{name: 'a b'}]}}").diagnostics.map(
            \.message)

        #expect(messages.count == 1)
        #expect(
            messages.first?.hasPrefix(
                "spec.containers[0].livenessProbe.httpGet.httpHeaders[0].name: Invalid value: \"a b\": a valid HTTP header"
            ) == true)
    }
}
