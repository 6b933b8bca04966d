#define _GNU_SOURCE
#include "clinux_sockets.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int clinux_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_epoll_add(int epoll, int descriptor, uint64_t key) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int clinux_epoll_add_once(int epoll, int descriptor, int writable, uint64_t key) {
    struct epoll_event event = {.events = (writable ? EPOLLOUT : EPOLLIN) | EPOLLONESHOT, .data.u64 = key};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int clinux_epoll_remove(int epoll, int descriptor) { return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL); }

int clinux_epoll_wait(int epoll, uint64_t *keys, int capacity) { return clinux_epoll_wait_for(epoll, keys, capacity, -1); }

int clinux_epoll_wait_for(int epoll, uint64_t *keys, int capacity, int milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, capacity < 64 ? capacity : 64, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) keys[i] = events[i].data.u64;
    return count;
}

int clinux_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Edge-triggered: each ring is told once, and nobody has to read what was rung.
int clinux_epoll_add_bell(int epoll, int bell, uint64_t key) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = key};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, bell, &event);
}

void clinux_ring(int bell) {
    // Refused only when nobody listened 2^64 times.
    if (eventfd_write(bell, 1) < 0) return;
}
