// Confining the calling thread before it touches bytes that nobody vouches for.
#ifndef CLINUX_CONFINE_H
#define CLINUX_CONFINE_H

#include <stddef.h>
#include <stdint.h>

/// Makes the directory at `path` all the calling thread can see: new mount, network and IPC namespaces, with the
/// directory (mounted noexec, nosuid, nodev) as the only mount, as root and as working directory.
///
/// Other threads of the process stay where they are. -1 and errno on failure; `*failed` then names the call.
int clinux_confine_root(const char *path, const char **failed);

/// Gives up every capability but those in `kept` (bit n is capability n), for good: bounding, ambient and inheritable
/// sets too, and no program executed later gains any. -1 and errno on failure; `*failed` then names the call.
int clinux_confine_privileges(uint64_t kept, const char **failed);

/// syncfs(2): writes out the file system that `descriptor` is on.
int clinux_syncfs(int descriptor);

/// sync_file_range(2): has all bytes of a file written, and waits for that; syncs no journal.
int clinux_write_out(int descriptor);

#endif
