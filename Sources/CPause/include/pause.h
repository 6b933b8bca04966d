// What pause does, in system calls.
#ifndef PAUSE_H
#define PAUSE_H

/// Ignores SIGCHLD, which makes the kernel reap children: pause is PID 1 where a Pod shares its PID namespace.
void pause_reap_children(void);
/// Sleeps until a signal comes. Signals that mean an end (SIGTERM, SIGKILL) end the process by themselves.
void pause_sleep(void);

#endif
