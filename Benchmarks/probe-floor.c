// The floor of an exec probe: what a bare C program needs to enter a container's namespaces, load the same filter of
// system calls and run `true` there. No supervisor, no message, no cgroup, no output, no agent.
//
//   probe-floor FILTER SECONDS PID...    once a second in each container, PID being its first process
//   probe-floor FILTER 0 PID...          the sum of the process numbers that are next in each container
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long check(long result, const char *what) {
    if (result >= 0) return result;
    perror(what);
    _exit(1);
}

static struct sock_fprog read_filter(const char *path) {
    static struct sock_filter instructions[BPF_MAXINSNS];
    int file = (int)check(open(path, O_RDONLY), path);
    long size = check(read(file, instructions, sizeof instructions), path);
    close(file);
    return (struct sock_fprog){.len = (unsigned short)((size_t)size / sizeof *instructions), .filter = instructions};
}

static _Noreturn void run_true(int container, const struct sock_fprog *filter) {
    check(setns(container, CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS), "setns");
    check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter), "seccomp");
    execve("/bin/true", (char *[]){"true", NULL}, (char *[]){"PATH=/bin", NULL});
    perror("exec");
    _exit(1);
}

// A child in the container's namespace of processes; zero in the child.
static pid_t fork_inside(int container) {
    check(setns(container, CLONE_NEWPID), "setns");
    return (pid_t)check(fork(), "fork");
}

static void wait_for(pid_t child) {
    int status;
    check(waitpid(child, &status, 0), "waitpid");
    if (status != 0) _exit(1);
}

static void sleep_until(struct timespec *instant, long nanoseconds) {
    instant->tv_nsec += nanoseconds % 1000000000;
    instant->tv_sec += nanoseconds / 1000000000 + instant->tv_nsec / 1000000000;
    instant->tv_nsec %= 1000000000;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, instant, NULL) == EINTR) {}
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    struct sock_fprog filter = read_filter(arguments[1]);
    int seconds = atoi(arguments[2]), containers = count - 3;
    int *opened = calloc((size_t)containers, sizeof *opened);
    for (int i = 0; i < containers; i++)
        opened[i] = (int)check(syscall(SYS_pidfd_open, atoi(arguments[3 + i]), 0), arguments[3 + i]);
    if (seconds == 0) {
        long *sum = mmap(NULL, sizeof *sum, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        for (int i = 0; i < containers; i++) {
            pid_t child = fork_inside(opened[i]);
            if (child == 0) {
                *sum += getpid();
                _exit(0);
            }
            wait_for(child);
        }
        printf("%ld\n", *sum);
        return 0;
    }
    struct timespec instant;
    clock_gettime(CLOCK_MONOTONIC, &instant);
    for (long run = 0; run < (long)seconds * containers; run++) {
        sleep_until(&instant, 1000000000 / containers);
        pid_t child = fork_inside(opened[run % containers]);
        if (child == 0) run_true(opened[run % containers], &filter);
        wait_for(child);
    }
    return 0;
}
