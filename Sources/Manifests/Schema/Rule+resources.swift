extension Rule where Value == ResourceRequirements {
    /// What is requested may be used (`validateContainerResourceRequirements`).
    static var requestsWithinLimits: Rule {
        Rule { resources in
            let (requests, limits) = (resources.requests, resources.limits)
            return violation(of: requests.cpu, within: limits.cpu, "cpu")
                + violation(of: requests.memory, within: limits.memory, "memory")
                + violation(of: requests.ephemeralStorage, within: limits.ephemeralStorage, "ephemeral-storage")
        }
    }

    private static func violation<Amount: Comparable & CustomStringConvertible>(
        of request: Amount?, within limit: Amount?, _ resource: String
    ) -> [Violation] {
        guard let request, let limit, request > limit else { return [] }
        return [
            Violation(
                message: "Invalid value: \"\(request)\": must be less than or equal to \(resource) limit of \(limit)",
                place: [.field("requests"), .field(resource)])
        ]
    }
}
