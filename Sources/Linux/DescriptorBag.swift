import CLinux
import Glibc
import Synchronization

/// Descriptors that came together, each to be taken once; those that nobody takes are closed with the bag.
///
/// For places where a noncopyable `Descriptor` cannot go: answers that travel through continuations.
public final class DescriptorBag: Sendable {
    private let numbers: Mutex<[Int32]>

    /// Takes over descriptors that nobody else will close.
    public init(owning numbers: [Int32] = []) { self.numbers = Mutex(numbers) }

    /// Takes copies of descriptors that stay their owner's.
    public convenience init(copying originals: [Int32]) throws(SystemError) {
        var copies: [Int32] = []
        for original in originals {
            do {
                copies.append(
                    try retrying("fcntl(F_DUPFD_CLOEXEC)") { clinux_fcntl(original, F_DUPFD_CLOEXEC, 3) })
            } catch {
                for copy in copies { close(copy) }
                throw error
            }
        }
        self.init(owning: copies)
    }

    /// Lends the numbers for a call; those that were taken are -1.
    public func withNumbers<Result: ~Copyable>(
        _ body: ([Int32]) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        try body(numbers.withLock { $0 })
    }

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
