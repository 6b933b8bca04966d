#include "internal.h"
#include "syscalls.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

void birth_die_with_supervisor(const struct birth_plan *plan) {
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // getppid() says 0 in a PID namespace of its own, alive or not; a closed channel says it anywhere.
    if (recv(plan->channel, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0) _exit(127);
}

static int is_terminal(int descriptor) {
    struct statfs fs;
    struct stat found;
    return fstatfs(descriptor, &fs) == 0 && fs.f_type == DEVPTS_SUPER_MAGIC && fstat(descriptor, &found) == 0 &&
           S_ISCHR(found.st_mode);
}

// A terminal of the container's own devpts, never of the node's; its inodes are checked before they are used
// (CVE-2025-52565). The master goes to the client, or to the supervisor for its log; the slave becomes the process's
// controlling terminal, and a container's console.
static int open_terminal(const struct birth_plan *plan) {
    int master = sys_openat2(AT_FDCWD, "/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    if (master < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "/dev/pts/ptmx");
    if (!is_terminal(master)) birth_fail(plan, BIRTH_STAGE_TERMINAL, EINVAL, "/dev/pts is not a devpts");
    int unlock = 0;
    if (ioctl(master, TIOCSPTLCK, &unlock) < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "unlock the terminal");
    int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
    if (slave < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "open the terminal");
    if (!is_terminal(slave)) birth_fail(plan, BIRTH_STAGE_TERMINAL, EINVAL, "the terminal is not of a devpts");
    struct winsize size = {.ws_row = plan->process.rows, .ws_col = plan->process.columns};
    if (size.ws_row && size.ws_col) ioctl(slave, TIOCSWINSZ, &size);
    if (ioctl(slave, TIOCSCTTY, 0) < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "controlling terminal");
    if (plan->kind == BIRTH_CONTAINER) birth_show_console(plan, slave);
    birth_send_terminal(plan, master);
    close(master);
    return slave;
}

// The container's own /dev/null, checked to be the real one: a container may have put a link or a FIFO in its place,
// and the node's own would let the container's root change the node's device.
static int open_null(const struct birth_plan *plan) {
    struct stat found;
    int null = sys_openat2(AT_FDCWD, "/dev/null", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    if (null < 0 || fstat(null, &found) < 0) birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "/dev/null");
    if (!S_ISCHR(found.st_mode) || found.st_rdev != makedev(1, 3))
        birth_fail(plan, BIRTH_STAGE_TERMINAL, EINVAL, "/dev/null is not the null device");
    return null;
}

static void set_stdio(const struct birth_plan *plan) {
    int terminal = plan->process.terminal ? open_terminal(plan) : -1;
    for (int i = 0; i < 3; i++) {
        int wanted = terminal >= 0 ? terminal : plan->process.stdio[i];
        if (wanted < 0) wanted = open_null(plan);
        if (wanted < 0 || (wanted == i ? fcntl(i, F_SETFD, 0) : dup2(wanted, i)) < 0)
            birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "standard streams");
    }
}

// What it takes to load a filter without no_new_privs. It is kept a moment longer than all others: execve() gives a
// process only what its bounding set has, and this one is gone from there.
static uint64_t kept_for_filter(const struct birth_process *process) {
    return process->filter && !process->no_new_privileges ? 1ull << CAP_SYS_ADMIN : 0;
}

static void set_credentials(const struct birth_plan *plan, const struct birth_user *user) {
    const struct birth_process *process = &plan->process;
    const int stage = BIRTH_STAGE_CREDENTIALS;
    for (int capability = 0; capability <= 63; capability++) {
        if (process->capabilities >> capability & 1 || prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL) break;  // beyond the last capability this kernel has
        birth_fail(plan, stage, errno, "capability bounding set");
    }
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) birth_fail(plan, stage, errno, "keep capabilities");
    // Always, also to the empty list: otherwise the node's root's groups leak in.
    if (setgroups(user->group_count, user->groups) < 0) birth_fail(plan, stage, errno, "supplementary groups");
    if (setresgid(user->gid, user->gid, user->gid) < 0) birth_fail(plan, stage, errno, "group");
    if (setresuid(user->uid, user->uid, user->uid) < 0) birth_fail(plan, stage, errno, "user");
    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
    // Inheritable and ambient sets stay empty, so that a non-root user holds nothing after exec (CVE-2022-29162).
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    uint64_t held = (user->uid == 0 ? process->capabilities : 0) | kept_for_filter(process);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)held, .permitted = (uint32_t)held},
        {.effective = (uint32_t)(held >> 32), .permitted = (uint32_t)(held >> 32)},
    };
    if (syscall(SYS_capset, &header, data) < 0) birth_fail(plan, stage, errno, "capabilities");
    if (process->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        birth_fail(plan, stage, errno, "no_new_privs");
}

