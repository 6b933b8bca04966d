#include <linux/seccomp.h>
#include <seccomp.h>

// Macros that do not reach Swift as they are.
static inline unsigned clibseccomp_errno(unsigned short number) { return SCMP_ACT_ERRNO(number); }
static inline unsigned clibseccomp_trace(unsigned short number) { return SCMP_ACT_TRACE(number); }
static const unsigned clibseccomp_allow = SCMP_ACT_ALLOW, clibseccomp_log = SCMP_ACT_LOG,
                      clibseccomp_trap = SCMP_ACT_TRAP, clibseccomp_kill_thread = SCMP_ACT_KILL_THREAD,
                      clibseccomp_kill_process = SCMP_ACT_KILL_PROCESS;
static const unsigned clibseccomp_x86_64 = SCMP_ARCH_X86_64, clibseccomp_x86 = SCMP_ARCH_X86,
                      clibseccomp_x32 = SCMP_ARCH_X32, clibseccomp_aarch64 = SCMP_ARCH_AARCH64,
                      clibseccomp_arm = SCMP_ARCH_ARM;
static const unsigned clibseccomp_flag_log = SECCOMP_FILTER_FLAG_LOG;
