#define _GNU_SOURCE
#include "clinux_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
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

static int write_text(pid_t child, const char *name, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)child, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int failed = write(file, text, strlen(text)) < 0;
    int error = errno;
    close(file);
    errno = error;
    return failed ? -1 : 0;
}

static int map_tree(int tree, int users) {
    struct mount_attr mapped = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)users};
    return (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &mapped, sizeof mapped);
}

static int try_users(pid_t child, const char *directory, const char **failed) {
    char path[64];
    int users, context, memory, tree;
    snprintf(path, sizeof path, "/proc/%d/ns/user", (int)child);
    TRY("open the namespace", users = open(path, O_RDONLY | O_CLOEXEC));
    TRY("say who its groups are", write_text(child, "gid_map", "0 65536 65536"));
    TRY("say who its users are", write_text(child, "uid_map", "0 65536 65536"));
    TRY("fsopen tmpfs", context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC));
    TRY("fsconfig tmpfs", syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
    TRY("fsmount tmpfs", memory = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0));
    TRY("map a tmpfs", map_tree(memory, users));
    TRY("open_tree", tree = (int)syscall(SYS_open_tree, AT_FDCWD, directory, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    TRY("map the state directory's file system", map_tree(tree, users));
    close(tree);
    close(memory);
    close(context);
    close(users);
    return 0;
}

int clinux_try_users(const char *directory, const char **failed) {
    int life[2];
    TRY("pipe", pipe2(life, O_CLOEXEC));
    *failed = "clone";
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        char byte;
        close(life[1]);
        if (read(life[0], &byte, 1) < 0) _exit(1);
        _exit(0);
    }
    int result = child < 0 ? -1 : try_users(child, directory, failed);
    int error = errno;
    close(life[0]);
    close(life[1]);
    if (child > 0) waitpid(child, NULL, 0);
    errno = error;
    return result;
}

int clinux_clock_is_synchronised(void) {
    struct timex state = {0};
    int result = adjtimex(&state);
    if (result < 0) return -1;
    return !(state.status & STA_UNSYNC) && result != TIME_ERROR;
}
