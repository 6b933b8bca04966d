import CBirth

/// `pod-supervisor DIRECTORY CGROUP [TASKS…]`: the parent of one Pod's processes.
///
/// DIRECTORY is the Pod's run directory, CGROUP the number of an inherited descriptor of the cgroup to live in (-1:
/// none), TASKS further inherited `tasks` files of v1 cgroups to be entered. The process that was spawned listens, forks the
/// daemon, says `ready` on standard output when it serves, and ends: whoever spawned it has nothing to reap later.
@_cdecl("pod_supervisor_main")
func entry(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    system_ignore_signals()
    guard count >= 3, let directory = arguments[1], let cgroupText = arguments[2] else {
        return complain("usage: pod-supervisor DIRECTORY CGROUP [TASKS...]", code: 2)
    }
    guard chdir(directory) == 0 else { return complain("cannot enter the Pod's run directory") }
    let exits = system_open(AT_FDCWD, "exits", O_RDWR | O_CREAT, 0o600)
    guard exits >= 0 else { return complain("cannot open the Pod's exit records") }
    guard flock(exits, LOCK_EX | LOCK_NB) == 0 else { return complain("the Pod has a supervisor already", code: 3) }
    let listening = system_listen_here()
    guard listening >= 0 else { return complain("cannot listen in the Pod's run directory") }

    var started: [Int32] = [-1, -1]
    guard system_pipe(&started) == 0 else { return complain("cannot make a pipe") }
    let daemon = system_fork_into(atoi(cgroupText))
    if daemon < 0 { return complain("cannot start the supervisor in its cgroup") }
    if daemon == 0 {
        for index in 3..<max(3, Int(count)) {
            guard let text = arguments[index] else { continue }
            // By itself and by `tasks`: that needs no grace period of the kernel's.
            if write(atoi(text), "0", 1) < 0 { return fail(started[1]) }
        }
        return serve(listening: listening, exits: exits, started: started[1])
    }

    close(started[1])
    var error: UInt8 = 0
    guard read(started[0], &error, 1) == 1, error == 0 else {
        set_errno(error == 0 ? EPIPE : Int32(error))
        return complain("the supervisor cannot prepare itself")
    }
    say("ready\n")
    return 0
}

/// The daemon. It writes one byte to `started`: 0 when it serves, or why it cannot.
private func serve(listening: Int32, exits: Int32, started: Int32) -> Int32 {
    setsid()
    let null = system_open(AT_FDCWD, "/dev/null", O_RDWR, 0)
    for stream: Int32 in 0..<3 { dup2(null, stream) }
    closeInherited(except: [listening, exits, started])
    // As node agents are (kubelet: `KubeletOOMScoreAdj`), for all of the Pod goes with it. Where that may not be lowered, it
    // stays as it was.
    system_set_oom_score(-999)
    let nodeMounts = system_open_namespace(getpid(), "mnt")
    guard nodeMounts >= 0, system_own_mount_namespace() == 0,
        let supervisor = Supervisor(listening: listening, exits: exits, nodeMounts: nodeMounts)
    else {
        return fail(started)
    }
    var fine: UInt8 = 0
    write(started, &fine, 1)
    close(started)
    supervisor.run()
    unlink("socket")
    return 0
}

/// Tells the launcher why there will be no supervisor.
private func fail(_ started: Int32) -> Int32 {
    var error = UInt8(truncatingIfNeeded: system_errno())
    write(started, &error, 1)
    return 1
}

/// Closes every descriptor from 3 on but those named.
func closeInherited(except kept: [Int32]) {
    var first: UInt32 = 3
    for descriptor in kept.sorted() {
        let number = UInt32(descriptor)
        if number > first { system_close_range(first, number - 1) }
        first = number + 1
    }
    system_close_range(first, UInt32.max)
}

private func complain(_ sentence: StaticString, code: Int32 = 1) -> Int32 {
    let reason = system_errno()
    write(2, sentence.utf8Start, sentence.utf8CodeUnitCount)
    if code == 1 {
        write(2, ": ", 2)
        write(2, strerror(reason), strlen(strerror(reason)))
    }
    write(2, "\n", 1)
    return code
}

private func say(_ text: StaticString) { write(1, text.utf8Start, text.utf8CodeUnitCount) }

/// A number's digits.
func decimal(_ number: UInt64) -> [UInt8] {
    var digits: [UInt8] = []
    var rest = number
    repeat {
        digits.insert(UInt8(truncatingIfNeeded: 0x30 + rest % 10), at: 0)
        rest /= 10
    } while rest > 0
    return digits
}
