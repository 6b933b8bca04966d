// Trying out what the kernel lets this process do.
#ifndef CLINUX_PROBE_H
#define CLINUX_PROBE_H

/// unshare(2) of the calling thread; -1 and errno on failure.
int clinux_unshare(int flags);

/// Makes every mount of this mount namespace private; -1 and errno on failure.
int clinux_make_mounts_private(void);

/// Mounts an overlay of `lower` and `upper` at `target` with the new mount API (fsopen, fsmount, move_mount), as
/// containers have it. -1 and errno on failure; `*failed` then names the call.
int clinux_mount_overlay(
    const char *lower, const char *upper, const char *work, const char *target, const char **failed);

/// Makes a namespace of users, and shows what is in a tmpfs and at `directory` to them as theirs. Clones: to be called in a
/// process of one thread. -1 and errno on failure; `*failed` then names what was tried.
int clinux_try_users(const char *directory, const char **failed);

/// Whether the kernel takes the machine's clock for synchronised (adjtimex(2)): 1 yes, 0 no, -1 and errno unknown.
int clinux_clock_is_synchronised(void);

#endif
