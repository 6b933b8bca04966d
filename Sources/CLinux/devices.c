#define _GNU_SOURCE
#include "clinux_devices.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert((int)CLINUX_DEVICE_MAKE == (int)BPF_DEVCG_ACC_MKNOD, "the kernel's number");
_Static_assert((int)CLINUX_DEVICE_READ == (int)BPF_DEVCG_ACC_READ, "the kernel's number");
_Static_assert((int)CLINUX_DEVICE_WRITE == (int)BPF_DEVCG_ACC_WRITE, "the kernel's number");

// The program keeps what it is asked in registers: what kind of device, its numbers, and what is to be done with it.
enum { RESULT = BPF_REG_0, CONTEXT = BPF_REG_1, KIND = BPF_REG_2, ACCESS = BPF_REG_3, MAJOR = BPF_REG_4, MINOR = BPF_REG_5 };
enum { MOST_INSTRUCTIONS = 1024, LONGEST_RULE = 9 };

struct program {
    struct bpf_insn instructions[MOST_INSTRUCTIONS];
    int count;
};

static void add(struct program *program, uint8_t code, uint8_t to, uint8_t from, int16_t offset, int32_t number) {
    program->instructions[program->count++] =
        (struct bpf_insn){.code = code, .dst_reg = to, .src_reg = from, .off = offset, .imm = number};
}

static void load(struct program *program, uint8_t to, size_t offset) {
    add(program, BPF_LDX | BPF_MEM | BPF_W, to, CONTEXT, (int16_t)offset, 0);
}

static void answer(struct program *program, int allowed) {
    add(program, BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, allowed);
    add(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static void add_rule(struct program *program, const struct clinux_device_rule *rule) {
    int start = program->count;
    add(program, BPF_JMP | BPF_JNE | BPF_K, KIND, 0, 0, rule->is_block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
    if (rule->major >= 0) add(program, BPF_JMP | BPF_JNE | BPF_K, MAJOR, 0, 0, rule->major);
    if (rule->minor >= 0) add(program, BPF_JMP | BPF_JNE | BPF_K, MINOR, 0, 0, rule->minor);
    // Nothing may be asked for that is not allowed.
    add(program, BPF_ALU64 | BPF_MOV | BPF_X, RESULT, ACCESS, 0, 0);
    add(program, BPF_ALU64 | BPF_AND | BPF_K, RESULT, 0, 0, (int32_t)(~rule->access & CLINUX_DEVICE_USE));
    add(program, BPF_JMP | BPF_JNE | BPF_K, RESULT, 0, 0, 0);
    answer(program, 1);
    // Whatever does not fit goes on behind the rule.
    for (int i = start; i < program->count; i++)
        if (program->instructions[i].code == (BPF_JMP | BPF_JNE | BPF_K))
            program->instructions[i].off = (int16_t)(program->count - i - 1);
}

int clinux_device_filter(const struct clinux_device_rule *rules, size_t count) {
    static const char licence[] = "Apache-2.0";
    struct program program = {.count = 0};
    if (count > (MOST_INSTRUCTIONS - 8) / LONGEST_RULE) {
        errno = E2BIG;
        return -1;
    }
    load(&program, KIND, offsetof(struct bpf_cgroup_dev_ctx, access_type));
    add(&program, BPF_ALU64 | BPF_MOV | BPF_X, ACCESS, KIND, 0, 0);
    add(&program, BPF_ALU64 | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
    add(&program, BPF_ALU64 | BPF_AND | BPF_K, KIND, 0, 0, 0xffff);
    load(&program, MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
    load(&program, MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
    for (size_t i = 0; i < count; i++) add_rule(&program, &rules[i]);
    answer(&program, 0);
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)program.instructions;
    attributes.insn_cnt = (uint32_t)program.count;
    attributes.license = (uint64_t)(uintptr_t)licence;
    return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
}

// The kernel takes no program twice, and says of that what it says of all it does not understand.
static int is_held(int cgroup) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    return syscall(SYS_bpf, BPF_PROG_QUERY, &attributes, sizeof attributes) == 0 && attributes.query.prog_cnt > 0;
}

int clinux_attach_device_filter(int cgroup, int program) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attributes, sizeof attributes) == 0) return 0;
    int error = errno;
    if (error == EINVAL && is_held(cgroup)) return 0;
    errno = error;
    return -1;
}
