// System calls that Swift cannot import by itself: variadic ones, and those glibc has no wrapper for.
// Feature macros belong into the .c files: a header that sets them makes the C library look different from Swift's.
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#include <stdint.h>

/// open(2) relative to `directory`; -1 and errno on failure.
int clinux_openat(int directory, const char *path, int flags, unsigned int mode);

/// openat2(2) with the given RESOLVE_* flags; -1 and errno on failure.
int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/// Has two names of one directory change places (renameat2(2)); -1 and errno on failure.
int clinux_exchange(int directory, const char *one, const char *other);

/// Has the calling thread use what no other thread wants of processors and disks. Nothing where that is not possible.
void clinux_yield_to_others(void);

/// fcntl(2) with an integer argument.
int clinux_fcntl(int descriptor, int command, int argument);

/// ioctl(2) with a pointer argument.
int clinux_ioctl(int descriptor, unsigned long request, void *argument);

#endif
