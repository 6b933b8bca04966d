/// What a server answered to a health check.
struct HealthAnswer: Hashable, Sendable {
    /// gRPC's status code; nil if the answer had none.
    let code: Int?
    /// What the server says about the code.
    let message: String
    /// The message's frame.
    let frame: [UInt8]

    private static let codes = [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists",
        "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange",
        "Unimplemented",
        "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ]

    /// What the answer says about the container, in the kubelet's words.
    func outcome(timeout: Duration) -> ProbeOutcome {
        switch code {
        case 0: return servingOutcome
        case 4: return Self.late(timeout)
        case 12:
            return .failure(
                "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): \(message)"
            )
        case let code?:
            let name = Self.codes.indices.contains(code) ? Self.codes[code] : "Code(\(code))"
            return Self.failed(name, message)
        case nil: return Self.failed("Unavailable", "the connection ended without a status")
        }
    }

    private var servingOutcome: ProbeOutcome {
        guard let status = HealthMessage.status(in: frame) else {
            return Self.failed("Internal", "the answer is no HealthCheckResponse")
        }
        if status == HealthMessage.Status.serving.rawValue { return .success }
        let name = HealthMessage.Status(rawValue: status)?.name ?? "\(status)"
        return .failure("service unhealthy (responded with \(quoted(name)))")
    }

    /// A call that took too long.
    static func late(_ timeout: Duration) -> ProbeOutcome {
        .failure("timeout: health rpc did not complete within \(timeout.inWords)")
    }

    /// A call that came to nothing.
    static func failed(_ code: String, _ message: String) -> ProbeOutcome {
        .failure("error: health rpc probe failed: rpc error: code = \(code) desc = \(message)")
    }
}
