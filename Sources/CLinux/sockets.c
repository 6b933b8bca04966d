#define _GNU_SOURCE
#include "clinux_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 16 };

ssize_t clinux_send(int socket, const void *bytes, size_t length, const int *descriptors, size_t count, int flags) {
    struct iovec data = {.iov_base = (void *)bytes, .iov_len = length};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
    } control = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (count > 0 && count <= MOST_DESCRIPTORS) {
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(&control.header), descriptors, sizeof(int) * count);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    }
    ssize_t sent;
    while ((sent = sendmsg(socket, &message, MSG_NOSIGNAL | flags)) < 0 && errno == EINTR) {}
    return sent;
}

ssize_t clinux_receive(int socket, void *bytes, size_t length, int *descriptors, size_t *count, int flags) {
    struct iovec data = {.iov_base = bytes, .iov_len = length};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
    } control;
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    size_t room = *count;
    *count = 0;
    ssize_t received;
    while ((received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | flags)) < 0 && errno == EINTR) {}
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t came = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < came; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            if (*count < room) descriptors[(*count)++] = descriptor;
            else close(descriptor);
        }
    }
    return received;
}

int clinux_connect_in(const char *path, const char *name) {
    // A socket address holds 108 bytes; the kernel's own link to the directory is always short.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", directory, name);
    int connected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // A listener that is stopped and whose queue is full would block connect(2), and later send(2), for ever.
    struct timeval limit = {.tv_sec = 3};
    if (connected >= 0) setsockopt(connected, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int failed = connected < 0 || connect(connected, (struct sockaddr *)&address, sizeof address) < 0;
    int error = errno;
    close(directory);
    if (!failed) return connected;
    if (connected >= 0) close(connected);
    errno = error;
    return -1;
}

int clinux_dont_wait(void) { return MSG_DONTWAIT; }
