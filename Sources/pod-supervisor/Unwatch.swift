import CBirth
import CLinux

/// Stops watching a descriptor and closes it.
///
/// Closing alone is not enough: as long as another process holds the same open file (a birth under way, the logger),
/// epoll goes on reporting it, and nobody could ever stop that.
func unwatch(_ descriptor: Int32, _ epoll: Int32) {
    guard descriptor >= 0 else { return }
    clinux_epoll_remove(epoll, descriptor)
    close(descriptor)
}
