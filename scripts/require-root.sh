#!/bin/bash
# Refuses to go on without root, and says what to do instead.
#
# usage: scripts/require-root.sh MAKE-GOAL...
set -euo pipefail

[ "$(id -u)" -eq 0 ] && exit 0

cat >&2 <<MESSAGE
error: make $* must run as root, and this is user $(id -un)
  why:  it starts real Pods: namespaces, cgroups, mounts and network links of its own
  hint: sudo env "PATH=\$PATH" make $*
  hint: without root, 'make build' and 'make lint' work (once the system packages are installed)
MESSAGE
exit 1
