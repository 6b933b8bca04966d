import Glibc
import Synchronization

/// Descriptors that came together, each to be taken once; those that nobody takes are closed with the bag.
///
/// For places where a noncopyable `Descriptor` cannot go: answers that travel through continuations.
public final class DescriptorBag: Sendable {
    private let numbers: Mutex<[Int32]>

    /// Takes over descriptors that nobody else will close.
    public init(owning numbers: [Int32] = []) { self.numbers = Mutex(numbers) }

    deinit { numbers.withLock { for number in $0 where number >= 0 { close(number) } } }

    /// How many came.
    public var count: Int { numbers.withLock { $0.count } }

    /// Takes the descriptor at `index`; nil when there is none, or it was taken before.
    public func take(_ index: Int) -> Descriptor? {
        let number = numbers.withLock { numbers -> Int32 in
            guard numbers.indices.contains(index) else { return -1 }
            defer { numbers[index] = -1 }
            return numbers[index]
        }
        return number >= 0 ? Descriptor(owning: number) : nil
    }
}
