// The birth of a process inside a Pod: what runs between clone and exec.
//
// The supervisor fills in a plan and calls birth_clone(). Everything after the clone happens in the child, in the order
// of birth_container(), birth_exec() or birth_pause(); a step that fails becomes one report on the channel, never a
// hang: the supervisor holds a deadline over the child. The child ends in execve(); the channel then closes by itself.
//
// Nothing here allocates, and nothing here is called in the supervisor itself except birth_clone().
#ifndef BIRTH_H
#define BIRTH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The steps of a birth, as reported when one fails and as timed when it succeeds. Numbers are part of the protocol.
enum birth_stage {
    BIRTH_STAGE_CLONE = 1,
    BIRTH_STAGE_SOURCES = 2,     // opening what will be bind-mounted
    BIRTH_STAGE_ROOT = 3,        // overlay of the image's layers
    BIRTH_STAGE_NAMESPACES = 4,  // joining the Pod's network, ipc and uts namespaces
    BIRTH_STAGE_MOUNTS = 5,      // /proc, /dev, /sys, masks
    BIRTH_STAGE_CGROUP = 6,      // entering v1 cgroups, cgroup namespace
    BIRTH_STAGE_PIVOT = 7,
    BIRTH_STAGE_USER = 8,
    BIRTH_STAGE_DIRECTORY = 9,   // working directory
    BIRTH_STAGE_CREDENTIALS = 10,
    BIRTH_STAGE_TERMINAL = 11,
    BIRTH_STAGE_EXEC = 12,
    BIRTH_STAGE_HOSTNAME = 13,
    BIRTH_STAGE_DEADLINE = 14,   // set by the supervisor when it had to kill the child
    BIRTH_STAGE_SECCOMP = 15,    // loading the filter of its system calls
    BIRTH_STAGE_PARAMETERS = 16, // kernel parameters of the Pod's namespaces
    BIRTH_STAGE_USERS = 17,      // becoming one of the Pod's own users
};

/// What a mount step does. Targets are resolved inside the container's root, whatever links the image holds.
enum birth_step_kind {
    BIRTH_STEP_FILESYSTEM = 1,        // new instance of `source` (a file system type) with `options`
    BIRTH_STEP_BIND = 2,              // the tree at `source`
    BIRTH_STEP_DEVICE = 3,            // character device `major`:`minor` with `mode`
    BIRTH_STEP_SYMLINK = 4,           // a link at `target` that says `source`
    BIRTH_STEP_MASK = 5,              // hides `target`; a missing target needs no mask
    BIRTH_STEP_READ_ONLY = 6,         // makes the tree at `target` read-only; a missing target is fine
    BIRTH_STEP_CGROUP_NAMESPACE = 7,  // makes the cgroup namespace
    BIRTH_STEP_VOLUME = 8,            // the tree at `source`, or at the last path of `within`
    BIRTH_STEP_BLOCK_DEVICE = 9,      // block device `major`:`minor` with `mode`
    BIRTH_STEP_IMAGE = 10,            // the layers `options` of the directory `source`, or a place within them
};

struct birth_step {
    uint32_t kind;
    const char *target;
    const char *source;
    const char *const *options;  // "key=value" or "flag"; of an image: layers, top first; ends with NULL
    uint64_t attributes;         // MOUNT_ATTR_*
    uint32_t major, minor, mode;
    uint32_t owner, group;       // of devices
    const char *const *within;   // volumes and images: each resolved within the one before, the first within the source;
                                 // NULL ends
    uint32_t without_links;      // volumes: on so many of the first of `within` no link is followed
    int is_made;                 // volumes: the last of `within` is made, a directory, when it is missing
    int is_recursive;            // volumes: `attributes` go for what is mounted below too
    int follows_node;            // volumes: what the node mounts below later is seen
    int is_nodes_own;            // volumes: the node's own mount: each sees what the other mounts below later
    int prepared;                // descriptor of a bind source, opened ahead; -1 before
};

enum { BIRTH_OOM_SCORE_INHERITED = 10000 };

