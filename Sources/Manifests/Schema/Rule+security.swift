// What Kubernetes demands of security contexts (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == SeccompSource {
    /// A file where one is wanted, and only there (`validateSeccompProfileField`).
    static var complete: Rule {
        Rule { source in
            let place = [FieldPath.Step.field("localhostProfile")]
            switch (source.type, source.localhostProfile) {
            case (.localhost, nil):
                return [Violation(message: "Required value: must be set when seccomp type is Localhost", place: place)]
            case (.localhost, let path?):
                return complaints(about: path).map {
                    Violation(message: "Invalid value: \(path.quoted): \($0)", place: place)
                }
            case (_, let path?):
                return [
                    Violation(
                        message: "Invalid value: \(path.quoted): can only be set when seccomp type is Localhost",
                        place: place)
                ]
            case (_, nil): return []
            }
        }
    }

    /// `validateLocalDescendingPath`.
    private static func complaints(about path: String) -> [String] {
        (path.hasPrefix("/") ? ["must be a relative path"] : [])
            + (path.split(separator: "/").contains("..") ? ["must not contain '..'"] : [])
    }
}
