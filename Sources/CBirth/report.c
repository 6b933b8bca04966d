#include "internal.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

static struct birth_report timeline = {.kind = BIRTH_REPORT_TIMELINE};

static void send_report(const struct birth_plan *plan, const struct birth_report *report, int descriptor) {
    struct iovec data = {.iov_base = (void *)report, .iov_len = sizeof *report};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (descriptor >= 0) {
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
    }
    while (sendmsg(plan->channel, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

_Noreturn void birth_fail(const struct birth_plan *plan, enum birth_stage stage, int error, const char *detail) {
    struct birth_report report = {.kind = BIRTH_REPORT_FAILURE, .stage = stage, .error = error};
    if (detail) strncpy(report.detail, detail, sizeof report.detail - 1);
    send_report(plan, &report, -1);
    _exit(127);
}

void birth_notice(const struct birth_plan *plan, enum birth_stage stage, int error, const char *detail) {
    struct birth_report report = {.kind = BIRTH_REPORT_NOTICE, .stage = stage, .error = error};
    strncpy(report.detail, detail, sizeof report.detail - 1);
    send_report(plan, &report, -1);
}

void birth_passed(enum birth_stage stage) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((size_t)stage < sizeof timeline.finished / sizeof *timeline.finished)
        timeline.finished[stage] = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void birth_send_timeline(const struct birth_plan *plan) { send_report(plan, &timeline, -1); }

void birth_send_terminal(const struct birth_plan *plan, int master) {
    struct birth_report report = {.kind = BIRTH_REPORT_TERMINAL};
    send_report(plan, &report, master);
}
