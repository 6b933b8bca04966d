// Extended attributes by descriptor, and the question which kind of file system a descriptor lies on.
#ifndef CLINUX_ATTRIBUTES_H
#define CLINUX_ATTRIBUTES_H

#include <stddef.h>
#include <stdint.h>

/// fsetxattr(2) without flags; -1 and errno on failure.
int clinux_fsetxattr(int descriptor, const char *name, const void *value, size_t size);

/// fgetxattr(2); -1 and errno on failure.
long clinux_fgetxattr(int descriptor, const char *name, void *value, size_t size);

/// The file system's magic number (`CGROUP2_SUPER_MAGIC` and the like, linux/magic.h); -1 and errno on failure.
int64_t clinux_filesystem_magic(int descriptor);

#endif
