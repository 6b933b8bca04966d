#include "internal.h"
#include "syscalls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// The container's own account files, read whole and bounded: they are the image's, hence not to be trusted with
// memory or time.
enum { ACCOUNT_FILE_LIMIT = 1 << 20 };
static char contents[ACCOUNT_FILE_LIMIT + 1];

static char *read_account_file(const char *path) {
    int file = sys_openat2(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    if (file < 0) return NULL;
    struct stat status;
    size_t used = 0;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        ssize_t count;
        while (used < ACCOUNT_FILE_LIMIT && (count = read(file, contents + used, ACCOUNT_FILE_LIMIT - used)) > 0)
            used += (size_t)count;
    }
    close(file);
    contents[used] = 0;
    return contents;
}

// Splits one line of passwd or group in place; returns the number of fields found.
static size_t split(char *line, char **fields, size_t count) {
    size_t found = 0;
    for (char *field = line; field && found < count; found++) {
        fields[found] = field;
        char *colon = strchr(field, ':');
        if (colon) *colon++ = 0;
        field = colon;
    }
    return found;
}

// A number of at most 2^31-1, digits only: "4294967296" must not become 0 (containerd CVE-2024-40635). 0: not a number.
static int parse_number(const char *text, uint32_t *number) {
    uint64_t value = 0;
    if (!*text) return 0;
    for (const char *digit = text; *digit; digit++) {
        if (*digit < '0' || *digit > '9') return 0;
        value = value * 10 + (uint64_t)(*digit - '0');
        if (value > INT32_MAX) return -1;
    }
    *number = (uint32_t)value;
    return 1;
}

static _Noreturn void refuse(const struct birth_plan *plan, const char *detail) {
    birth_fail(plan, BIRTH_STAGE_USER, ENOENT, detail);
}

static _Noreturn void refuse_name(const struct birth_plan *plan, const char *file, const char *kind, const char *name) {
    char detail[200];
    snprintf(detail, sizeof detail, "the image's %s has no %s \"%s\"", file, kind, name);
    refuse(plan, detail);
}

static void add_group(const struct birth_plan *plan, struct birth_user *user, gid_t gid) {
    for (size_t i = 0; i < user->group_count; i++)
        if (user->groups[i] == gid) return;
    if (user->group_count >= BIRTH_MAX_GROUPS) birth_fail(plan, BIRTH_STAGE_USER, E2BIG, "more than 256 groups");
    user->groups[user->group_count++] = gid;
}

static void find_in_passwd(const struct birth_plan *plan, const char *name, struct birth_user *user, char *account) {
    uint32_t number = 0;
    int numeric = parse_number(name, &number);
    if (numeric < 0) birth_fail(plan, BIRTH_STAGE_USER, ERANGE, "the user id is larger than 2147483647");
    if (numeric) user->uid = number;
    char *cursor = read_account_file("/etc/passwd"), *line;
    int found = 0;
    while (!found && (line = strsep(&cursor, "\n"))) {
        char *field[7];
        uint32_t uid, gid;
        if (split(line, field, 7) < 6 || parse_number(field[2], &uid) != 1 || parse_number(field[3], &gid) != 1) continue;
        if (numeric ? uid != number : strcmp(field[0], name) != 0) continue;
        user->uid = uid;
        user->gid = gid;
        strncpy(user->home, field[5], BIRTH_HOME_LENGTH - 1);
        strncpy(account, field[0], BIRTH_HOME_LENGTH - 1);
        found = 1;
    }
    if (!found && !numeric) refuse_name(plan, "/etc/passwd", "user", name);
}

static void find_in_group(const struct birth_plan *plan, const char *wanted, struct birth_user *user,
                          const char *account) {
    uint32_t number = 0;
    int numeric = wanted ? parse_number(wanted, &number) : 0;
    if (numeric < 0) birth_fail(plan, BIRTH_STAGE_USER, ERANGE, "the group id is larger than 2147483647");
    if (numeric) user->gid = number;
    int found = !wanted || numeric;
    char *cursor = read_account_file("/etc/group"), *line;
    while ((line = strsep(&cursor, "\n"))) {
        char *field[4], *member;
        uint32_t gid;
        size_t count = split(line, field, 4);
        if (count < 3 || parse_number(field[2], &gid) != 1) continue;
        if (wanted && !numeric && strcmp(field[0], wanted) == 0) {
            user->gid = gid;
            found = 1;
        }
        char *members = count > 3 ? field[3] : NULL;
        while (members && *account && (member = strsep(&members, ",")))
            if (strcmp(member, account) == 0 && !plan->process.leaves_image_groups) add_group(plan, user, gid);
    }
    if (!found) refuse_name(plan, "/etc/group", "group", wanted);
}

void birth_find_user(const struct birth_plan *plan, struct birth_user *user) {
    char name[256] = {0}, account[BIRTH_HOME_LENGTH] = {0};
    memset(user, 0, sizeof *user);
    strcpy(user->home, "/");
    if (strlen(plan->process.user) >= sizeof name) refuse(plan, "the user's name is too long");
    strcpy(name, plan->process.user);
    char *group = strchr(name, ':');
    if (group) *group++ = 0;
    if (group && !*group) group = NULL;
    find_in_passwd(plan, *name ? name : "0", user, account);
    if (*account || group) find_in_group(plan, group, user, account);
    if (plan->process.is_never_root && user->uid == 0)
        birth_fail(plan, BIRTH_STAGE_USER, EPERM, "its user turns out to be root: set runAsUser");
    for (size_t i = 0; i < plan->process.group_count; i++) add_group(plan, user, plan->process.groups[i]);
}
