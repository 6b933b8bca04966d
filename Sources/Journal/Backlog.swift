import PodModel

/// What waits to be written. Bounded: a disk that is stuck costs lines, each of them counted, and never memory.
struct Backlog: Sendable {
    /// At most so many lines wait.
    let limit: Int
    private var lines: [JournalLine] = []
    private var lost: LostLines?
    /// How many lines were handed over, and how many of them were written or dropped, since the beginning.
    private(set) var handedOver = 0, settled = 0
    private var newest: WallTime

    /// An empty backlog.
    ///
    /// - Parameter now: stands for the time of lines that bear none.
    init(limit: Int, now: WallTime) {
        self.limit = limit
        newest = now
    }

    /// Nothing waits.
    var isEmpty: Bool { lines.isEmpty && lost == nil }
    /// How many lines were dropped and not noted in the journal yet.
    var lostCount: Int { lost?.count ?? 0 }

    /// Takes a line in, or counts it as lost when there is no room.
    ///
    /// - Parameter reason: why there is no room, if there is none.
    mutating func add(_ line: JournalLine, orLostBecause reason: @autoclosure () -> String) {
        handedOver += 1
        newest = max(newest, line.at ?? newest)
        if lines.count < limit { return lines.append(line) }
        settled += 1
        lose(1, because: reason())
    }

    /// The oldest lines, and what is to be noted before them.
    func batch(of size: Int) -> (lines: ArraySlice<JournalLine>, lost: LostLines?) { (lines.prefix(size), lost) }

    /// The oldest lines are written, or were refused one by one; so is the note, if there was one.
    mutating func settle(_ count: Int, noted: LostLines?) {
        lines.removeFirst(count)
        settled += count
        guard let noted, let lost else { return }
        self.lost =
            lost.count > noted.count
            ? LostLines(at: lost.at, count: lost.count - noted.count, reason: lost.reason) : nil
    }

    /// Some lines are dropped for good.
    mutating func lose(_ count: Int, because reason: String) {
        if count == 0 { return }
        lost = LostLines(at: lost?.at ?? newest, count: lostCount + count, reason: lost?.reason ?? reason)
    }
}
