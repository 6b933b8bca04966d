// Starting programs without forking, and watching them by descriptor.
#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <sys/types.h>

/// Starts `executable` by posix_spawn: in a session of its own, signals as after boot, and no descriptors but these:
/// the child's descriptor `i` is our `descriptors[i]` for all `i < count`, /dev/null where that is -1 and `i < 3`.
///
/// A null `environment` means ours. Returns 0 or an errno, also when the program cannot be executed.
int clinux_spawn(
    pid_t *child, const char *executable, char *const arguments[], char *const environment[], const int *descriptors,
    int count);

/// pidfd_open(2); the descriptor closes on exec. -1 and errno on failure.
int clinux_pidfd_open(pid_t process);

/// A pipe whose two ends close on exec: `ends[0]` reads, `ends[1]` writes. -1 and errno on failure.
int clinux_pipe(int ends[2]);

/// Has the kernel kill this process when the thread that started it ends. -1 and errno on failure.
int clinux_die_with_parent(void);

/// A read-only view of the directory at `path`: a mount of its own that lives as long as the descriptor, or a process
/// started from it, and appears in no mount table. -1 and errno on failure.
int clinux_read_only_tree(const char *path);

#endif
