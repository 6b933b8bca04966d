/// What is to be done at a time, the earliest first; most of it is called off before, which costs next to nothing.
struct TimerQueue<Body> {
    private var order = DueQueue<BootInstant, UInt64>()
    private var bodies: [UInt64: Body] = [:]
    private var nextKey: UInt64 = 1

    /// Whether nothing waits.
    var isEmpty: Bool { bodies.isEmpty }

    /// When the earliest is due; nil while nothing waits.
    var earliest: BootInstant? {
        mutating get {
            dropCalledOff()
            return order.earliest?.due
        }
    }

    /// Puts something in, under a key of its own.
    mutating func insert(_ body: Body, due: BootInstant) -> UInt64 {
        defer { nextKey += 1 }
        bodies[nextKey] = body
        order.insert(nextKey, due: due)
        return nextKey
    }

    /// Calls something off.
    ///
    /// - Returns: what will not be done; nil if it was taken or called off before.
    @discardableResult
    mutating func cancel(_ key: UInt64) -> Body? {
        let body = bodies.removeValue(forKey: key)
        // What is far away would be kept until then.
        if order.count > 2 * bodies.count + 64 { order.removeAll { bodies[$0] == nil } }
        return body
    }

    /// Takes out the earliest, if it is due.
    mutating func take(now: BootInstant) -> Body? {
        while let key = order.take(now: now) {
            if let body = bodies.removeValue(forKey: key) { return body }
        }
        return nil
    }

    private mutating func dropCalledOff() {
        while let first = order.earliest, bodies[first.element] == nil { order.takeFirst() }
    }
}
