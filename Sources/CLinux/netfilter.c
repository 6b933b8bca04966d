#define _GNU_SOURCE
#include "clinux_netfilter.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_netlink_netfilter(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (descriptor < 0) return -1;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        int reason = errno;
        close(descriptor);
        errno = reason;
        return -1;
    }
    // A transaction is one datagram. Refused without CAP_NET_ADMIN, and so is every transaction then.
    int size = 4 << 20;
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    return descriptor;
}

int clinux_netlink_join(int descriptor, int group) {
    return setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group);
}

unsigned clinux_netlink_port(int descriptor) {
    struct sockaddr_nl address = {0};
    socklen_t length = sizeof address;
    return getsockname(descriptor, (struct sockaddr *)&address, &length) == 0 ? address.nl_pid : 0;
}
