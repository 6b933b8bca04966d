#!/bin/sh
# A node loses its power and starts again without its network: what ran runs again, what had ended stays so. Two virtual
# machines (scripts/vm/run.sh) on one disk; nothing is synced between them but what the agent made safe. Built first:
# `swift build`, as `make test-vm` does.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .build/demo-images
flock .build/demo-images/lock scripts/demo-images.sh .build/demo-images > /dev/null
disk=$(mktemp)
trap 'rm -f "$disk"' EXIT
truncate -s 1G "$disk"
mkfs.ext4 -q "$disk"
for half in before after; do
    scripts/vm/run.sh -t 1800 -d "$disk" -- scripts/vm/reboot "$half" /var/lib/vm/node "$PWD/.build/debug/reconcile-agent" \
        "$PWD/.build/demo-images"
done
