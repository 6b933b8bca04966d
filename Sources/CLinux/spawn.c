#define _GNU_SOURCE
#include "clinux_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// `sources` lie above `count`, so that no dup2 overwrites a descriptor that a later one still needs.
static int add_descriptors(posix_spawn_file_actions_t *actions, const int *sources, int count) {
    int error = 0;
    for (int i = 0; i < count && error == 0; i++) {
        if (sources[i] >= 0)
            error = posix_spawn_file_actions_adddup2(actions, sources[i], i);
        else if (i < 3)
            error = posix_spawn_file_actions_addopen(actions, i, "/dev/null", O_RDWR, 0);
        else
            error = posix_spawn_file_actions_addclose(actions, i);
    }
    return error != 0 ? error : posix_spawn_file_actions_addclosefrom_np(actions, count);
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    return error;
}

static int spawn_with(
    pid_t *child, const char *executable, char *const arguments[], char *const environment[], const int *sources,
    int count) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    posix_spawnattr_t attributes;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = add_descriptors(&actions, sources, count);
        if (error == 0) error = set_attributes(&attributes);
        if (error == 0)
            error = posix_spawn(
                child, executable, &actions, &attributes, arguments, environment ? environment : environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int clinux_spawn(
    pid_t *child, const char *executable, char *const arguments[], char *const environment[], const int *descriptors,
    int count) {
    int *sources = calloc((size_t)count, sizeof *sources);
    if (sources == NULL) return ENOMEM;
    int error = 0;
    for (int i = 0; i < count; i++) {
        sources[i] = -1;
        if (descriptors[i] < 0 || error != 0) continue;
        sources[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, count);
        if (sources[i] < 0) error = errno;
    }
    if (error == 0) error = spawn_with(child, executable, arguments, environment, sources, count);
    for (int i = 0; i < count; i++)
        if (sources[i] >= 0) close(sources[i]);
    free(sources);
    return error;
}

int clinux_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int clinux_read_only_tree(const char *path) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) return -1;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV};
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0) return tree;
    int error = errno;
    close(tree);
    errno = error;
    return -1;
}
