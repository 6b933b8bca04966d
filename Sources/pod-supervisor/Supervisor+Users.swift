import CBirth

// Users of the Pod's own: only from outside of their namespace can be said for whom they stand.
extension Supervisor {
    /// Says it to pause, which waits for that, if the Pod is to have some; sees first that files can be shown as theirs.
    ///
    /// - Returns: errno of what failed; nil when nothing did.
    func giveUsers(_ request: SandboxRequest, to pause: Supervised) -> Int32? {
        guard request.namespaces & SandboxNamespaces.ownUsers != 0 else { return nil }
        let namespace = system_open_namespace(pause.pid, "user")
        guard namespace >= 0, system_map_users(pause.pid, request.firstUser, request.userCount) == 0,
            system_can_map(cString(request.sharedMemory), namespace) == 0
        else {
            let error = system_errno()
            if namespace >= 0 { close(namespace) }
            return error
        }
        var go: UInt8 = 1
        guard write(pause.channel, &go, 1) == 1 else {
            let error = system_errno()
            close(namespace)
            return error
        }
        if users.namespace >= 0 { close(users.namespace) }
        users = (namespace, request.firstUser)
        return nil
    }
}
