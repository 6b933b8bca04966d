#define _GNU_SOURCE
#include "clinux_probe.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

// By number: <sys/mount.h> clashes with <linux/mount.h>.
#define MS_REC_PRIVATE (16384 | (1 << 18))

#define TRY(name, call)                                                                                                \
    do {                                                                                                               \
        *failed = (name);                                                                                              \
        if ((call) < 0) return -1;                                                                                     \
    } while (0)

int clinux_unshare(int flags) { return unshare(flags); }

int clinux_make_mounts_private(void) { return (int)syscall(SYS_mount, "none", "/", NULL, MS_REC_PRIVATE, NULL); }

static int set(int context, const char *key, const char *value) {
    return (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, key, value, 0);
}

int clinux_mount_overlay(
    const char *lower, const char *upper, const char *work, const char *target, const char **failed) {
    int context, tree;
    TRY("fsopen overlay", context = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC));
    TRY("fsconfig lowerdir", set(context, "lowerdir", lower));
    TRY("fsconfig upperdir", set(context, "upperdir", upper));
    TRY("fsconfig workdir", set(context, "workdir", work));
    TRY("fsconfig create", syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
    TRY("fsmount", tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0));
    close(context);
    TRY("move_mount", syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH));
    close(tree);
    return 0;
}

int clinux_clock_is_synchronised(void) {
    struct timex state = {0};
    int result = adjtimex(&state);
    if (result < 0) return -1;
    return !(state.status & STA_UNSYNC) && result != TIME_ERROR;
}
