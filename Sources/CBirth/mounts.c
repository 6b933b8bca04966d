#include "internal.h"
#include "syscalls.h"

#include <linux/capability.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

// Every path below the root is resolved inside it, and never through /proc's magic links: what an image plants there
// (a link "/proc -> /etc", say) cannot lead a mount anywhere else.
static const uint64_t inside = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

// Whose the mount points are that are made in the root; 0 leaves them the node's root's.
static uid_t owner;

static int make(int directory, const char *name, int is_directory) {
    return is_directory ? mkdirat(directory, name, 0755) : mknodat(directory, name, S_IFREG | 0644, 0);
}

// Makes it as one of the owner's, with all that the node's root may: setfsuid(2) takes the capabilities over files away,
// and gives them back at the end; in between they are taken back by hand. (It also ends the wish to die with the supervisor,
// which is made again before the exec.)
static int make_as_owner(int directory, const char *name, int is_directory) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct held[2];
    if (syscall(SYS_capget, &header, held) < 0) return -1;
    setfsgid(owner);
    setfsuid(owner);
    int made = syscall(SYS_capset, &header, held) < 0 ? -1 : make(directory, name, is_directory);
    int error = errno;
    setfsuid(0);
    setfsgid(0);
    errno = error;
    return made;
}

// Makes a place to mount on, the owner's. In a volume that is shown to the Pod's users as theirs the node's root is nobody
// whose anything could be (EOVERFLOW).
static int make_own(int directory, const char *name, int is_directory) {
    if (make(directory, name, is_directory) == 0)
        return owner == 0 ? 0 : fchownat(directory, name, owner, owner, AT_SYMLINK_NOFOLLOW);
    return owner != 0 && errno == EOVERFLOW ? make_as_owner(directory, name, is_directory) : -1;
}

static int open_inside(int root, const char *path, uint64_t flags, uint64_t resolve) {
    for (;;) {
        int found = sys_openat2(root, path, flags | O_CLOEXEC, inside | resolve);
        if (found >= 0 || errno != EAGAIN) return found;  // EAGAIN: a rename ran beside the resolution
    }
}

// Opens the directory that `path` lies in, making what is missing; `name` is set to the last component.
static int open_parent(int root, const char *path, const char **name, uint64_t resolve) {
    char prefix[4096];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    if (length >= sizeof prefix) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int directory = open_inside(root, "/", O_PATH | O_DIRECTORY, 0);
    size_t start = 0;
    while (directory >= 0) {
        while (start < length && path[start] == '/') start++;
        size_t end = start;
        while (end < length && path[end] != '/') end++;
        if (end >= length) {
            *name = path + start;
            return directory;
        }
        memcpy(prefix, path, end);
        prefix[end] = 0;
        int next = open_inside(root, prefix, O_PATH | O_DIRECTORY, resolve);
        if (next < 0 && errno == ENOENT) {
            char component[256] = {0};
            if (end - start < sizeof component) memcpy(component, path + start, end - start);
            if (make_own(directory, component, 1) == 0 || errno == EEXIST)
                next = open_inside(root, prefix, O_PATH | O_DIRECTORY, resolve);
        }
        int error = errno;
        close(directory);
        errno = error;
        directory = next;
        start = end;
    }
    return directory;
}

