/// Things that are due at a time, the earliest first: a binary heap.
///
/// Nothing is ever taken out but by becoming due, or by `removeAll`; whoever takes it knows whether it still counts. Inlinable,
/// for a queue is worth compiling for what waits in it.
public struct DueQueue<Time: Comparable & Sendable, Element: Sendable>: Sendable {
    @usableFromInline
    var heap: [(due: Time, element: Element)] = []

    /// An empty queue.
    @inlinable
    public init() {}

    /// The earliest and when it is due; nil of an empty queue.
    @inlinable
    public var earliest: (due: Time, element: Element)? { heap.first }

    /// How many wait.
    @inlinable
    public var count: Int { heap.count }

    /// Puts something in.
    @inlinable
    public mutating func insert(_ element: Element, due: Time) {
        heap.append((due, element))
        var child = heap.count - 1
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the earliest, if it is due.
    @inlinable
    public mutating func take(now: Time) -> Element? {
        guard let first = heap.first, first.due <= now else { return nil }
        return takeFirst()
    }

    /// Takes out the earliest, due or not; nil of an empty queue.
    @inlinable
    @discardableResult
    public mutating func takeFirst() -> Element? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
        return first.element
    }

    /// Takes out whatever does not count any more.
    @inlinable
    public mutating func removeAll(where isOver: (Element) -> Bool) {
        let kept = heap.filter { !isOver($0.element) }
        heap = []
        for (due, element) in kept { insert(element, due: due) }
    }

    @inlinable
    mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].due < heap[least].due {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
