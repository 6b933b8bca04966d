#!/bin/bash
# Runs the tests that need a real kernel on cgroup v2, in a throw-away virtual machine (scripts/vm/run.sh), and ends with
# their result. The tests are those built on this machine: run `swift build --build-tests` first, as `make test-vm` does.
#
#   scripts/test-vm.sh [REGEX]     suites to run; by default those of cgroups, supervisor, runtime and the main scenarios
#
# The processor is emulated, so deadlines in tests are stretched (RECONCILE_TEST_PATIENCE) and tests run one after another.
set -euo pipefail

cd "$(dirname "$0")/.."
suites=${1:-'CgroupsIntegration|SupervisorIntegration\.(ContainerTests|ExecTests|LogTests|ProberTests)|NodeRuntimeIntegration\.(LimitsTests|PodLifeTests|DeviceTests)|EndToEnd\.(NginxPodTests|LimitTests)'}
bundle=$(ls -d .build/debug/*PackageTests.xctest 2> /dev/null | head -n 1)
[ -n "$bundle" ] || {
    echo "test-vm: no tests are built: run swift build --build-tests" >&2
    exit 1
}
case $PWD in
    /tmp | /tmp/*)
        echo "test-vm: the project lies below /tmp, which the virtual machine has for itself: move it" >&2
        exit 1
        ;;
esac
# The machine inside has no network: images are built out here.
mkdir -p .build/demo-images
flock .build/demo-images/lock scripts/demo-images.sh .build/demo-images
echo "test-vm: $suites"
mkdir -p .build/results
# What is printed is kept: `make docs` reads how the tests went.
scripts/vm/run.sh -t "${VM_SECONDS:-3000}" -- env RECONCILE_TEST_DIRECTORY=/var/lib/vm RECONCILE_TEST_PATIENCE=8 \
    sh -c 'scripts/machine.sh; exec "$@"' sh "$bundle" --testing-library swift-testing --no-parallel --filter "$suites" \
    2>&1 | tee .build/results/vm.log
