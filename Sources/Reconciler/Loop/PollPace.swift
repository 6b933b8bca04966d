/// How long the next question to the source waits: the interval while it answers, longer and longer while it does not.
struct PollPace: Hashable, Sendable {
    /// How often in a row the source could not be asked.
    private(set) var failures = 0

    /// A source that is away for hours is asked every five minutes, or as rarely as the user wants it anyway.
    static let longest = Duration.seconds(300)

    /// Takes in how the last question ended.
    mutating func note(isAnswered: Bool) { failures = isAnswered ? 0 : failures + 1 }

    /// The wait: the interval, doubled for each failure after the first.
    func pause(_ interval: Duration) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        return max(interval, min(interval * (1 << doublings), Self.longest))
    }
}
