import PodModel

/// Things that are due at a time, the earliest first: a binary heap.
///
/// Nothing is ever taken out but by becoming due; whoever takes it knows whether it still counts.
struct DueQueue<Element> {
    private var heap: [(due: BootTime, element: Element)] = []

    /// When the earliest is due; nil of an empty queue.
    var earliest: BootTime? { heap.first?.due }

    mutating func insert(_ element: Element, due: BootTime) {
        heap.append((due, element))
        var child = heap.count - 1
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the earliest, if it is due.
    mutating func take(now: BootTime) -> Element? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
        return first.element
    }

    private mutating func sink() {
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
