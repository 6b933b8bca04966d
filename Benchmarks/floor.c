// The floor: what a bare C program needs for the same clone, namespaces, overlay, mounts and exec of a static `true`.
// No supervisor, no message, no log, no veth. usage: floor LOWER SCRATCH COUNT; prints microseconds to exec, sorted.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void check(int failed, const char *what) {
    if (failed < 0) {
        perror(what);
        _exit(1);
    }
}

static void child(const char *lower, const char *scratch, int number, int report) {
    char options[4096], path[256];
    check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "slave");
    snprintf(path, sizeof path, "%s/%d", scratch, number);
    snprintf(options, sizeof options, "lowerdir=%s,upperdir=%s/u,workdir=%s/w,volatile", lower, path, path);
    check(mount("overlay", "/mnt", "overlay", MS_NODEV, options), "overlay");
    check(chdir("/mnt"), "chdir");
    for (const char *const *d = (const char *const[]){"proc", "dev", "sys", NULL}; *d; d++) mkdir(*d, 0755);
    check(mount("proc", "proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL), "proc");
    check(mount("tmpfs", "dev", "tmpfs", MS_NOSUID, "mode=755,size=65536k"), "dev");
    const struct { const char *name; int major, minor; } devices[] = {
        {"dev/null", 1, 3}, {"dev/zero", 1, 5}, {"dev/full", 1, 7}, {"dev/random", 1, 8}, {"dev/urandom", 1, 9}, {"dev/tty", 5, 0}};
    for (size_t i = 0; i < 6; i++) check(mknod(devices[i].name, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor)), "mknod");
    for (const char *const *d = (const char *const[]){"dev/pts", "dev/shm", "dev/mqueue", NULL}; *d; d++) mkdir(*d, 0755);
    check(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666"), "devpts");
    check(mount("shm", "dev/shm", "tmpfs", MS_NOSUID | MS_NOEXEC | MS_NODEV, "size=65536k"), "shm");
    check(mount("mqueue", "dev/mqueue", "mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL), "mqueue");
    check(mount("sysfs", "sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL), "sysfs");
    check(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    check(umount2(".", MNT_DETACH), "umount");
    check(chdir("/"), "chdir");
    for (int c = 0; c < 41; c++) prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
    fcntl(report, F_SETFD, FD_CLOEXEC);
    char *const arguments[] = {"/bin/true", NULL};
    execve("/bin/busybox", arguments, NULL);
    perror("exec");
    _exit(1);
}

static int compare(const void *a, const void *b) { return *(double *)a < *(double *)b ? -1 : 1; }

int main(int count, char **arguments) {
    if (count != 4) return 2;
    int runs = atoi(arguments[3]);
    double *took = calloc((size_t)runs, sizeof *took);
    for (int run = 0; run < runs; run++) {
        char path[256];
        int report[2];
        snprintf(path, sizeof path, "%s/%d", arguments[2], run), mkdir(path, 0755);
        snprintf(path, sizeof path, "%s/%d/u", arguments[2], run), mkdir(path, 0755);
        snprintf(path, sizeof path, "%s/%d/w", arguments[2], run), mkdir(path, 0755);
        check(pipe(report), "pipe");
        double start = now();
        struct clone_args clone = {
            .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP,
            .exit_signal = SIGCHLD};
        pid_t pid = (pid_t)syscall(SYS_clone3, &clone, sizeof clone);
        check(pid, "clone3");
        if (pid == 0) {
            close(report[0]);
            child(arguments[1], arguments[2], run, report[1]);
        }
        close(report[1]);
        char byte;
        if (read(report[0], &byte, 1) < 0) return 1;  // ends when the exec closes the pipe
        took[run] = now() - start;
        close(report[0]);
        int status;
        waitpid(pid, &status, 0);
        if (status != 0) return 1;
    }
    qsort(took, (size_t)runs, sizeof *took, compare);
    for (int run = 0; run < runs; run++) printf("%.0f\n", took[run]);
    return 0;
}
