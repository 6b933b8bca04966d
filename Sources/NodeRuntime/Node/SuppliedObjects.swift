import PodModel
import Synchronization

/// The ConfigMaps and Secrets that Pods may use now, as the loop supplied them last.
final class SuppliedObjects: Sendable {
    private let objects = Mutex(ConfigurationObjects())

    var current: ConfigurationObjects { objects.withLock { $0 } }

    func replace(by new: ConfigurationObjects) { objects.withLock { $0 = new } }
}
