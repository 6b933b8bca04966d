/// What was found out about one thing that Pods need.
struct Finding: Hashable, Sendable, Codable {
    /// How it stands.
    enum Verdict: String, Hashable, Sendable, Codable {
        /// As it should be.
        case ok = "OK"
        /// Pods run; something is less than it could be.
        case note = "NOTE"
        /// Pods will not run, or not as they should.
        case problem = "PROBLEM"
    }

    /// What was looked at, in a word or two.
    let subject: String
    let verdict: Verdict
    /// What was found, and what that means for Pods.
    let finding: String
    /// What to do about it.
    let remedy: String?

    /// Finding and remedy in one.
    var sentence: String { finding + (remedy.map { "; \($0)" } ?? "") }

    static func ok(_ subject: String, _ finding: String) -> Finding {
        Finding(subject: subject, verdict: .ok, finding: finding, remedy: nil)
    }

    static func note(_ subject: String, _ finding: String, remedy: String) -> Finding {
        Finding(subject: subject, verdict: .note, finding: finding, remedy: remedy)
    }

    static func problem(_ subject: String, _ finding: String, remedy: String) -> Finding {
        Finding(subject: subject, verdict: .problem, finding: finding, remedy: remedy)
    }
}