// Where the link called `name` in `parent`, the last component of `path`, points to, seen from the root: into `next`.
static int follow_link(int parent, const char *path, const char *name, char *next, size_t size) {
    char text[2048];
    ssize_t length = readlinkat(parent, name, text, sizeof text - 1);
    if (length < 0) return -1;
    text[length] = 0;
    int written = text[0] == '/' ? snprintf(next, size, "%s", text)
                                 : snprintf(next, size, "%.*s%s", (int)(name - path), path, text);
    if (written >= 0 && (size_t)written < size) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

// Opens the place to mount on, a directory or a file like what will be mounted there; makes it when it is missing, also
// at the end of a link that leads nowhere yet (/etc/resolv.conf of images made for systemd).
static int open_target(int root, const char *wanted, int is_directory, uint64_t resolve) {
    char paths[2][4096];
    const char *path = wanted;
    for (int hop = 0; hop < 40; hop++) {
        int target = open_inside(root, path, O_PATH | (is_directory ? O_DIRECTORY : 0), resolve);
        if (target >= 0 || errno != ENOENT) return target;
        const char *name;
        int parent = open_parent(root, path, &name, resolve);
        if (parent < 0) return -1;
        int made = make_own(parent, name, is_directory);
        int failed = made < 0 && errno != EEXIST;
        if (made < 0 && !failed && !(resolve & RESOLVE_NO_SYMLINKS)) {
            failed = follow_link(parent, path, name, paths[hop & 1], sizeof paths[0]) < 0;
            path = paths[hop & 1];
        }
        int error = errno;
        close(parent);
        errno = error;
        if (failed) return -1;
    }
    errno = ELOOP;
    return -1;
}

static int attach(int mount, int target) {
    return sys_move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static _Noreturn void fail(const struct birth_plan *plan, const struct birth_step *step, const char *what) {
    char detail[200];
    int error = errno;
    snprintf(detail, sizeof detail, "%s %s", what, step->target ? step->target : "");
    birth_fail(plan, BIRTH_STAGE_MOUNTS, error, detail);
}

// Opens a path below `base`, wherever links in it point: what a container wrote into its volume leads nowhere else, also
// when it changes while this runs, for what was opened is what is mounted (CVE-2017-1002101, CVE-2021-25741). A directory
// that is missing is made, as open to others as the volume is.
static int open_within(int base, const char *path, uint64_t resolve, int is_made) {
    int found = open_inside(base, path, O_PATH, resolve);
    if (found >= 0 || errno != ENOENT || !is_made) return found;
    struct stat volume;
    char name[32];
    if (fstat(base, &volume) < 0 || (found = open_target(base, path, 1, RESOLVE_NO_SYMLINKS)) < 0) return -1;
    snprintf(name, sizeof name, "/proc/self/fd/%d", found);
    if (chmod(name, volume.st_mode & 07777) == 0) return found;
    int error = errno;
    close(found);
    errno = error;
    return -1;
}

static void enter_mounts(const struct birth_plan *plan, const struct birth_step *step, int namespace) {
    if (syscall(SYS_setns, namespace, CLONE_NEWNS) < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
}

// A volume's tree as it is mounted in the container: a copy of its own, that shares mounts with nobody unless it is to
// follow the node. One that is the node's own is copied where the node's mounts are: only from there it shares with them.
static void open_volume(const struct birth_plan *plan, struct birth_step *step) {
    int own = step->is_nodes_own ? open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC) : -1;
    if (step->is_nodes_own) enter_mounts(plan, step, plan->node_mounts);
    int place = open(step->source, O_PATH | O_CLOEXEC);
    if (place < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
    uint32_t without_links = step->without_links;
    for (const char *const *path = step->within; *path; path++) {
        // Others than the Pod's namespace may have put a link there: ELOOP.
        uint64_t resolve = without_links > 0 ? RESOLVE_NO_SYMLINKS : 0;
        if (without_links > 0) without_links--;
        int next = open_within(place, *path, resolve, step->is_made && !path[1]);
        if (next < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, *path);
        close(place);
        place = next;
    }
    step->prepared = sys_open_tree(place, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
    if (step->prepared < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
    birth_map_tree(plan, step->prepared, step->source);
    close(place);
    if (step->is_nodes_own) {
        enter_mounts(plan, step, own);
        close(own);
    }
    struct mount_attr sharing = {
        .propagation = step->is_nodes_own ? MS_SHARED : step->follows_node ? MS_SLAVE : MS_PRIVATE};
    if (syscall(SYS_mount_setattr, step->prepared, "", AT_EMPTY_PATH | AT_RECURSIVE, &sharing, sizeof sharing) < 0)
        birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
    if (step->attributes &&
        sys_mount_setattr(step->prepared, AT_EMPTY_PATH | (step->is_recursive ? AT_RECURSIVE : 0), step->attributes, 0) < 0)
        birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
}

// What of an image is mounted in the container: its layers, or a place within them. Overlayfs takes no single layer without
// a writable one: that is mounted as it is.
static void open_image(const struct birth_plan *plan, struct birth_step *step) {
    const struct birth_root image = {.lower = step->options, .base = step->source, .upper = "", .work = ""};
    if (!image.lower[0]) birth_fail(plan, BIRTH_STAGE_SOURCES, EINVAL, "of an image without layers");
    int is_single = !image.lower[1], place;
    if (!is_single) place = birth_mount_layers(plan, &image);
    else if (chdir(image.base) < 0 || (place = open(image.lower[0], O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
        birth_fail(plan, BIRTH_STAGE_SOURCES, errno, image.base);
    for (const char *const *path = step->within; *path; path++) {
        int next = open_within(place, *path, 0, 0);
        if (next < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, *path);
        close(place);
        place = next;
    }
    step->prepared = sys_open_tree(place, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    if (step->prepared < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, image.base);
    close(place);
    if (is_single) birth_map_tree(plan, step->prepared, image.base);
    // The next overlay, the root's at last, is made of the layers themselves again.
    for (int mounts = is_single ? 0 : birth_has_users(plan) ? 2 : 1; mounts > 0; mounts--)
        if (umount2(image.base, MNT_DETACH) < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, image.base);
    if (sys_mount_setattr(step->prepared, AT_EMPTY_PATH, step->attributes, 0) < 0)
        birth_fail(plan, BIRTH_STAGE_SOURCES, errno, image.base);
}

void birth_open_sources(const struct birth_plan *plan) {
    for (size_t i = 0; i < plan->step_count; i++) {
        struct birth_step *step = &plan->steps[i];
        if (step->kind == BIRTH_STEP_VOLUME) open_volume(plan, step);
        if (step->kind == BIRTH_STEP_IMAGE) open_image(plan, step);
        if (step->kind != BIRTH_STEP_BIND) continue;
        step->prepared = sys_open_tree(AT_FDCWD, step->source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
        if (step->prepared < 0) birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
        birth_map_tree(plan, step->prepared, step->source);
        if (step->attributes &&
            sys_mount_setattr(step->prepared, AT_EMPTY_PATH | AT_RECURSIVE, step->attributes, 0) < 0)
            birth_fail(plan, BIRTH_STAGE_SOURCES, errno, step->source);
    }
}

static void mount_filesystem(const struct birth_plan *plan, const struct birth_step *step, int root) {
    int fs = sys_fsopen(step->source);
    if (fs < 0) fail(plan, step, step->source);
    for (const char *const *option = step->options; *option; option++) {
        char key[64];
        const char *equals = strchr(*option, '=');
        if (!equals) {
            if (sys_fsconfig(fs, FSCONFIG_SET_FLAG, *option, NULL, 0) < 0) fail(plan, step, *option);
            continue;
        }
        snprintf(key, sizeof key, "%.*s", (int)(equals - *option), *option);
        if (sys_fsconfig(fs, FSCONFIG_SET_STRING, key, equals + 1, 0) < 0) fail(plan, step, *option);
    }
    if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) fail(plan, step, step->source);
    int mount = sys_fsmount(fs, step->attributes);
    if (mount < 0) fail(plan, step, step->source);
    close(fs);
    // A file system of the kernel's goes to a real directory only, never where a link in the image points to.
    int target = open_target(root, step->target, 1, RESOLVE_NO_SYMLINKS);
    if (target < 0) fail(plan, step, "mount point");
    if (attach(mount, target) < 0) fail(plan, step, "mount");
    close(target);
    close(mount);
}

// Whether what is mounted on `target` is mounted on the node too. In here nothing is shared but volumes that are the node's
// own. -1: not known.
static int is_shared(int target) {
    struct statx found;
    FILE *mounts;
    if (statx(target, "", AT_EMPTY_PATH, STATX_MNT_ID, &found) < 0 || !(mounts = fopen("/proc/self/mountinfo", "re")))
        return -1;
    char *line = NULL;
    size_t size = 0;
    int shared = -1;
    while (shared < 0 && getline(&line, &size, mounts) > 0) {
        if (strtoull(line, NULL, 10) != found.stx_mnt_id) continue;
        char *end = strstr(line, " - ");  // no field holds a space
        if (end) *end = 0;
        shared = strstr(line, " shared:") != NULL;
    }
    free(line);
    fclose(mounts);
    if (shared < 0) errno = ENOENT;
    return shared;
}

// The agent lets nothing be mounted in a volume that is the node's own, but cannot know of links in an image that lead there.
static void keep_off_node(
    const struct birth_plan *plan, const struct birth_step *step, size_t earlier, int target) {
    const struct birth_step *other = plan->steps, *end = plan->steps + earlier;
    while (other < end && !other->is_nodes_own) other++;
    if (other == end) return;
    int shared = is_shared(target);
    if (shared < 0) fail(plan, step, "find out whether the node would see what is mounted on");
    errno = EXDEV;
    if (shared) fail(plan, step, "a link leads into a volume that is Bidirectional, where all is mounted on the node too:");
}

// The source is the open file itself, which is known to be of the container's devpts (CVE-2025-52565); the place is in a real
// directory, and is no link.
void birth_show_console(const struct birth_plan *plan, int terminal) {
    struct stat found;
    const struct birth_step step = {.target = "/dev/console"};
    const char *problem = "/dev/console";
    int directory = sys_openat2(AT_FDCWD, "/dev", O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    if (directory < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, problem);
    if (mknodat(directory, "console", S_IFREG | 0600, 0) < 0 && errno != EEXIST)
        birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, problem);
    int target = openat(directory, "console", O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (target < 0 || fstat(target, &found) < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, problem);
    if (S_ISLNK(found.st_mode) || S_ISDIR(found.st_mode)) birth_fail(plan, BIRTH_STAGE_TERMINAL, ELOOP, problem);
    keep_off_node(plan, &step, plan->step_count, target);
    int tree = sys_open_tree(terminal, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    if (tree < 0 || attach(tree, target) < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, problem);
    close(tree);
    close(target);
    close(directory);
}

static void mount_bind(const struct birth_plan *plan, const struct birth_step *step, int root) {
    struct stat source;
    if (fstat(step->prepared, &source) < 0) fail(plan, step, "stat the source of");
    int target = open_target(root, step->target, S_ISDIR(source.st_mode), 0);
    if (target < 0) fail(plan, step, "mount point");
    keep_off_node(plan, step, (size_t)(step - plan->steps), target);
    if (attach(step->prepared, target) < 0) fail(plan, step, "mount");
    close(target);
    close(step->prepared);
}

static void make_node(const struct birth_plan *plan, const struct birth_step *step, int root) {
    const char *name;
    int parent = open_parent(root, step->target, &name, RESOLVE_NO_SYMLINKS);
    if (parent < 0) fail(plan, step, "directory of");
    int made = step->kind == BIRTH_STEP_SYMLINK
                   ? symlinkat(step->source, parent, name)
                   : mknodat(parent, name, (step->kind == BIRTH_STEP_BLOCK_DEVICE ? S_IFBLK : S_IFCHR) | step->mode,
                             makedev(step->major, step->minor));
    if (made < 0) fail(plan, step, "make");
    if ((step->owner || step->group) && fchownat(parent, name, step->owner, step->group, AT_SYMLINK_NOFOLLOW) < 0)
        fail(plan, step, "owner of");
    close(parent);
}

// The source of a mask is the container's own /dev/null, checked to be the real one by its numbers.
static void mask(const struct birth_plan *plan, const struct birth_step *step, int root) {
    static int empty = -1;  // one empty read-only tmpfs hides every directory: tearing many down is slow
    int target = open_inside(root, step->target, O_PATH | O_NOFOLLOW, 0);
    if (target < 0 && (errno == ENOENT || errno == ENOTDIR)) return;
    struct stat found;
    if (target < 0 || fstat(target, &found) < 0) fail(plan, step, "mask");
    int cover;
    if (S_ISDIR(found.st_mode)) {
        if (empty < 0) {
            int fs = sys_fsopen("tmpfs");
            if (fs < 0 || sys_fsconfig(fs, FSCONFIG_SET_STRING, "size", "0", 0) < 0 ||
                sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ||
                (empty = sys_fsmount(fs, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC |
                                             MOUNT_ATTR_NODEV)) < 0)
                fail(plan, step, "mask");
            close(fs);
            if (attach(empty, target) < 0) fail(plan, step, "mask");
            close(target);
            return;
        }
        cover = sys_open_tree(empty, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    } else {
        struct stat null;
        int source = open_inside(root, "/dev/null", O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
        if (source < 0 || fstat(source, &null) < 0) fail(plan, step, "open /dev/null to mask");
        if (!S_ISCHR(null.st_mode) || null.st_rdev != makedev(1, 3)) {
            errno = EINVAL;
            fail(plan, step, "/dev/null is not the null device; mask");
        }
        cover = sys_open_tree(source, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
        close(source);
    }
    if (cover < 0 || attach(cover, target) < 0) fail(plan, step, "mask");
    close(cover);
    close(target);
}

static void make_read_only(const struct birth_plan *plan, const struct birth_step *step, int root) {
    int target = open_inside(root, step->target, O_PATH | O_NOFOLLOW, 0);
    if (target < 0 && (errno == ENOENT || errno == ENOTDIR)) return;
    if (target < 0) fail(plan, step, "read-only");
    int tree = sys_open_tree(target, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
    if (tree < 0 || sys_mount_setattr(tree, AT_EMPTY_PATH | AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0) < 0 ||
        attach(tree, target) < 0)
        fail(plan, step, "read-only");
    close(tree);
    close(target);
}

void birth_run_steps(const struct birth_plan *plan, int root) {
    if (birth_has_users(plan)) owner = plan->first_user;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct birth_step *step = &plan->steps[i];
        switch (step->kind) {
        case BIRTH_STEP_FILESYSTEM: mount_filesystem(plan, step, root); break;
        case BIRTH_STEP_BIND:
        case BIRTH_STEP_IMAGE:
        case BIRTH_STEP_VOLUME: mount_bind(plan, step, root); break;
        case BIRTH_STEP_DEVICE:
        case BIRTH_STEP_BLOCK_DEVICE:
        case BIRTH_STEP_SYMLINK: make_node(plan, step, root); break;
        case BIRTH_STEP_MASK: mask(plan, step, root); break;
        case BIRTH_STEP_READ_ONLY: make_read_only(plan, step, root); break;
        case BIRTH_STEP_CGROUP_NAMESPACE:
            birth_passed(BIRTH_STAGE_MOUNTS);
            if (unshare(CLONE_NEWCGROUP) < 0) birth_fail(plan, BIRTH_STAGE_CGROUP, errno, "cgroup namespace");
            birth_passed(BIRTH_STAGE_CGROUP);
            break;
        default:
            errno = EINVAL;
            fail(plan, step, "a mount step this supervisor does not know; upgrade it:");
        }
    }
}
