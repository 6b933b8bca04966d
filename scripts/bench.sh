#!/bin/sh
# Measures on this machine: builds the floors (bare C programs) and runs the benchmarks beside it, in network and mount
# namespaces of their own. Ratios within one run mean something; absolute figures belong to the machine.
#
#   scripts/bench.sh [pod|fleet|probes|repository]...      default: all
# Without arguments the cost of following a repository (bench-source) and of pulling an image (bench-images.sh) is measured
# as well.
set -eu
cd "$(dirname "$0")/.."
out=${BENCH_PRODUCTS:-.build/release}
echo "==> building the floors: Benchmarks/floor.c, Benchmarks/probe-floor.c"
cc -O2 -static -o "$out/bench-floor" Benchmarks/floor.c
cc -O2 -static -o "$out/bench-probe-floor" Benchmarks/probe-floor.c
echo "==> $(uname -sr), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
[ $# -gt 0 ] || "$out/bench-source" "$out/reconcile-agent"
[ $# -gt 0 ] || scripts/bench-images.sh "$out/reconcile-agent"
exec unshare --net --mount --propagation slave sh -euc 'ip link set lo up && exec "$@"' sh \
    "$out/bench" "$out/bench-floor" "$@"
