#include "internal.h"

#include <sys/syscall.h>

// CLOEXEC is not enough: it acts after execve has resolved its path, and whatever a child still holds until then, a
// directory of the node's above all, can be reached through /proc/self/fd by a command, a working directory or a link
// that an image chooses (CVE-2024-21626).
void birth_keep_only(const int *kept, size_t count) {
    unsigned first = 3;
    for (;;) {
        unsigned next = ~0U;  // the lowest kept descriptor that is not below `first`
        for (size_t i = 0; i < count; i++)
            if (kept[i] >= 0 && (unsigned)kept[i] >= first && (unsigned)kept[i] < next) next = (unsigned)kept[i];
        if (next > first) syscall(SYS_close_range, first, next == ~0U ? next : next - 1, 0);
        if (next == ~0U) return;
        first = next + 1;
    }
}
