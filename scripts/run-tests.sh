#!/bin/bash
# Runs `swift test` and keeps what it prints, behind a line about this machine: `make docs` reads how the tests went.
#
#   scripts/run-tests.sh ARGUMENT...      as `swift test` takes them
#   AGAIN=1 scripts/run-tests.sh ...      and those that failed once more, by themselves: what fails twice is broken
#
# A second try is for machines that are loaded for a moment, where a test of real processes misses its time. Which tests
# needed it is said last.
#
# RESULTS names what is kept: run.log by default, which is read for docs/conformance.md; any other name is a .txt that is not.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/results
kept=.build/results/run.log
[ -z "${RESULTS:-}" ] || kept=.build/results/$RESULTS.txt
record=${kept%.*}.xml
verdicts=${kept%.*}-swift-testing.xml # the name that swift test makes of it
rm -f "$verdicts"

# The ids of the tests that failed, as one expression for --filter.
failed() {
    awk -F'"' '
        /<testcase / { id = $2 "/" $4; gsub(/[^A-Za-z0-9_]/, ".", id) }
        /<failure/ && !seen[id]++ { printf "%s^%s", n++ ? "|" : "", id }
    ' "$verdicts"
}

{
    scripts/machine.sh
    swift test --xunit-output "$record" "$@" 2>&1
} | tee "$kept" || {
    # Without a verdict for each test the run itself broke off, which no second try excuses.
    [ -n "${AGAIN:-}" ] && [ -s "$verdicts" ] && again=$(failed) && [ -n "$again" ] || exit 1
    result=$(grep -o 'Test run with .* suites\?' "$kept" | tail -n 1)
    echo "==> running once more what failed:"
    grep -A 4 'recorded an issue' "$kept" | sed -n '1,100p'
    swift test --skip-build --filter "$again"
    echo "==> passed only when run once more: ${again//^/ }"
    echo "✔ $result passed in two tries." | tee -a "$kept"
}
