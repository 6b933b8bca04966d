// The system calls that `pod-supervisor` uses, for Embedded Swift: Glibc's own module cannot be imported there.
// Functions that Swift imports as they are come from the headers; macros and variadics have a C function here.
#ifndef SUPERVISOR_SYSTEM_H
#define SUPERVISOR_SYSTEM_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

int system_errno(void);
void set_errno(int error);
int system_open(int directory, const char *path, int flags, unsigned mode);

/// What tells a file from every other, and its size. 0: found, -1: cannot be looked at.
struct system_file {
    uint64_t device, inode, size;
};
int system_look_at(int descriptor, struct system_file *file);
int system_look_up(int directory, const char *name, struct system_file *file);
enum { SYSTEM_NAME_LENGTH = 256 };
/// How many names in a directory begin with `prefix`, with the first and the last of them by bytes; -1 when it cannot be read.
int system_names(int directory, const char *prefix, char first[SYSTEM_NAME_LENGTH], char last[SYSTEM_NAME_LENGTH]);

/// A timer on CLOCK_BOOTTIME, not armed.
int system_timer(void);
int system_pipe(int ends[2]);
/// A pair of sockets that keep packets apart.
int system_packet_pair(int ends[2]);
/// The next connection of a listening socket, non-blocking; -1 when there is none.
int system_accept(int listening);
void system_close_range(unsigned first, unsigned last);
/// Ignores what the supervisor ignores; all other signals do what they do by themselves, whatever was inherited.
void system_ignore_signals(void);
void system_set_name(const char *name);

/// The user id of the peer; -1 when it cannot be told.
int64_t system_peer_user(int socket);

/// A socket listening at the relative path "socket", mode 0600.
int system_listen_here(void);

/// How the child of `pidfd` ended, without reaping it (`reap` 0) or with. 1: ended, 0: still runs, -1: no such child.
int system_child_ended(int pidfd, int reap, int *by_signal, int *status);
int system_signal(int pidfd, int signal);
/// Waits until the child of `pidfd` has ended, for at most so long. 1: ended, 0: not yet.
int system_await_end(int pidfd, int milliseconds);
/// How willingly the kernel kills this process, and those it forks, when memory runs out. -1 and errno: that stays as it was.
int system_set_oom_score(int score);

/// Forks a helper that shares nothing but what it inherits. 0 in the helper.
pid_t system_fork(int *pidfd);
/// Forks the daemon, born in the cgroup `cgroup` (-1: where the caller is). 0 in the daemon.
pid_t system_fork_into(int cgroup);

uint64_t system_boot_nanoseconds(void);
/// CLOCK_MONOTONIC, which the births' timelines use.
uint64_t birth_clock(void);
uint64_t system_wall_nanoseconds(void);
/// Arms `timer` (CLOCK_BOOTTIME) for an instant; 0 disarms it.
int fcntl_duplicate(int descriptor);
void system_set_nonblocking(int descriptor);
int system_arm(int timer, uint64_t boot_nanoseconds);

/// A mount namespace of one's own that still follows the node's unmounts.
int system_own_mount_namespace(void);
/// Opens /proc/<pid>/ns/<name>.
int system_open_namespace(pid_t pid, const char *name);
int system_setns(int descriptor, int kind);
/// Says who the users of a process's new namespace of users are: `count` of the node's from `first` on. -1 and errno on failure.
int system_map_users(pid_t pid, uint32_t first, uint32_t count);
/// Whether what lies at `path` can be shown to the users of a namespace as theirs. -1 and errno: it cannot.
int system_can_map(const char *path, int users);
/// Another descriptor of the side of a terminal that a program has, by the master; it becomes nobody's controlling terminal.
int system_open_terminal(int master);
/// A rtnetlink socket made inside the network namespace `inside`; the caller's own is `own`.
int system_netlink_inside(int inside, int own);
int system_setns_pid(int descriptor);

#endif
