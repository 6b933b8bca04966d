#include "internal.h"
#include "syscalls.h"

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

// Overlay options other than the layers. "volatile": the writable layer belongs to one attempt of one container and is
// never mounted again, so nothing is gained by syncing it; without it the last unmount would wait for the disk.
static int set_common(int fs, const struct birth_root *root) {
    if (root->upper[0]) {
        if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "upperdir", root->upper, 0) < 0) return -1;
        if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "workdir", root->work, 0) < 0) return -1;
        if (sys_fsconfig(fs, FSCONFIG_SET_FLAG, "volatile", NULL, 0) < 0) return -1;
    }
    return 0;
}

// One layer a call (Linux 6.8 and later). 1: mounted, 0: this kernel or these paths want mount(2), -1: failed.
// Older kernels take the unknown option and answer EINVAL when the file system is made.
static int mount_by_descriptor(const struct birth_root *root, uint64_t attributes, int *mount) {
    if (strlen(root->upper) > 255 || strlen(root->work) > 255) return 0;  // fsconfig takes strings of 255 bytes
    int fs = sys_fsopen("overlay");
    if (fs < 0) return -1;
    int failed = 0;
    for (const char *const *lower = root->lower; *lower && !failed; lower++)
        failed = sys_fsconfig(fs, FSCONFIG_SET_STRING, "lowerdir+", *lower, 0) < 0;
    if (!failed) failed = set_common(fs, root) < 0 || sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0;
    if (!failed) failed = (*mount = sys_fsmount(fs, attributes)) < 0;
    int error = errno;
    close(fs);
    errno = error;
    return !failed ? 1 : error == EINVAL ? 0 : -1;
}

// The old way, for older kernels: one page of options, mounted over the working directory of this private namespace
// and picked up again by descriptor.
static int mount_by_options(const struct birth_plan *plan, const struct birth_root *root) {
    static char options[4096];
    size_t used = (size_t)snprintf(options, sizeof options, "lowerdir=");
    for (const char *const *lower = root->lower; *lower && used < sizeof options; lower++)
        used += (size_t)snprintf(options + used, sizeof options - used, "%s%s", lower == root->lower ? "" : ":", *lower);
    if (root->upper[0] && used < sizeof options)
        used += (size_t)snprintf(options + used, sizeof options - used, ",upperdir=%s,workdir=%s,volatile", root->upper,
                                 root->work);
    if (used >= sizeof options) birth_fail(plan, BIRTH_STAGE_ROOT, E2BIG, "the image has too many layers");
    if (mount("overlay", ".", "overlay", MS_NODEV, options) < 0) return -1;
    return sys_open_tree(AT_FDCWD, root->base, OPEN_TREE_CLOEXEC);
}

// The image's files belong to the Pod's users: the layers' directory, mapped, over itself. The writable layer is not: what is
// written there belongs on the disk to whom it belongs, so its own directory is to be the Pod's root's.
static void show_layers_as_theirs(const struct birth_plan *plan, const char *base) {
    if (!birth_has_users(plan)) return;
    int layers = sys_open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (layers < 0) birth_fail(plan, BIRTH_STAGE_ROOT, errno, base);
    birth_map_tree(plan, layers, base);
    if (sys_move_mount(layers, "", AT_FDCWD, base, MOVE_MOUNT_F_EMPTY_PATH) < 0 || fchdir(layers) < 0)
        birth_fail(plan, BIRTH_STAGE_ROOT, errno, base);
    close(layers);
}

int birth_mount_layers(const struct birth_plan *plan, const struct birth_root *root) {
    // A device node that an image brings along is dead: devices come from /dev alone.
    uint64_t attributes = MOUNT_ATTR_NODEV;
    if (chdir(root->base) < 0) birth_fail(plan, BIRTH_STAGE_ROOT, errno, root->base);
    show_layers_as_theirs(plan, root->base);
    int mount = -1;
    int made = mount_by_descriptor(root, attributes, &mount);
    if (made == 0) {
        mount = mount_by_options(plan, root);
        if (mount < 0) birth_fail(plan, BIRTH_STAGE_ROOT, errno, "overlay");
        return mount;
    }
    if (made < 0) birth_fail(plan, BIRTH_STAGE_ROOT, errno, "overlay");
    // Attached over the layers' directory, which this namespace does not need any more: pivot_root wants a mount point.
    if (sys_move_mount(mount, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        birth_fail(plan, BIRTH_STAGE_ROOT, errno, "attach the root");
    return mount;
}

int birth_make_root(const struct birth_plan *plan) { return birth_mount_layers(plan, plan->root); }

void birth_seal_root(const struct birth_plan *plan) {
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0 || sys_mount_setattr(root, AT_EMPTY_PATH, MOUNT_ATTR_RDONLY, 0) < 0)
        birth_fail(plan, BIRTH_STAGE_DIRECTORY, errno, "make the root read-only");
    close(root);
}

void birth_pivot(const struct birth_plan *plan, int root) {
    if (fchdir(root) < 0) birth_fail(plan, BIRTH_STAGE_PIVOT, errno, "fchdir");
    // Both names the same: the old root ends up stacked on the new one, where one unmount takes it away.
    if (syscall(SYS_pivot_root, ".", ".") < 0) birth_fail(plan, BIRTH_STAGE_PIVOT, errno, "pivot_root");
    if (umount2(".", MNT_DETACH) < 0) birth_fail(plan, BIRTH_STAGE_PIVOT, errno, "umount");
    if (chdir("/") < 0) birth_fail(plan, BIRTH_STAGE_PIVOT, errno, "chdir");
    // What the container mounts or unmounts later stays its own business. Volumes that follow the node do so on: they have
    // been told apart from those that do not.
    unsigned long below = MS_REC;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == BIRTH_STEP_VOLUME && (plan->steps[i].follows_node || plan->steps[i].is_nodes_own))
            below = 0;
    if (mount(NULL, "/", NULL, below | MS_PRIVATE, NULL) < 0)
        birth_fail(plan, BIRTH_STAGE_PIVOT, errno, "propagation");
}
