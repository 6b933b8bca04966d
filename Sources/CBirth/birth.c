#include "internal.h"
#include "syscalls.h"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

// Those that the supervisor ignores; of all others it has none but the standard ones.
static void reset_signals(void) {
    for (size_t i = 0; i < BIRTH_IGNORED_SIGNALS; i++) signal(birth_ignored_signals[i], SIG_DFL);
}

// A thread that moves itself by `tasks` needs no grace period of the kernel's; any other move to a v1 cgroup waits for
// one when none was made lately, which takes longer than all the rest of a birth (8 ms).
static void enter_places(const struct birth_plan *plan) {
    for (size_t i = 0; i < plan->place_count && i < BIRTH_MOST_PLACES; i++) {
        if (write(plan->places[i], "0", 1) < 0) birth_fail(plan, BIRTH_STAGE_CGROUP, errno, "enter the cgroup");
        close(plan->places[i]);
    }
}

// Raising the score is anybody's right, lowering it takes CAP_SYS_RESOURCE, which a machine may lack. Written while the
// node's own /proc is in sight.
static void set_oom_score(const struct birth_plan *plan) {
    char text[48];
    int score = plan->process.oom_score_adjustment;
    if (score == BIRTH_OOM_SCORE_INHERITED) return;
    int length = snprintf(text, sizeof text, "%d", score);
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    int failed = file < 0 || write(file, text, (size_t)length) < 0;
    int error = errno;
    if (file >= 0) close(file);
    snprintf(text, sizeof text, "oom_score_adj %d", score);
    if (failed) birth_notice(plan, BIRTH_STAGE_CREDENTIALS, error, text);
}

