// Users of a Pod's own: a namespace in which 65,536 numbers stand for others of the node's, the Pod's root for nobody.
//
// Everything is mounted by the node's root, as for any other Pod, with trees whose owners are shifted. Only then a container
// becomes one of the Pod's users, in a mount namespace of theirs: what was mounted before is locked there as a whole, so
// that not even who may mount in it can uncover what is hidden.
#include "internal.h"
#include "syscalls.h"

#include <grp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>

int birth_has_users(const struct birth_plan *plan) { return (plan->namespaces & BIRTH_OWN_USERS) != 0; }

void birth_map_tree(const struct birth_plan *plan, int tree, const char *source) {
    if (!birth_has_users(plan)) return;
    struct mount_attr mapped = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)plan->users};
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &mapped, sizeof mapped) < 0)
        birth_fail(plan, BIRTH_STAGE_USERS, errno, source);
}

void birth_hand_over_streams(const struct birth_plan *plan) {
    for (int i = 0; i < 3; i++) {
        struct stat stream;
        int descriptor = plan->process.stdio[i];
        // Both: who has the right to change an owner has it only over what wholly belongs to the Pod's users.
        if (descriptor >= 0 && fstat(descriptor, &stream) == 0 && S_ISFIFO(stream.st_mode) &&
            fchown(descriptor, plan->first_user, plan->first_user) < 0 && errno != EROFS)
            birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "owner of the standard streams");
    }
}

void birth_await_users(const struct birth_plan *plan) {
    char byte;
    ssize_t count;
    while ((count = recv(plan->channel, &byte, 1, 0)) < 0 && errno == EINTR) {}
    if (count != 1) _exit(127);  // the supervisor could not say, and has told why
}

void birth_become_root(const struct birth_plan *plan) {
    if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
        birth_fail(plan, BIRTH_STAGE_USERS, errno, "the Pod's root");
}

void birth_join_users(const struct birth_plan *plan) {
    if (!birth_has_users(plan)) return;
    birth_hand_over_streams(plan);
    if (syscall(SYS_setns, plan->users, CLONE_NEWUSER) < 0)
        birth_fail(plan, BIRTH_STAGE_USERS, errno, "the Pod's namespace of users");
    birth_become_root(plan);
    if (unshare(CLONE_NEWNS) < 0) birth_fail(plan, BIRTH_STAGE_USERS, errno, "mounts of the Pod's users");
}
