#!/bin/sh
# One line about this machine, for the results of tests: what docs/conformance.md says where they ran.
set -eu
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    groups=v2
elif [ -d /sys/fs/cgroup/unified ]; then
    groups=hybrid
else
    groups=v1
fi
echo "machine: $groups, $(uname -sr) $(uname -m), $(date -u +%F)"
