#define _GNU_SOURCE
#include "clinux_confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// By number: glibc has wrappers since 2.36 only, and its <sys/mount.h> clashes with <linux/mount.h>.
#define MS_REC_PRIVATE (16384 | (1 << 18))
#define MNT_DETACH_FLAG 2

#define TRY(name, call)                                                                                                \
    do {                                                                                                               \
        *failed = (name);                                                                                              \
        if ((call) < 0) return -1;                                                                                     \
    } while (0)

int clinux_confine_root(const char *path, const char **failed) {
    TRY("unshare", unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC));
    // Nothing mounted or unmounted here may travel back.
    TRY("mount(MS_PRIVATE)", syscall(SYS_mount, "none", "/", NULL, MS_REC_PRIVATE, NULL));

    int directory, tree;
    TRY("open", directory = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    unsigned int detached = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
    TRY("open_tree", tree = (int)syscall(SYS_open_tree, directory, "", detached));
    // noexec also keeps the C library from loading a shared object that a layer brought along (CVE-2019-14271).
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    TRY("mount_setattr", syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes));
    TRY("move_mount",
        syscall(SYS_move_mount, tree, "", directory, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));

    // The old root ends up on top of the new one, where one unmount removes it and all below it.
    TRY("fchdir", fchdir(tree));
    TRY("pivot_root", syscall(SYS_pivot_root, ".", "."));
    TRY("umount2", syscall(SYS_umount2, ".", MNT_DETACH_FLAG));
    TRY("chdir", chdir("/"));
    close(directory);
    close(tree);
    return 0;
}

int clinux_confine_privileges(uint64_t kept, const char **failed) {
    TRY("prctl(PR_SET_NO_NEW_PRIVS)", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    TRY("prctl(PR_CAP_AMBIENT)", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    for (int capability = 0; capability < 64; capability++) {
        // Reading fails from the first number this kernel does not know.
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0) break;
        if (!(kept >> capability & 1)) TRY("prctl(PR_CAPBSET_DROP)", prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {
        {.effective = (uint32_t)kept, .permitted = (uint32_t)kept},
        {.effective = (uint32_t)(kept >> 32), .permitted = (uint32_t)(kept >> 32)},
    };
    TRY("capset", syscall(SYS_capset, &header, sets));
    return 0;
}

int clinux_syncfs(int descriptor) { return syncfs(descriptor); }

int clinux_write_out(int descriptor) {
    return sync_file_range(
        descriptor, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}
