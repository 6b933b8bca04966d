// Messages with descriptors over Unix sockets; the control-message macros do not reach Swift.
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Sends bytes with up to 16 descriptors, never raising SIGPIPE; `flags`: MSG_*.
ssize_t clinux_send(int socket, const void *bytes, size_t length, const int *descriptors, size_t count, int flags);

/// Receives bytes and up to `*count` descriptors, closed on exec; `*count` becomes how many came. A descriptor for
/// which there is no room is closed.
ssize_t clinux_receive(int socket, void *bytes, size_t length, int *descriptors, size_t *count, int flags);

/// A new epoll instance, closed on exec.
int clinux_epoll(void);
/// Watches `descriptor` for input; `key` comes back with its events.
int clinux_epoll_add(int epoll, int descriptor, uint64_t key);
/// Watches `descriptor` until it is writable (`writable` not 0) or readable, or its peer is gone: told at most once.
int clinux_epoll_add_once(int epoll, int descriptor, int writable, uint64_t key);
int clinux_epoll_remove(int epoll, int descriptor);
/// Waits without limit; returns how many of `keys` (at most 64) were filled in, 0 when a signal interrupted.
int clinux_epoll_wait(int epoll, uint64_t *keys, int capacity);
/// The same for at most so many milliseconds; -1: without limit.
int clinux_epoll_wait_for(int epoll, uint64_t *keys, int capacity, int milliseconds);

/// A descriptor that wakes whoever waits in epoll; -1 and errno on failure.
int clinux_bell(void);
/// Watches a bell; `key` comes back with each ring, or with several at once.
int clinux_epoll_add_bell(int epoll, int bell, uint64_t key);
void clinux_ring(int bell);

/// A stream connection to the socket called `name` in the directory at `path`, however long that path is. Waits at most
/// three seconds for a listener that does not accept (EAGAIN), as each send on it does then.
int clinux_connect_in(const char *path, const char *name);

/// MSG_DONTWAIT, an enum constant in C.
int clinux_dont_wait(void);

#endif
