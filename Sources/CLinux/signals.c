#define _GNU_SOURCE
#include "clinux_signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int clinux_signalfd(int signal) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, signal);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

void clinux_signalfd_drain(int descriptor) {
    struct signalfd_siginfo info;
    while (read(descriptor, &info, sizeof info) > 0) {}
}
