#define _GNU_SOURCE
#include "clinux_cgroups.h"

#include <sys/vfs.h>
#include <sys/xattr.h>

int clinux_fsetxattr(int descriptor, const char *name, const void *value, size_t size) {
    return fsetxattr(descriptor, name, value, size, 0);
}

long clinux_fgetxattr(int descriptor, const char *name, void *value, size_t size) {
    return fgetxattr(descriptor, name, value, size);
}

int64_t clinux_filesystem_magic(int descriptor) {
    struct statfs information;
    return fstatfs(descriptor, &information) < 0 ? -1 : (int64_t)(uint32_t)information.f_type;
}
