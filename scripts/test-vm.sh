#!/bin/bash
# Runs tests once more on cgroup v2, in throw-away virtual machines (scripts/vm/run.sh), and says how they went. The tests
# are those built on this machine: run `swift build --build-tests` first, as `make test-vm` does.
#
#   scripts/test-vm.sh [--or-skip] [short|whole|PORTION|REGEX]...      default: whole
#
# whole is run in portions, a machine for each, so that what stops one of them costs the others nothing; any may be run alone,
# by its name below. short is a choice of a few minutes, for every change. A REGEX chooses tests as `swift test --filter` does.
# --or-skip: where the packages cannot be had, or the machine is too slow, say so and end well; a test that fails is a failure
# all the same. What is printed is added to .build/results/vm.log, from which `make docs` takes how each test went last.
#
# The processor is emulated, so deadlines in tests are stretched (RECONCILE_TEST_PATIENCE, 10). VM_SECONDS, 3600, ends a
# portion. RECONCILE_TEST_PROGRAMS=.build/release tests the agent and the supervisor of a release build, and takes half as long.
set -euo pipefail

cd "$(dirname "$0")/.."

# Name, tests at a time, and which. Portions of three minutes to half an hour.
portions() {
    cat << 'TABLE'
cgroups      1  ^CgroupsIntegration
containers   1  ^SupervisorIntegration\.(ContainerTests|ExecTests|LogTests|AttachTests)
confinement  1  ^SupervisorIntegration\.(ProberTests|HostileTests|PlantedTests|OwnUsersTests)
mounts       1  ^SupervisorIntegration\.(VolumeTests|SharedVolumeTests|ImageVolumeTests|DeathTests|KillTheDriverTests)
limits       1  ^NodeRuntimeIntegration\.(LimitsTests|DeviceTests|SecurityContextTests|MemoryVolumeTests|SubPathTests)
lives        1  ^NodeRuntimeIntegration\.(PodLifeTests|SpareSupervisorTests|HostNamespaceTests|NetworkDamageTests|CutShortTests|OwnFilesTests)
deaths       1  ^NodeRuntimeIntegration\.(AgentDeathTests|OwnedPodTests|VolumeOwnershipTests|EarlierProgramTests)
places       1  ^NodeRuntimeIntegration\.(HostPortTests|ForeignMountTests|ImageUserTests|AddressLeakTests)
network      1  ^(PodNetworkIntegration|ProbesIntegration|LinuxTests)
decisions    2  ^(CgroupsTests|SupervisorCoreTests|NodeRuntimeTests|ProbesTests|ReconcilerTests|PodModelTests|TablesTests)
values       2  ^(ManifestsTests|ImageStoreTests|SeccompTests|JournalTests|PodNetworkTests|CommandLineTests)
rules-lives  2  ^Conformance\.(SandboxTests|RestartTests|InitTests|EndTests)
rules-words  2  ^Conformance\.(EnvironmentTests|NameTests|StatusTests|WordTests|ManifestTests)
rules-files  2  ^Conformance\.(ProbeTests|VolumeTests|ImageTests|HostPortTests|StreamTests)
images       2  ^(ImageStoreIntegration|EndToEnd\.(BadImageTests|ImagePullTests|ImageTests|AgentEndTests|LostSightTests|StartRefusalTests))
web          2  ^EndToEnd\.(NginxPodTests|LimitTests|ResourceTests|TopTests|EvictionTests|MultipodTests|PauseTests)
drift        2  ^EndToEnd\.(DriftTests|AgentDeathTests|ExecTests|InitTests|PushTests|EditTests|WatchTests|LogsTests)
probes       2  ^EndToEnd\.(ProbeDefaultsTests|LivenessTests|ProbeKindTests|ProbeMatrixTests|HookTests|TerminationMessageTests)
volumes      2  ^EndToEnd\.(VolumeTests|ConfigurationTests|OwnUsersTests|IdentityTests|AmbassadorTests|DrainTests|SyncTests)
TABLE
}
short='^CgroupsIntegration|^NodeRuntimeIntegration\.(LimitsTests/(outOfMemory|resize\(|tiers)|DeviceTests|PodLifeTests/lifeOfAPod)'

or_skip=
if [ "${1:-}" = --or-skip ]; then or_skip=1 && shift; fi
[ $# -gt 0 ] || set -- whole

bundle=$(ls -d .build/debug/*PackageTests.xctest 2> /dev/null | head -n 1)
[ -n "$bundle" ] || {
    echo "test-vm: no tests are built: run swift build --build-tests" >&2
    exit 1
}
skip() {
    # What has been tested counts.
    [ -n "$or_skip" ] && [ "${failed:-0}" -eq 0 ] || exit 1
    echo "test-vm: SKIPPED: nothing was tested on cgroup v2: $1 (see above)"
    exit 0
}
scripts/install-packages.sh vm || skip "the packages of the virtual machine cannot be had"
# The machine inside has no network: images are built out here.
mkdir -p .build/demo-images .build/results
flock .build/demo-images/lock scripts/demo-images.sh .build/demo-images
output=$(mktemp)
trap 'rm -f "$output"' EXIT

programs=$(realpath "${RECONCILE_TEST_PROGRAMS:-.build/debug}")
summary=
failed=0
# Runs a portion: its name, tests at a time, and which.
run() {
    local name=$1 width=$2 regex=$3 code=0 parallel=--parallel result
    [ "$width" -gt 1 ] || parallel=--no-parallel
    echo "test-vm: $name: $regex"
    scripts/vm/run.sh -t "${VM_SECONDS:-3600}" -- \
        env RECONCILE_TEST_DIRECTORY=/var/lib/vm "RECONCILE_TEST_PATIENCE=${RECONCILE_TEST_PATIENCE:-10}" \
        "RECONCILE_TEST_PROGRAMS=$programs" \
        "SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$width" \
        sh -c 'scripts/machine.sh; "$@" || { code=$?; [ $code -ne 126 ] || code=1; exit $code; }' sh "$PWD/$bundle" --testing-library swift-testing "$parallel" --filter "$regex" \
        2>&1 | tee "$output" || code=$?
    [ "$code" -ne 126 ] || skip "no kernel is to be had"
    cat "$output" >> .build/results/vm.log
    result=$(sed -n 's/.*Test run with \(.*\)\.$/\1/p' "$output" | tail -n 1)
    if [ -n "$or_skip" ] && { [ "$code" -eq 124 ] || [ "$code" -eq 125 ]; }; then
        result="SKIPPED: the machine did not come up, or not to an end in time ($code)"
    elif [ "$code" -ne 0 ]; then
        result="${result:-the machine ended with $code} (again: scripts/test-vm.sh '$name')"
        failed=1
    fi
    summary+="$(printf 'test-vm: %-12s %s' "$name" "$result")"$'\n'
}

for choice; do
    known=
    [ "$choice" != short ] || { known=1 && run short 1 "$short"; }
    while read -r name width regex; do
        [ "$choice" = whole ] || [ "$choice" = "$name" ] || continue
        known=1
        run "$name" "$width" "$regex" < /dev/null
    done < <(portions)
    [ -n "$known" ] || run "$choice" 1 "$choice"
done
printf '\n%s' "$summary"
exit "$failed"
