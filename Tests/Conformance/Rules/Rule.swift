/// What the kubelet does and this runtime therefore does, and the tests that hold it to that.
///
/// Tests are named by their titles, so that a rule reads as a sentence and so does its proof.
struct Rule: Sendable {
    /// The part of a node's work it is about.
    let part: String
    /// Its numbers in the project's list of the kubelet's rules; none for what goes beyond them.
    let numbers: [Int]
    let sentence: String
    /// Titles of tests; none only for a rule that is still to come.
    let tests: [String]
    /// What it comes with, for a rule that is still to come.
    var later: String?

    init(_ part: String, _ numbers: Int..., rule sentence: String, by tests: String...) {
        (self.part, self.numbers, self.sentence, self.tests) = (part, numbers, sentence, tests)
    }

    init(_ part: String, _ numbers: Int..., rule sentence: String, later: String) {
        (self.part, self.numbers, self.sentence, tests, self.later) = (part, numbers, sentence, [], later)
    }
}

/// Every rule, in the order of the page.
let rules: [Rule] =
    sandboxRules + restartRules + imageRules + probeRules + initRules + endRules + statusRules + wordRules
    + resourceRules
    + collectionRules + logRules + streamRules + environmentRules + nameRules + portRules + volumeRules + manifestRules
