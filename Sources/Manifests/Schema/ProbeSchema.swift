// The tables of core/v1 Probe and of what probes and hooks do, Kubernetes v1.36.

extension Probe {
    static let schema = ObjectSchema(
        "Probe", blank: { Probe() },
        [
            .optional("exec", \.exec, ExecAction.schema.shape),
            .optional("httpGet", \.httpGet, HTTPGetAction.schema.shape),
            .optional("tcpSocket", \.tcpSocket, TCPSocketAction.schema.shape),
            .optional("grpc", \.grpc, GRPCAction.schema.shape),
            .optional("initialDelaySeconds", \.initialDelaySeconds, .integer.obeying(.nonNegative)),
            .field("timeoutSeconds", \.timeoutSeconds, .integer.obeying(.nonNegative), default: .value(1)),
            .field("periodSeconds", \.periodSeconds, .integer.obeying(.nonNegative), default: .value(10)),
            .field("successThreshold", \.successThreshold, .integer.obeying(.nonNegative), default: .value(1)),
            .field("failureThreshold", \.failureThreshold, .integer.obeying(.nonNegative), default: .value(3)),
            .optional(
                "terminationGracePeriodSeconds", \.terminationGracePeriodSeconds, .integer.obeying(.positive)),
        ], complete: { $0.replaceZeros() })
}

extension ExecAction {
    static let schema = ObjectSchema(
        "ExecAction", blank: { ExecAction(command: []) },
        [.field("command", \.command, .list(of: .string), required: true)])
}

extension HTTPGetAction {
    static let schema = ObjectSchema(
        "HTTPGetAction", blank: { HTTPGetAction(port: .number(0)) },
        [
            .field("path", \.path, .string, default: .value("/")),
            .field("port", \.port, .port.obeying(.validPort), required: true),
            .optional("host", \.host, .string),
            .field("scheme", \.scheme, .word(), default: .value(.http)),
            .field("httpHeaders", \.httpHeaders, .list(of: HTTPHeader.schema.shape)),
            .refused("protocol", instead: "HTTP/1.1 is spoken: remove it"),
        ])
}

extension HTTPHeader {
    static let schema = ObjectSchema(
        "HTTPHeader", blank: { HTTPHeader(name: "") },
        [
            .field("name", \.name, .string.obeying(.headerName), required: true),
            .field("value", \.value, .string),
        ])
}

extension TCPSocketAction {
    static let schema = ObjectSchema(
        "TCPSocketAction", blank: { TCPSocketAction(port: .number(0)) },
        [
            .field("port", \.port, .port.obeying(.validPort), required: true),
            .optional("host", \.host, .string),
        ])
}

extension GRPCAction {
    static let schema = ObjectSchema(
        "GRPCAction", blank: { GRPCAction(port: 0) },
        [
            .field("port", \.port, .integer.obeying(.between(1...65535)), required: true),
            .field("service", \.service, .string),
            .refused("mode", instead: "plain text is spoken: remove it"),
        ])
}

extension Shape where Value == PortReference {
    /// A port's number, or the name that its container gives it (Kubernetes' IntOrString).
    static var port: Shape {
        Shape(
            scalar: "integer | string", form: .text, words: "a port's number or its name",
            value: { value in
                value.string.map { .name($0) } ?? value.int.flatMap { Int(exactly: $0) }.map { .number($0) }
            },
            encode: { port in
                switch port {
                case .number(let number): .int(Int64(number))
                case .name(let name): .string(name)
                }
            })
    }
}