/// The process to become.
struct birth_process {
    const char *const *arguments;    // ends with NULL
    const char **environment;        // ends with NULL, with one free place before it for HOME
    const char *directory;
    const char *user;                // "", "uid", "uid:gid", "name" or "name:group"
    uint64_t capabilities;           // bounding, permitted and effective set of root; bounding set of others
    int no_new_privileges;
    int oom_score_adjustment;        // -1000 to 1000; BIRTH_OOM_SCORE_INHERITED leaves the supervisor's
    int stdio[3];                    // -1: /dev/null for input, or the terminal
    int terminal;                    // non-zero: open a terminal of the container's own devpts
    uint16_t rows, columns;          // 0: as a terminal is that nobody looks at
    const uint32_t *groups;          // in addition to the image's
    size_t group_count;
    int leaves_image_groups;         // non-zero: what /etc/group says is left out
    int is_never_root;               // non-zero: fails where the user turns out to be root
    const void *filter;              // struct sock_filter each; NULL: none
    uint32_t filter_count;           // instructions
    uint32_t filter_flags;           // SECCOMP_FILTER_FLAG_*
};

/// The root file system: an overlay. `lower` is ordered top first, as overlayfs wants it.
struct birth_root {
    const char *const *lower;  // ends with NULL; relative to `base`
    const char *base;          // directory that holds the layers
    const char *upper, *work;  // absolute; same file system
    int read_only;
};

enum { BIRTH_MOST_PLACES = 16 };

/// Which of a Pod's namespaces are not its own. Numbers are part of the protocol.
enum birth_namespaces {
    BIRTH_HOST_NETWORK = 1 << 0,      // and the node's host name
    BIRTH_HOST_PROCESSES = 1 << 1,
    BIRTH_HOST_IPC = 1 << 2,
    BIRTH_SHARED_PROCESSES = 1 << 3,  // pause is the first process of a namespace that all containers join
    BIRTH_OWN_USERS = 1 << 4,         // pause holds a namespace of users that all containers join last
};

enum birth_kind { BIRTH_PAUSE = 1, BIRTH_CONTAINER = 2, BIRTH_EXEC = 3 };

struct birth_plan {
    uint32_t kind;
    int channel;          // child's end of a SOCK_SEQPACKET pair; the child closes it by exec
    const int *places;    // `tasks` files of v1 cgroups to be entered; at most BIRTH_MOST_PLACES
    size_t place_count;
    int cgroup;           // directory of the unified tree to be born in; -1: the supervisor's
    int sandbox;          // pidfd of pause (containers), -1 otherwise
    int target;           // pidfd of the container's first process (exec), -1 otherwise
    int node_mounts;      // the node's mount namespace (containers)
    const char *hostname; // pause only
    uint32_t namespaces;  // enum birth_namespaces
    const char *const *parameters;  // pause only: "name=value" below /proc/sys; ends with NULL
    int users;            // the Pod's namespace of users (containers with BIRTH_OWN_USERS), -1 otherwise
    uint32_t first_user;  // the node's number of the Pod's root, with BIRTH_OWN_USERS
    const struct birth_root *root;
    struct birth_step *steps;
    size_t step_count;
    struct birth_process process;
};

/// A report from the child. `kind`: 1 failure, 2 terminal (the master descriptor rides along), 3 timeline, 4 something
/// that could not be had and that the process does without.
enum birth_report_kind {
    BIRTH_REPORT_FAILURE = 1, BIRTH_REPORT_TERMINAL = 2, BIRTH_REPORT_TIMELINE = 3, BIRTH_REPORT_NOTICE = 4
};

struct birth_report {
    uint32_t kind;
    uint32_t stage;
    int32_t error;
    uint32_t count;
    union {
        char detail[200];
        uint64_t finished[25];  // CLOCK_MONOTONIC nanoseconds at which each stage ended, by stage number; 0: not run
    };
};

/// Clones the child that will carry out `plan`. Returns its pid and stores a pidfd; -1 and errno on failure.
pid_t birth_clone(struct birth_plan *plan, int *pidfd);

#endif
