#!/bin/sh
# One line about this machine, for the results of tests: what docs/conformance.md says where they ran.
set -eu
[ -d /sys/fs/cgroup/unified ] && groups=hybrid || groups=v2
echo "machine: $groups, $(uname -sr) $(uname -m), $(date -u +%F)"
