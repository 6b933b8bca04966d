#!/bin/sh
# Measures a cold pull and unpack of an image of 50 MB in 8 layers from a registry on the loopback link, beside podman pull
# (and skopeo copy, which does not unpack) in the same run, in turns; stores are new for every round. Then how much memory a
# pull takes, workers included, beyond what the same command takes that finds everything there: of layers of 6 MB and of one
# of 200 MB.
#
#   scripts/bench-images.sh AGENT [ROUNDS]
set -eu
if [ -z "${BENCH_IMAGES_INSIDE:-}" ]; then
    # A network of its own: no port is taken, and no proxy is asked.
    export BENCH_IMAGES_INSIDE=1
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    exec unshare --net --mount --propagation slave sh -euc 'ip link set lo up && exec "$@"' sh "$(realpath "$0")" "$@"
fi
agent=$(realpath "$1")
rounds=${2:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/bench-images.XXXXXX")
registry=
end() {
    [ -z "$registry" ] || kill "$registry" 2>/dev/null || :
    umount "$work"/cold/root/overlay 2>/dev/null || :
    rm -rf --one-file-system "$work"
}
trap end EXIT
trap 'exit 1' INT TERM
cd "$work"
host=127.0.0.1:5000

printf '%s\n' 'version: 0.1' 'log: {level: error}' "storage: {filesystem: {rootdirectory: $work/registry}}" \
    "http: {addr: \"$host\"}" >registry.yml
docker-registry serve registry.yml >registry.log 2>&1 &
registry=$!
for try in $(seq 100); do curl -s -o /dev/null "http://$host/v2/" && break; sleep 0.1; done
printf '%s' '{"default": [{"type": "insecureAcceptAnything"}]}' >policy.json

# Files of 64 KiB, half of each random and half text: an image of that many layers of that many files.
cat >make.py <<'EOT'
import hashlib, io, json, os, random, sys, tarfile
count, files = int(sys.argv[1]), int(sys.argv[2])
random.seed(count)
layers = []
for number in range(count):
    path = "layer%d.tar" % number
    with tarfile.open(path, "w") as tar:
        for index in range(files):
            data = random.randbytes(32 << 10) + b"a line of text that compresses\n" * 1057
            entry = tarfile.TarInfo("layer%d/dir%d/file%d" % (number, index % 16, index))
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    with open(path, "rb") as tar: layers.append((path, "sha256:" + hashlib.file_digest(tar, "sha256").hexdigest()))
arch = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
config = json.dumps({"os": "linux", "architecture": arch, "config": {"Cmd": ["/x"]},
                     "rootfs": {"type": "layers", "diff_ids": [digest for _, digest in layers]}}).encode()
name = hashlib.sha256(config).hexdigest() + ".json"
manifest = json.dumps([{"Config": name, "RepoTags": ["bench:1"], "Layers": [path for path, _ in layers]}]).encode()
with tarfile.open("image.tar", "w") as tar:
    for path, data in [("manifest.json", manifest), (name, config)]:
        entry = tarfile.TarInfo(path)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    for path, _ in layers: tar.add(path)
EOT
# image NAME LAYERS FILES: makes an image and pushes it
image() {
    python3 make.py "$2" "$3"
    skopeo --insecure-policy copy -q --dest-tls-verify=false docker-archive:image.tar "docker://$host/$1"
    rm -f layer*.tar image.tar
}
image bench:1 8 190
image large:1 1 6000

ours() { "$agent" image pull --state-dir "$work/cold/state" --run-dir "$work/cold/run" "$@"; }
podmans() {
    podman --root "$work/cold/root" --runroot "$work/cold/run" pull -q --signature-policy "$work/policy.json" \
        --tls-verify=false "$@"
}
skopeos() { skopeo --insecure-policy copy -q --src-tls-verify=false "docker://$1" "dir:$work/cold/dir"; }

# timed NAME: one cold run of the function NAME, in milliseconds, to the end of NAME.times
timed() {
    umount cold/root/overlay 2>/dev/null || :
    rm -rf --one-file-system cold
    mkdir -m 700 cold
    sync
    begun=$(date +%s%N)
    "$1" "$host/bench:1" >said 2>&1 || { cat said >&2; exit 1; }
    echo $((($(date +%s%N) - begun) / 1000000)) >>"$1.times"
}
# told NAME WORDS: what the times of NAME are; leaves the median in `median`
told() {
    sort -n "$1.times" | awk -v what="$2" '{ time[NR] = $1 }
        END { printf "    %-42s %6d ms   fastest %5d   slowest %5d\n", what, time[int((NR + 1) / 2)], time[1], time[NR] }'
    median=$(sort -n "$1.times" | awk '{ time[NR] = $1 } END { print time[int((NR + 1) / 2)] }')
}

echo "==> cold pull of 8 layers, 50 MB, from the loopback link: median of $rounds"
for round in $(seq "$rounds"); do timed ours; timed podmans; timed skopeos; done
told ours "reconcile-agent image pull"
mine=$median
told podmans "podman pull"
told skopeos "skopeo copy to a directory (no unpacking)"
theirs=$(sort -n podmans.times | awk '{ time[NR] = $1 } END { print time[int((NR + 1) / 2)] }')
[ "$mine" -lt "$theirs" ] && verdict=met || verdict=missed
echo "    goal: faster than podman pull: $verdict ($mine ms, $theirs ms)"

# The largest sum of what a command and its children have written to and nobody shares with them (RssAnon, pages of the
# page cache left out), looked at every two milliseconds.
cat >peak.py <<'EOT'
import os, subprocess, sys, time
def anonymous(pid):
    try:
        with open("/proc/%d/status" % pid) as status:
            return sum(int(line.split()[1]) for line in status if line.startswith(("RssAnon:", "RssShmem:")))
    except OSError: return 0
def tree(pid):
    yield pid
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, thread)) as children:
                for child in children.read().split(): yield from tree(int(child))
    except OSError: pass
command = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
peak = 0
while command.poll() is None:
    peak = max(peak, sum(anonymous(pid) for pid in tree(command.pid)))
    time.sleep(0.002)
if command.returncode: sys.exit("%s failed" % sys.argv[1])
print(peak)
EOT
# peak IMAGE: the most that a pull takes, in KiB
peak() { python3 peak.py "$agent" image pull --state-dir "$work/cold/state" --run-dir "$work/cold/run" "$host/$1"; }

echo "==> memory of a pull, workers included, over the same command that finds everything there"
for what in "bench:1 8 layers of 6 MB" "large:1 1 layer of 200 MB"; do
    name=${what%% *}
    rm -rf --one-file-system cold
    mkdir -m 700 cold
    busy=$(peak "$name")
    idle=$(peak "$name")
    over=$(((busy - idle + 1023) / 1024))
    [ "$over" -le 30 ] && verdict=met || verdict=missed
    printf '    %-42s %6d MiB over %d MiB   goal of 30: %s\n' "${what#* }" "$over" $((idle / 1024)) "$verdict"
done
