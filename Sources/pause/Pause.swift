import CPause

/// Holds a Pod's network, IPC and UTS namespaces by doing nothing, in a few KiB: no C library, no heap.
@_cdecl("pause_main")
func entry(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    pause_reap_children()
    while true { pause_sleep() }
}
