#!/bin/bash
# Runs `swift test` and keeps what it prints, behind a line about this machine: `make docs` reads how the tests went.
#
#   scripts/run-tests.sh ARGUMENT...      as `swift test` takes them
#
# RESULTS names what is kept: run.log by default, which is read for docs/conformance.md; any other name is a .txt that is not.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/results
kept=.build/results/run.log
[ -z "${RESULTS:-}" ] || kept=.build/results/$RESULTS.txt
{
    scripts/machine.sh
    swift test "$@" 2>&1
} | tee "$kept"
