import Linux

/// Sends the requests of lifecycle hooks, as the kubelet does.
public struct HookCaller: Sendable {
    /// How a request of a hook ended.
    public enum Outcome: Hashable, Sendable {
        /// It was answered.
        case answered
        /// It was answered in plain text, where TLS was asked for.
        case answeredInPlainText
        /// It was not; why, for a person.
        case failed(String)
    }

    private let prober: any Prober

    /// - Parameter prober: dials.
    public init(_ prober: any Prober) { self.prober = prober }

    /// Sends a GET. Any answer will do; a server that does not speak TLS is asked again in plain text.
    ///
    /// - Parameter timeout: of both together.
    public func send(_ get: HTTPGetProbe, of container: ProbedContainer, timeout: Duration) async -> Outcome {
        let deadline = BootInstant.now() + timeout
        let first = await prober.probe(.httpGet(get), of: container, timeout: timeout)
        guard let failure = first.unanswered else { return .answered }
        guard get.scheme == .https, !Task.isCancelled else { return .failed(failure) }
        var plain = get
        plain.scheme = .http
        let second = await prober.probe(.httpGet(plain), of: container, timeout: deadline.remaining)
        return second.unanswered == nil ? .answeredInPlainText : .failed(failure)
    }
}

extension ProbeOutcome {
    /// Why there was no answer; nil when there was one, whatever its status.
    fileprivate var unanswered: String? {
        switch self {
        case .success, .warning: nil
        case .failure(let reason): reason.hasPrefix("HTTP probe failed with statuscode") ? nil : reason
        case .error(let reason): reason
        }
    }
}
