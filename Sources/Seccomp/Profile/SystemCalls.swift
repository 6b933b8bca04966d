/// System calls by name.
enum SystemCalls {
    /// What programs of all kinds make, and what asks the kernel for no more than their users' rights.
    static let ordinary = [
        files, memory, processes, signals, identity, waiting, network, messages, time, limits, machine,
    ]
    .flatMap { $0.split(separator: " ").map(String.init) }

    private static let files = """
        access cachestat chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat \
        faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 \
        fchownat fcntl fcntl64 fdatasync fgetxattr file_getattr file_setattr flistxattr flock fremovexattr fsetxattr \
        fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat getcwd getdents getdents64 \
        getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy \
        io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit ioctl lchown lchown32 lgetxattr link linkat \
        listmount listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 mkdir mkdirat \
        mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 \
        read readahead readlink readlinkat readv removexattr removexattrat rename renameat renameat2 rmdir sendfile \
        sendfile64 setxattr setxattrat splice stat stat64 statfs statfs64 statmount statx symlink symlinkat sync \
        sync_file_range sync_file_range2 arm_sync_file_range arm_fadvise64_64 syncfs tee truncate truncate64 umask \
        unlink unlinkat utime utimensat utimensat_time64 utimes vmsplice write writev
        """

    private static let memory = """
        brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 \
        mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages
        """

    /// Since Linux 4.8 no tracer leads a call around the filter: who may trace a process may do what it does (containerd).
    private static let processes = """
        arch_prctl breakpoint cacheflush capget capset execve execveat exit exit_group fork futex futex_requeue \
        futex_time64 futex_wait futex_waitv futex_wake get_robust_list get_thread_area getcpu getpgid getpgrp getpid \
        getppid getpriority getsid gettid ioprio_get ioprio_set landlock_add_rule landlock_create_ruleset \
        landlock_restrict_self lsm_get_self_attr lsm_list_modules lsm_set_self_attr modify_ldt pidfd_open prctl \
        process_mrelease process_vm_readv process_vm_writev ptrace rseq sched_get_priority_max \
        sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval \
        sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield \
        seccomp set_robust_list set_thread_area set_tid_address set_tls setpgid setpriority setsid uretprobe vfork \
        wait4 waitid waitpid
        """

    private static let signals = """
        alarm kill pause pidfd_send_signal restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo \
        rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack signal signalfd \
        signalfd4 sigaction sigpending sigprocmask sigreturn sigsuspend tgkill tkill
        """

    private static let identity = """
        getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid \
        getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 \
        setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32
        """

    private static let waiting = """
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd \
        eventfd2 _newselect pipe pipe2 poll ppoll ppoll_time64 pselect6 pselect6_time64 select
        """

    /// `socket` has rules of its own. Its 32-bit twin `socketcall` cannot be looked into; 32-bit programs need it.
    private static let network = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 \
        recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair
        """

    private static let messages = """
        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 \
        mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget
        """

    /// Asking and waiting; reading how the clock is steered takes `adjtimex`, steering it a capability besides.
    private static let time = """
        adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 \
        clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create timer_delete \
        timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime \
        timerfd_gettime64 timerfd_settime timerfd_settime64 times
        """

    private static let limits = "getrlimit getrusage prlimit64 setrlimit ugetrlimit"

    private static let machine = "getrandom sysinfo uname"

    /// Calls that libseccomp may not know yet, by their numbers, which are the same on every machine and for 32 bits.
    static let recent: [String: UInt32] = [
        "futex_waitv": 449, "set_mempolicy_home_node": 450, "cachestat": 451, "fchmodat2": 452, "map_shadow_stack": 453,
        "futex_wake": 454, "futex_wait": 455, "futex_requeue": 456, "statmount": 457, "listmount": 458,
        "lsm_get_self_attr": 459, "lsm_set_self_attr": 460, "lsm_list_modules": 461, "mseal": 462, "setxattrat": 463,
        "getxattrat": 464, "listxattrat": 465, "removexattrat": 466, "open_tree_attr": 467, "file_getattr": 468,
        "file_setattr": 469,
    ]
}
