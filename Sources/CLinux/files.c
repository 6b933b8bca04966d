#define _GNU_SOURCE
#include "clinux_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_openat(int directory, const char *path, int flags, unsigned int mode) {
    return openat(directory, path, flags, mode);
}

int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int clinux_exchange(int directory, const char *one, const char *other) {
    const unsigned exchange = 1 << 1;  // RENAME_EXCHANGE, linux/fs.h
    return (int)syscall(SYS_renameat2, directory, one, directory, other, exchange);
}

void clinux_yield_to_others(void) {
    const int by_process = 1, idle_class = 3 << 13;  // IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE
    setpriority(PRIO_PROCESS, 0, 19);                // of the calling thread alone
    syscall(SYS_ioprio_set, by_process, 0, idle_class);
}

int clinux_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }

int clinux_ioctl(int descriptor, unsigned long request, void *argument) { return ioctl(descriptor, request, argument); }
