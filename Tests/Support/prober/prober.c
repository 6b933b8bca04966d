// Runs inside a container and tells what it is and what it can do: a line each, "name value". What is tried and must
// fail is told as "try NAME ERRNO", 0 for what succeeded. Compiled by the tests, statically.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <unistd.h>

static void tell_attempt(const char *name, long result) { printf("try %s %d\n", name, result < 0 ? errno : 0); }

static void tell_status(void) {
    static const char *const wanted[] = {"Cap", "NoNewPrivs:", "Seccomp:", "Groups:", "Uid:", "Gid:", "SigIgn:", "SigBlk:"};
    char line[512];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
                for (char *at = line; *at; at++) putchar(*at == '\t' ? ' ' : *at);
    if (status) fclose(status);
}

static void tell_process(void) {
    int death = 0;
    struct rlimit core;
    prctl(PR_GET_PDEATHSIG, &death);
    getrlimit(RLIMIT_CORE, &core);
    mode_t mask = umask(0);
    umask(mask);
    printf("umask %04o\nsession %d\npdeathsig %d\n", (unsigned)mask, getsid(0) == getpid(), death);
    printf("core %llu\n", (unsigned long long)core.rlim_cur);
    printf("keyring %ld\n", syscall(SYS_keyctl, 0, -3, 0));
    printf("descriptors");
    for (int i = 0; i < 4096; i++)
        if (fcntl(i, F_GETFD) >= 0) printf(" %d", i);
    printf("\n");
    char directory[4096];
    char map[128] = {0};
    unsigned inside = 0, outside = 0, count = 0;
    int file = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read(file, map, sizeof map - 1) > 0) sscanf(map, "%u %u %u", &inside, &outside, &count);
    if (file >= 0) close(file);
    printf("users %u %u %u\n", inside, outside, count);
    printf("directory %s\n", getcwd(directory, sizeof directory) ? directory : "-");
}

static long write_to(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    long result = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return result;
}

static long make_and_read(const char *path, int kind, int major, int minor) {
    if (mknod(path, (mode_t)kind | 0600, makedev((unsigned)major, (unsigned)minor)) < 0) return -1;
    int device = open(path, O_RDONLY | O_CLOEXEC);
    int error = errno;
    unlink(path);
    if (device >= 0) close(device);
    errno = error;
    return device < 0 ? -1 : 0;
}

#ifdef __x86_64__
// The same call through the 32-bit gate, whose numbers are others.
static long call_32(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
    if (result < 0) errno = (int)-result;
    return result < 0 ? -1 : result;
}
#endif

static void try_escapes(void) {
    char big[512] = {0};
    tell_attempt("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
    tell_attempt("remount-root", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    tell_attempt("umount-proc-mask", umount2("/proc/keys", MNT_DETACH));
    tell_attempt("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
    tell_attempt("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    tell_attempt("pivot_root", syscall(SYS_pivot_root, "/", "/tmp"));
    tell_attempt("unshare-mount", unshare(CLONE_NEWNS));
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    tell_attempt("clone-user", child);
    tell_attempt("clone3", syscall(SYS_clone3, big, 0));
    int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    tell_attempt("setns", syscall(SYS_setns, own, 0));
    tell_attempt("add_key", syscall(SYS_add_key, "user", "k", "v", 1, -3));
    tell_attempt("keyctl", syscall(SYS_keyctl, 0, -3, 0));
    tell_attempt("bpf", syscall(SYS_bpf, 0, big, sizeof big));
    tell_attempt("perf_event_open", syscall(SYS_perf_event_open, big, 0, -1, -1, 0));
    tell_attempt("userfaultfd", syscall(SYS_userfaultfd, 0));
    tell_attempt("io_uring_setup", syscall(SYS_io_uring_setup, 1, big));
    tell_attempt("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, big, 0));
    tell_attempt("process_vm_readv", syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0));
    tell_attempt("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
    tell_attempt("init_module", syscall(SYS_init_module, big, 0, ""));
    tell_attempt("swapon", syscall(SYS_swapon, "/tmp/none", 0));
    tell_attempt("sethostname", sethostname("stolen", 6));
    struct timeval now = {.tv_sec = 1};
    tell_attempt("settimeofday", settimeofday(&now, NULL));
    tell_attempt("socket-alg", socket(38, SOCK_SEQPACKET, 0));
    tell_attempt("socket-vsock", socket(40, SOCK_STREAM, 0));
    tell_attempt("socket-raw", socket(AF_INET, SOCK_RAW, 1));
    tell_attempt("socket-packet", socket(AF_PACKET, SOCK_RAW, 0));
    tell_attempt("disk-in-dev", make_and_read("/dev/disk", S_IFBLK, 254, 0));
    tell_attempt("memory-in-tmp", make_and_read("/tmp/mem", S_IFCHR, 1, 1));
    tell_attempt("core_pattern", write_to("/proc/sys/kernel/core_pattern", "|/bin/sh"));
    tell_attempt("sysrq", write_to("/proc/sysrq-trigger", "s"));
    tell_attempt("sysctl-net", write_to("/proc/sys/net/ipv4/ip_forward", "1"));
    tell_attempt("oom-of-init", write_to("/proc/1/oom_score_adj", "-1000"));
    tell_attempt("kcore", open("/proc/kcore", O_RDONLY | O_CLOEXEC) < 0 ? -1 : read(open("/proc/kcore", O_RDONLY), big, 1) > 0 ? 0 : (errno = ENODATA, -1));
    tell_attempt("sys", mkdir("/sys/fs/cgroup/escape", 0755));
    tell_attempt("cgroup-kill", write_to("/sys/fs/cgroup/cgroup.kill", "1"));
#ifdef __x86_64__
    tell_attempt("mount-32", call_32(21, 0, 0, 0));
    tell_attempt("unshare-32", call_32(310, CLONE_NEWNS, 0, 0));
    tell_attempt("mount-x32", syscall(0x40000000 | SYS_mount, 0, 0, 0, 0, 0));
#endif
    tell_attempt("newer", syscall(999));
    tell_attempt("write-root", open("/written", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    tell_attempt("chown", chown("/tmp", 5, 5));
    // Last: where it is allowed, it makes this process the root of a world of its own.
    tell_attempt("unshare-user", unshare(CLONE_NEWUSER));
}

static void tell_mounts(void) {
    char line[4096], point[1024], flags[256], type[64];
    FILE *mounts = fopen("/proc/self/mountinfo", "r");
    while (mounts && fgets(line, sizeof line, mounts)) {
        const char *rest = strstr(line, " - ");
        if (rest && sscanf(line, "%*d %*d %*s %*s %1023s %255s", point, flags) == 2 && sscanf(rest, " - %63s", type) == 1)
            printf("mount %s %s %s\n", point, type, flags);
    }
    if (mounts) fclose(mounts);
}

int main(void) {
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    tell_process();
    tell_status();
    tell_mounts();
    fflush(stdout);
    try_escapes();
    printf("end .\n");
    return 0;
}
