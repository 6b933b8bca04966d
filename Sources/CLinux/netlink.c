#define _GNU_SOURCE
#include "clinux_netlink.h"

#include <sched.h>
#include <sys/socket.h>

int clinux_netlink_route(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE); }

int clinux_netlink_diagnostics(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG); }

int clinux_netlink_enable(int socket, int option) {
    int on = 1;
    return setsockopt(socket, SOL_NETLINK, option, &on, sizeof on);
}

int clinux_netlink_subscribe(int socket, unsigned groups) {
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    return bind(socket, (struct sockaddr *)&address, sizeof address);
}

int clinux_unshare_network(void) { return unshare(CLONE_NEWNET); }

int clinux_enter_network(int descriptor) { return setns(descriptor, CLONE_NEWNET); }
