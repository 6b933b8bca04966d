// The numbers of nf_tables and of connection tracking, from the kernel's own headers.
#ifndef CLINUX_NETFILTER_H
#define CLINUX_NETFILTER_H

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

/// Opens a NETLINK_NETFILTER socket in the calling thread's network namespace, closed on exec, with a port of its own
/// and room for long transactions; -1 and errno on failure.
int clinux_netlink_netfilter(void);

/// Makes a netlink socket hear of a group; -1 and errno on failure.
int clinux_netlink_join(int socket, int group);

/// The port by which the kernel knows a netlink socket; 0 when it has none.
unsigned clinux_netlink_port(int socket);

#endif
