import Cgroups
import Linux
import SupervisorCore

/// A cgroup for one process, as the descriptors and roles of a request to a supervisor.
///
/// A class, since `Placement` is noncopyable and tasks share it.
final class CgroupSeat: Sendable {
    private let placement: Placement
    private let oomEvents: Descriptor?

    init(_ placement: consuming Placement, oomEvents: consuming Descriptor? = nil) {
        self.placement = placement
        self.oomEvents = oomEvents
    }

    /// The cgroup's directory in the unified tree. Valid as long as this value.
    var unified: Int32 { placement.unified.raw }

    /// `tasks` files of v1 hierarchies. Valid as long as this value.
    var tasks: [Int32] { placement.legacyFiles().map(\.descriptor) }

    /// The seat's part of a request. The numbers are valid as long as this value.
    var descriptors: [(role: UInt8, number: Int32)] {
        var all = [(role: DescriptorRole.cgroup, number: unified)]
        all += tasks.map { (role: DescriptorRole.cgroupTasks, number: $0) }
        switch oomEvents {
        case .some(let file): all.append((role: DescriptorRole.oomEvents, number: file.raw))
        case .none: break
        }
        return all
    }
}
