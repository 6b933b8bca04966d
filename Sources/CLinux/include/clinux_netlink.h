// rtnetlink's numbers, from the kernel's own headers, and the calls that put a test into a network of its own.
#ifndef CLINUX_NETLINK_H
#define CLINUX_NETLINK_H

#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/veth.h>

/// Opens a NETLINK_ROUTE socket in the calling thread's network namespace, closed on exec; -1 and errno on failure.
int clinux_netlink_route(void);

/// Opens a NETLINK_SOCK_DIAG socket in the calling thread's network namespace, closed on exec; -1 and errno on failure.
int clinux_netlink_diagnostics(void);

/// Sets a SOL_NETLINK option to 1; -1 and errno on failure.
int clinux_netlink_enable(int socket, int option);

/// Makes a netlink socket hear of the groups' changes (`RTMGRP_*`); -1 and errno on failure.
int clinux_netlink_subscribe(int socket, unsigned groups);

/// unshare(CLONE_NEWNET): the calling thread alone moves into a new network namespace; -1 and errno on failure.
int clinux_unshare_network(void);

/// setns(descriptor, CLONE_NEWNET) for the calling thread alone; -1 and errno on failure.
int clinux_enter_network(int descriptor);

#endif