// The last act before the exec: a profile need not allow anything of what a birth does.
static void load_filter(const struct birth_plan *plan) {
    const struct birth_process *process = &plan->process;
    if (!process->filter) return;
    struct sock_fprog program = {.len = (unsigned short)process->filter_count, .filter = (void *)process->filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, process->filter_flags, &program) < 0)
        birth_fail(plan, BIRTH_STAGE_SECCOMP, errno, "seccomp filter");
}

// A working directory that does not exist is made, as container runtimes do; one outside the root is refused: a
// descriptor of the node must never become a place to stand on (CVE-2024-21626).
static void enter_directory(const struct birth_plan *plan) {
    char path[4096];
    const char *directory = plan->process.directory;
    if ((size_t)snprintf(path, sizeof path, "%s", directory) >= sizeof path)
        birth_fail(plan, BIRTH_STAGE_DIRECTORY, ENAMETOOLONG, directory);
    if (chdir(path) < 0) {
        if (errno != ENOENT || plan->kind != BIRTH_CONTAINER) birth_fail(plan, BIRTH_STAGE_DIRECTORY, errno, directory);
        for (char *slash = path + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
            *slash = 0;
            mkdir(path, 0755);
        }
        mkdir(path, 0755);
        if (chdir(path) < 0) birth_fail(plan, BIRTH_STAGE_DIRECTORY, errno, directory);
    }
    if (!getcwd(path, sizeof path) || path[0] != '/')
        birth_fail(plan, BIRTH_STAGE_DIRECTORY, ENOENT, "the working directory lies outside the container");
}

static void set_home(const struct birth_plan *plan, const struct birth_user *user) {
    static char home[BIRTH_HOME_LENGTH + 8];
    const char **variable = plan->process.environment;
    for (; *variable; variable++)
        if (strncmp(*variable, "HOME=", 5) == 0) return;
    snprintf(home, sizeof home, "HOME=%s", user->home);
    *variable = home;
}

// The container's PATH decides, not the node's; the C library's search reads it from the environment.
static _Noreturn void execute(const struct birth_plan *plan) {
    const struct birth_process *process = &plan->process;
    static char found[4096];
    const char *program = process->arguments[0], *path = NULL;
    int failure = ENOENT;
    if (strchr(program, '/')) {
        execve(program, (char *const *)process->arguments, (char *const *)process->environment);
        birth_fail(plan, BIRTH_STAGE_EXEC, errno, program);
    }
    for (const char **variable = process->environment; *variable; variable++)
        if (strncmp(*variable, "PATH=", 5) == 0) path = *variable + 5;
    for (const char *start = path ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; start;) {
        const char *end = strchr(start, ':');
        int length = (int)(end ? end - start : (ptrdiff_t)strlen(start));
        if ((size_t)snprintf(found, sizeof found, "%.*s/%s", length, start, program) < sizeof found && length > 0) {
            execve(found, (char *const *)process->arguments, (char *const *)process->environment);
            if (errno != ENOENT && errno != ENOTDIR) failure = errno;
        }
        start = end ? end + 1 : NULL;
    }
    birth_fail(plan, BIRTH_STAGE_EXEC, failure, program);
}

// A crash writes none of its memory to the node unless a process asks for it; how much it may ask for stays as it is.
static void leave_no_core(void) {
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) < 0) return;
    core.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &core);
}

_Noreturn void birth_become(const struct birth_plan *plan) {
    static struct birth_user user;
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);  // best effort: kernels may lack keyrings
    set_stdio(plan);
    // From here on names are looked up that an image or a manifest chose: nothing of the node's may be open any more.
    birth_keep_only(&plan->channel, 1);
    birth_find_user(plan, &user);
    set_home(plan, &user);
    birth_passed(BIRTH_STAGE_USER);
    enter_directory(plan);
    leave_no_core();
    if (plan->kind == BIRTH_CONTAINER && plan->root->read_only) birth_seal_root(plan);
    umask(0022);
    // Streams that the process may reopen by name (/dev/stdout) belong to its user.
    for (int i = 0; i < 3 && user.uid != 0; i++) {
        struct stat stream;
        if (fstat(i, &stream) == 0 && (S_ISFIFO(stream.st_mode) || plan->process.terminal))
            if (fchown(i, user.uid, (gid_t)-1) < 0 && errno != EINVAL && errno != EPERM && errno != EROFS)
                birth_fail(plan, BIRTH_STAGE_TERMINAL, errno, "owner of the standard streams");
    }
    set_credentials(plan, &user);
    // Again, after the last change of credentials, which clears it: the Pod dies with its supervisor.
    birth_die_with_supervisor(plan);
    birth_passed(BIRTH_STAGE_CREDENTIALS);
    birth_send_timeline(plan);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    load_filter(plan);
    execute(plan);
}
