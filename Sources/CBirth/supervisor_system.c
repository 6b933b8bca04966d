#include "internal.h"
#include "syscalls.h"

#include "supervisor_system.h"

#include <dirent.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

int system_errno(void) { return errno; }
void set_errno(int error) { errno = error; }

int system_open(int directory, const char *path, int flags, unsigned mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

static int found(int failed, const struct stat *status, struct system_file *file) {
    if (failed) return -1;
    file->device = status->st_dev;
    file->inode = status->st_ino;
    file->size = (uint64_t)status->st_size;
    return 0;
}

int system_look_at(int descriptor, struct system_file *file) {
    struct stat status;
    return found(fstat(descriptor, &status), &status, file);
}

int system_look_up(int directory, const char *name, struct system_file *file) {
    struct stat status;
    return found(fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW), &status, file);
}

int system_names(int directory, const char *prefix, char first[SYSTEM_NAME_LENGTH], char last[SYSTEM_NAME_LENGTH]) {
    int count = 0;
    size_t length = strlen(prefix);
    int opened = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = opened < 0 ? NULL : fdopendir(opened);
    if (!stream) {
        if (opened >= 0) close(opened);
        return -1;
    }
    first[0] = last[0] = 0;
    for (struct dirent *entry; (entry = readdir(stream));) {
        if (strncmp(entry->d_name, prefix, length) != 0) continue;
        if (count == 0 || strcmp(entry->d_name, first) < 0) strcpy(first, entry->d_name);
        if (count == 0 || strcmp(entry->d_name, last) > 0) strcpy(last, entry->d_name);
        count++;
    }
    closedir(stream);
    return count;
}

int system_timer(void) { return timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK); }
int system_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
int system_packet_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends); }
int system_accept(int listening) { return accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }
void system_close_range(unsigned first, unsigned last) { close_range(first, last, 0); }
void system_set_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

const int birth_ignored_signals[BIRTH_IGNORED_SIGNALS] = {SIGPIPE, SIGHUP, SIGINT};

void system_ignore_signals(void) {
    // Whatever was inherited, so that a birth has only these to undo. The kernel's own structure, as long as on any machine:
    // the C library refuses the signals that it keeps to itself.
    unsigned long standard[8] = {0};
    for (int number = 1; number < _NSIG; number++) syscall(SYS_rt_sigaction, number, standard, NULL, 8);
    for (size_t i = 0; i < BIRTH_IGNORED_SIGNALS; i++) signal(birth_ignored_signals[i], SIG_IGN);
}

int64_t system_peer_user(int socket) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -1;
    return peer.uid;
}

int system_listen_here(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listening < 0) return -1;
    mode_t before = umask(0177);
    unlink("socket");
    int failed = bind(listening, (struct sockaddr *)&address, sizeof address) < 0 || listen(listening, 64) < 0;
    umask(before);
    if (!failed) return listening;
    int error = errno;
    close(listening);
    errno = error;
    return -1;
}

int system_await_end(int pidfd, int milliseconds) {
    struct pollfd end = {.fd = pidfd, .events = POLLIN};
    int result;
    while ((result = poll(&end, 1, milliseconds)) < 0 && errno == EINTR) {}
    return result > 0;
}

int system_set_oom_score(int score) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d", score);
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int failed = write(file, text, (size_t)length) < 0, error = errno;
    close(file);
    errno = error;
    return failed ? -1 : 0;
}

int system_child_ended(int pidfd, int reap, int *by_signal, int *status) {
    siginfo_t info = {0};
    int result;
    while ((result = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | (reap ? 0 : WNOWAIT))) < 0 &&
           errno == EINTR) {}
    if (result < 0) return -1;
    if (info.si_pid == 0) return 0;
    *by_signal = info.si_code != CLD_EXITED;
    *status = info.si_status;
    return 1;
}

int system_signal(int pidfd, int signal) { return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0); }

pid_t system_fork(int *pidfd) {
    struct clone_args arguments = {
        .flags = CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)pidfd, .exit_signal = SIGCHLD};
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

pid_t system_fork_into(int cgroup) {
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    if (cgroup >= 0) {
        arguments.flags = CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)cgroup;
    }
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t birth_clock(void) { return nanoseconds(CLOCK_MONOTONIC); }
uint64_t system_boot_nanoseconds(void) { return nanoseconds(CLOCK_BOOTTIME); }
uint64_t system_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

int system_arm(int timer, uint64_t at) {
    struct itimerspec setting = {
        .it_value = {.tv_sec = (time_t)(at / 1000000000u), .tv_nsec = (long)(at % 1000000000u)}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL);
}

int system_own_mount_namespace(void) {
    if (unshare(CLONE_NEWNS) < 0) return -1;
    return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
}

int system_open_namespace(pid_t pid, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int write_map(pid_t pid, const char *name, uint32_t first, uint32_t count) {
    char path[64], text[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int length = snprintf(text, sizeof text, "0 %u %u", first, count);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int failed = write(file, text, (size_t)length) < 0;
    int error = errno;
    close(file);
    errno = error;
    return failed ? -1 : 0;
}

int system_map_users(pid_t pid, uint32_t first, uint32_t count) {
    return write_map(pid, "gid_map", first, count) < 0 ? -1 : write_map(pid, "uid_map", first, count);
}

int system_can_map(const char *path, int users) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) return -1;
    struct mount_attr mapped = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)users};
    int failed = syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &mapped, sizeof mapped) < 0;
    int error = errno;
    close(tree);
    errno = error;
    return failed ? -1 : 0;
}

int system_setns(int descriptor, int kind) { return setns(descriptor, kind); }
int system_setns_pid(int descriptor) { return setns(descriptor, CLONE_NEWPID); }

int system_open_terminal(int master) { return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC); }

int system_netlink_inside(int inside, int own) {
    if (setns(inside, CLONE_NEWNET) < 0) return -1;
    int made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int error = errno;
    if (setns(own, CLONE_NEWNET) < 0) abort();  // nothing may ever run in the Pod's namespace by mistake
    errno = error;
    return made;
}

void system_set_nonblocking(int descriptor) { fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK); }
int fcntl_duplicate(int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }
