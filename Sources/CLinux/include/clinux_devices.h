// Which devices the processes of a control group may open: a program that the kernel runs at each attempt.
#ifndef CLINUX_DEVICES_H
#define CLINUX_DEVICES_H

#include <stddef.h>
#include <stdint.h>

/// Devices of one kind, and what may be done with them.
struct clinux_device_rule {
    int is_block;     // else a character device
    int32_t major;    // -1: every one
    int32_t minor;    // -1: every one
    uint32_t access;  // CLINUX_DEVICE_*
};

enum { CLINUX_DEVICE_MAKE = 1, CLINUX_DEVICE_READ = 2, CLINUX_DEVICE_WRITE = 4, CLINUX_DEVICE_USE = 7 };

/// Loads a program that allows what a rule allows, and nothing else. Returns its descriptor; -1 and errno on failure.
int clinux_device_filter(const struct clinux_device_rule *rules, size_t count);

/// Holds the processes in a control group of the unified tree, and all below it, to a program. Repeated it does nothing.
/// -1 and errno on failure.
int clinux_attach_device_filter(int cgroup, int program);

#endif
