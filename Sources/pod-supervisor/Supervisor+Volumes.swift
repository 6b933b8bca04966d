import CBirth

// Volumes in memory: they live and die with the supervisor's mount namespace, and nobody else sees them.
extension Supervisor {
    /// Mounts a tmpfs unless it is there, and hands its directory out.
    func mountVolume(_ request: MountRequest, _ waiter: Supervised.Waiter) {
        if !volumes.contains(request.target) {
            var options: [UInt8] = []
            for option in request.options { options += (options.isEmpty ? [] : [0x2C]) + option }
            mkdir(cString(request.target), 0o755)
            let flags = UInt(MS_NOSUID | MS_NODEV)
            guard mount("tmpfs", cString(request.target), "tmpfs", flags, cString(options)) == 0 else {
                return refuse(waiter, UInt32(BIRTH_STAGE_MOUNTS.rawValue), error: system_errno())
            }
            volumes.append(request.target)
        }
        let directory = system_open(AT_FDCWD, cString(request.target), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard directory >= 0 else {
            return refuse(waiter, UInt32(BIRTH_STAGE_MOUNTS.rawValue), error: system_errno())
        }
        send(MessageType.answer(to: MessageType.mount), to: waiter, descriptors: [directory])
        close(directory)
    }
}
