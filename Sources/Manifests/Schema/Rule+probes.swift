// What Kubernetes demands of probes (k8s.io/kubernetes/pkg/apis/core/validation: validateProbe, validateHandler).

extension Rule where Value == Probe {
    /// Exactly one handler.
    static var oneHandler: Rule {
        Rule { probe in
            let handlers: [(String, Bool)] = [
                ("exec", probe.exec != nil), ("httpGet", probe.httpGet != nil),
                ("tcpSocket", probe.tcpSocket != nil), ("grpc", probe.grpc != nil),
            ]
            return .ofHandlers(handlers.filter(\.1).map(\.0))
        }
    }

    /// What restarts a container, or lets it begin, says so once.
    static var succeedsAtOnce: Rule {
        Rule { probe in
            guard probe.successThreshold != 1 else { return [] }
            return [
                Violation(
                    message: "Invalid value: \(probe.successThreshold): must be 1", place: [.field("successThreshold")])
            ]
        }
    }

    /// What never stops a container has no grace to give.
    static var stopsNothing: Rule {
        Rule { probe in
            guard let grace = probe.terminationGracePeriodSeconds else { return [] }
            return [
                Violation(
                    message: "Invalid value: \(grace): must not be set for readinessProbes",
                    place: [.field("terminationGracePeriodSeconds")])
            ]
        }
    }
}

extension Rule where Value == PortReference {
    /// A number of a port, or a name that a port may have (`ValidatePortNumOrName`).
    static var validPort: Rule {
        Rule { port in
            switch port {
            case .number(let number): Rule<Int>.between(1...65535).check(number)
            case .name(let name): Rule<String>.portName.check(name)
            }
        }
    }
}

extension Rule where Value == Int {
    /// One or more.
    static var positive: Rule {
        .value(shownAs: { String($0) }) { $0 <= 0 ? ["must be greater than 0"] : [] }
    }
}

extension Rule where Value == String {
    /// The name of a header (`IsHTTPHeaderName`).
    static var headerName: Rule {
        .value(shownAs: { $0.quoted }) { name in
            let isAllowed = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            return isAllowed
                ? []
                : [
                    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex "
                        + "used for validation is '[-A-Za-z0-9]+')"
                ]
        }
    }
}
