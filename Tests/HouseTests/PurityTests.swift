import Testing

@Suite("Deciding is pure")
struct PurityTests {
    /// Words that a file which decides must not contain, and what it does instead.
    private static let forbidden: [(words: Set<Substring>, instead: String)] = [
        (["Task", "actor"], "return the actions as a value; Loop/ carries them out"),
        (
            ["Clock", "ContinuousClock", "SuspendingClock", "BootInstant", "WallInstant"],
            "take the time as an argument"
        ),
        (["random", "randomElement", "shuffled", "SystemRandomNumberGenerator"], "take ids and chance as arguments"),
        (["print", "Logger", "FileHandle", "FileManager"], "return what is worth saying; Loop/ says it"),
        (["Glibc", "Foundation", "Linux", "Logging", "Synchronization"], "keep input and output in Loop/"),
    ]

    @Test("files of Reconciler outside Loop/ hold no async, no clock, no chance, no input or output")
    func reconcilerIsPure() throws {
        for file in SourceTree.files(below: "Sources/Reconciler", ending: ".swift")
        where !file.hasPrefix("Sources/Reconciler/Loop/") {
            for line in SourceLine.lines(of: try SourceTree.text(of: file)) {
                check(line, of: file)
            }
        }
    }

    private func check(_ line: SourceLine, of file: String) {
        let words = Set(line.code.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
        // `await` and `async` are fine as names of enum cases: `.await`, `case await(PodUID)`.
        if line.code.contains(/(^|[^.\w"])(async|await)($|[^:,(\w"])/) {
            Issue.record(
                "\(file):\(line.number): a file that decides waits: return the actions as a value; Loop/ carries them out"
            )
        }
        // `now` is fine as the name of an argument or a property, not as a reading of a clock: `now()`.
        if line.code.contains(/\bnow\(\)/) {
            Issue.record("\(file):\(line.number): a clock is read in a file that decides: take the time as an argument")
        }
        for rule in Self.forbidden {
            for word in words.intersection(rule.words) {
                Issue.record("\(file):\(line.number): '\(word)' in a file that decides: \(rule.instead)")
            }
        }
    }
}
