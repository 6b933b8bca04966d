#!/bin/sh
# Measures on this machine: builds the floor (a bare C program) and runs the benchmarks beside it, in a network
# namespace of their own. Ratios within one run mean something; absolute figures belong to the machine.
set -eu
cd "$(dirname "$0")/.."
out=.build/bench
mkdir -p "$out"
echo "==> building the floor: Benchmarks/floor.c"
cc -O2 -static -o "$out/floor" Benchmarks/floor.c
echo "==> $(uname -sr), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
exec unshare --net --mount .build/release/bench "$out/floor"
