// Start-up and two system calls without a C library, so that pause takes a few KiB.
// The only file with constants of an architecture in it.
#include "pause.h"

#include <asm/unistd.h>
#include <linux/signal.h>

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call pause_start\n");
static long call(long number, long a, long b, long c, long d) {
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n  mov x29, #0\n  bl pause_start\n");
static long call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#else
#error "pause knows x86-64 and arm64"
#endif

extern int pause_main(int count, char **arguments);

__attribute__((used, noreturn)) void pause_start(void) {
    for (;;) pause_main(0, 0);
}

void pause_reap_children(void) {
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } ignore = {(void *)1, 0, 0, 0};
    call(__NR_rt_sigaction, SIGCHLD, (long)&ignore, 0, 8);
}

void pause_sleep(void) { call(__NR_ppoll, 0, 0, 0, 0); }

// The Embedded runtime's allocation functions are linked but never called: pause allocates nothing.
int posix_memalign(void **memory, unsigned long alignment, unsigned long size) { return 12 /* ENOMEM */; }
void free(void *memory) {}
__attribute__((noreturn)) void __stack_chk_fail(void) { __builtin_trap(); }
void *memset(void *memory, int byte, unsigned long size) {
    for (unsigned char *at = memory; size--; at++) *(volatile unsigned char *)at = (unsigned char)byte;
    return memory;
}
