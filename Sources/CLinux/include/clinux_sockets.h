// Messages with descriptors over Unix sockets; the control-message macros do not reach Swift.
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H

#include <stddef.h>
#include <sys/types.h>

/// Sends bytes with up to 16 descriptors, never raising SIGPIPE; `flags`: MSG_*.
ssize_t clinux_send(int socket, const void *bytes, size_t length, const int *descriptors, size_t count, int flags);

/// Receives bytes and up to `*count` descriptors, closed on exec; `*count` becomes how many came. A descriptor for
/// which there is no room is closed.
ssize_t clinux_receive(int socket, void *bytes, size_t length, int *descriptors, size_t *count, int flags);

/// A stream connection to the socket at `path`.
int clinux_connect(const char *path);

/// MSG_DONTWAIT, an enum constant in C.
int clinux_dont_wait(void);

#endif
