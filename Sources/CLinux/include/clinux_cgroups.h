// What control groups need: extended attributes by descriptor, the kind of a file system, openat2's RESOLVE_* flags.
#ifndef CLINUX_CGROUPS_H
#define CLINUX_CGROUPS_H

#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>

/// fsetxattr(2) without flags; -1 and errno on failure.
int clinux_fsetxattr(int descriptor, const char *name, const void *value, size_t size);

/// fgetxattr(2); -1 and errno on failure.
long clinux_fgetxattr(int descriptor, const char *name, void *value, size_t size);

/// The file system's magic number (`CGROUP2_SUPER_MAGIC` and the like, linux/magic.h); -1 and errno on failure.
int64_t clinux_filesystem_magic(int descriptor);

#endif
