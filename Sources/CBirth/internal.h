// Shared between the steps of a birth; see birth.h.
#ifndef BIRTH_INTERNAL_H
#define BIRTH_INTERNAL_H

#define _GNU_SOURCE
#include "birth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

// --- supervisor_system.c ---------------------------------------------------------------------------------------------
enum { BIRTH_IGNORED_SIGNALS = 3 };
/// What the supervisor ignores, and no process that it gives birth to.
extern const int birth_ignored_signals[BIRTH_IGNORED_SIGNALS];

// --- descriptors.c -------------------------------------------------------------------------------------------------
/// Closes every descriptor from 3 on but those named; -1 names none.
void birth_keep_only(const int *kept, size_t count);

// --- report.c ------------------------------------------------------------------------------------------------------
/// Tells the supervisor which step failed and ends the child.
_Noreturn void birth_fail(const struct birth_plan *plan, enum birth_stage stage, int error, const char *detail);
/// Tells the supervisor what the process has to do without, and goes on.
void birth_notice(const struct birth_plan *plan, enum birth_stage stage, int error, const char *detail);
/// Notes that `stage` is over.
void birth_passed(enum birth_stage stage);
void birth_send_timeline(const struct birth_plan *plan);
void birth_send_terminal(const struct birth_plan *plan, int master);

// --- users.c ---------------------------------------------------------------------------------------------------------
/// Whether the Pod has users of its own.
int birth_has_users(const struct birth_plan *plan);
/// Shows a tree that is mounted nowhere yet to the Pod's users as theirs: what belongs to the node's root there belongs to
/// the Pod's. Does nothing for a Pod whose users are the node's.
void birth_map_tree(const struct birth_plan *plan, int tree, const char *source);
/// Lets the Pod's root own the streams that the node's root made, while that is still to be decided here.
void birth_hand_over_streams(const struct birth_plan *plan);
/// Pause: waits until the supervisor has said who the Pod's users are.
void birth_await_users(const struct birth_plan *plan);
/// Becomes the Pod's root, in its namespace of users, which the caller is in.
void birth_become_root(const struct birth_plan *plan);
/// Container: joins the Pod's users, with mounts that are theirs and that none of them can take apart.
void birth_join_users(const struct birth_plan *plan);

// --- root.c ----------------------------------------------------------------------------------------------------------
/// Mounts the overlay of the container's root; returns a descriptor of it.
int birth_make_root(const struct birth_plan *plan);
/// Mounts an overlay over the directory of its layers, from where it is picked up by the descriptor that is returned; of a
/// Pod with users of its own the layers, shown as theirs, lie between both.
int birth_mount_layers(const struct birth_plan *plan, const struct birth_root *root);
/// Makes `root` the "/" of this process and drops the old tree.
void birth_pivot(const struct birth_plan *plan, int root);

// --- mounts.c --------------------------------------------------------------------------------------------------------
void birth_open_sources(const struct birth_plan *plan);
void birth_run_steps(const struct birth_plan *plan, int root);
/// Shows the terminal at /dev/console of the root that this process has come into.
void birth_show_console(const struct birth_plan *plan, int terminal);

// --- user.c ----------------------------------------------------------------------------------------------------------
enum { BIRTH_MAX_GROUPS = 256, BIRTH_HOME_LENGTH = 256 };
struct birth_user {
    uid_t uid;
    gid_t gid;
    gid_t groups[BIRTH_MAX_GROUPS];
    size_t group_count;
    char home[BIRTH_HOME_LENGTH];
};
/// Resolves "uid[:gid]" or "name[:group]" with the container's own /etc/passwd and /etc/group; "/" is the container's.
void birth_find_user(const struct birth_plan *plan, struct birth_user *user);

// --- process.c -------------------------------------------------------------------------------------------------------
/// Asks for SIGKILL at the supervisor's death, and ends at once if it died before it could be asked for.
void birth_die_with_supervisor(const struct birth_plan *plan);
/// Makes "/" read-only, as late as its working directory allows.
void birth_seal_root(const struct birth_plan *plan);
/// Terminal or pipes, user, directory, credentials, exec. Does not return.
_Noreturn void birth_become(const struct birth_plan *plan);

#endif