static _Noreturn void birth_container(const struct birth_plan *plan) {
    birth_open_sources(plan);
    birth_passed(BIRTH_STAGE_SOURCES);
    int root = birth_make_root(plan);
    birth_passed(BIRTH_STAGE_ROOT);
    if (syscall(SYS_setns, plan->sandbox, CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
        birth_fail(plan, BIRTH_STAGE_NAMESPACES, errno, "join the Pod's namespaces");
    birth_passed(BIRTH_STAGE_NAMESPACES);
    birth_run_steps(plan, root);
    birth_pivot(plan, root);
    birth_passed(BIRTH_STAGE_PIVOT);
    birth_join_users(plan);
    birth_become(plan);
}

static _Noreturn void birth_exec(const struct birth_plan *plan) {
    // Not to be inspected by the container's processes before it has become one of them (CVE-2019-5736's family).
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    birth_passed(BIRTH_STAGE_CGROUP);
    int users = birth_has_users(plan);
    if (users) birth_hand_over_streams(plan);
    if (syscall(SYS_setns, plan->target, CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                                             (users ? CLONE_NEWUSER : 0)) < 0)
        birth_fail(plan, BIRTH_STAGE_NAMESPACES, errno, "join the container's namespaces");
    if (users) birth_become_root(plan);
    birth_passed(BIRTH_STAGE_NAMESPACES);
    birth_become(plan);
}

// Settings of the new network namespace. /proc/sys/net shows the namespace of whoever opens it.
static void set_network_sysctls(const struct birth_plan *plan) {
    const struct { const char *path, *value; } settings[] = {
        // Nobody in a Pod may become another Pod's IPv6 router (CVE-2020-10749).
        {"/proc/sys/net/ipv6/conf/all/accept_ra", "0"},
        {"/proc/sys/net/ipv6/conf/default/accept_ra", "0"},
        // Low ports and ping need no capability in a network of one's own.
        {"/proc/sys/net/ipv4/ip_unprivileged_port_start", "0"},
        {"/proc/sys/net/ipv4/ping_group_range", birth_has_users(plan) ? "0 65535" : "0 2147483647"},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        int file = open(settings[i].path, O_WRONLY | O_CLOEXEC);
        if (file < 0 && errno == ENOENT) continue;  // a kernel without IPv6
        if (file < 0 || write(file, settings[i].value, strlen(settings[i].value)) < 0)
            birth_fail(plan, BIRTH_STAGE_NAMESPACES, errno, settings[i].path);
        close(file);
    }
}

// What the manifest asks for; the agent lets through only what belongs to namespaces of the Pod's own.
static void set_parameters(const struct birth_plan *plan) {
    for (const char *const *parameter = plan->parameters; *parameter; parameter++) {
        char path[512];
        const char *equals = strchr(*parameter, '=');
        int length = equals ? snprintf(path, sizeof path, "/proc/sys/%.*s", (int)(equals - *parameter), *parameter) : -1;
        if (length < 0 || (size_t)length >= sizeof path) birth_fail(plan, BIRTH_STAGE_PARAMETERS, EINVAL, *parameter);
        int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        if (file < 0 || write(file, equals + 1, strlen(equals + 1)) < 0)
            birth_fail(plan, BIRTH_STAGE_PARAMETERS, errno, *parameter);
        close(file);
    }
}

static _Noreturn void birth_pause(const struct birth_plan *plan) {
    const struct birth_process *process = &plan->process;
    int program = -1;
    if (birth_has_users(plan)) {
        // Opened as long as the node's root may: the Pod's has no way to it.
        program = open(process->arguments[0], O_PATH | O_CLOEXEC);
        if (program < 0) birth_fail(plan, BIRTH_STAGE_EXEC, errno, process->arguments[0]);
        birth_await_users(plan);
        birth_become_root(plan);
        birth_passed(BIRTH_STAGE_USERS);
    }
    // The node's network comes with the node's name, and with its settings as they are.
    if (!(plan->namespaces & BIRTH_HOST_NETWORK)) {
        if (sethostname(plan->hostname, strlen(plan->hostname)) < 0)
            birth_fail(plan, BIRTH_STAGE_HOSTNAME, errno, plan->hostname);
        set_network_sysctls(plan);
    }
    set_parameters(plan);
    // pause needs nothing of the node: its credentials stay, its capabilities go.
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    uint32_t data[6] = {0};
    for (int capability = 0; capability <= 63; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (syscall(SYS_capset, &header, data) < 0) birth_fail(plan, BIRTH_STAGE_CREDENTIALS, errno, "capabilities");
    birth_die_with_supervisor(plan);
    birth_passed(BIRTH_STAGE_CREDENTIALS);
    birth_send_timeline(plan);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    birth_keep_only((const int[]){plan->channel, program}, 2);
    if (program >= 0) syscall(SYS_execveat, program, "", process->arguments, process->environment, AT_EMPTY_PATH);
    else execve(process->arguments[0], (char *const *)process->arguments, (char *const *)process->environment);
    birth_fail(plan, BIRTH_STAGE_EXEC, errno, process->arguments[0]);
}

static uint64_t namespaces_of(const struct birth_plan *plan) {
    uint32_t others = plan->namespaces;
    switch (plan->kind) {
    case BIRTH_PAUSE:
        return (others & BIRTH_HOST_NETWORK ? 0 : CLONE_NEWNET | CLONE_NEWUTS) |
               (others & BIRTH_HOST_IPC ? 0 : CLONE_NEWIPC) | (others & BIRTH_SHARED_PROCESSES ? CLONE_NEWPID : 0) |
               (others & BIRTH_OWN_USERS ? CLONE_NEWUSER : 0);
    case BIRTH_CONTAINER:
        return CLONE_NEWNS | (others & (BIRTH_HOST_PROCESSES | BIRTH_SHARED_PROCESSES) ? 0 : CLONE_NEWPID);
    default: return 0;  // exec joins namespaces; the supervisor has entered the PID namespace for its children
    }
}

pid_t birth_clone(struct birth_plan *plan, int *pidfd) {
    struct clone_args arguments = {
        .flags = namespaces_of(plan) | CLONE_PIDFD,
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
    };
    if (plan->cgroup >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)plan->cgroup;
    }
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child != 0) {
        int error = errno;
        sigprocmask(SIG_SETMASK, &before, NULL);
        errno = error;
        return child;
    }
    const struct birth_process *process = &plan->process;
    int kept[8 + BIRTH_MOST_PLACES] = {plan->channel, plan->sandbox,     plan->target,      plan->node_mounts,
                                       plan->users,   process->stdio[0], process->stdio[1], process->stdio[2]};
    for (size_t i = 0; i < BIRTH_MOST_PLACES; i++) kept[8 + i] = i < plan->place_count ? plan->places[i] : -1;
    birth_keep_only(kept, sizeof kept / sizeof *kept);
    reset_signals();
    birth_die_with_supervisor(plan);
    umask(0);
    birth_passed(BIRTH_STAGE_CLONE);
    enter_places(plan);
    set_oom_score(plan);
    setsid();
    switch (plan->kind) {
    case BIRTH_PAUSE: birth_pause(plan);
    case BIRTH_EXEC: birth_exec(plan);
    default: birth_container(plan);
    }
}
