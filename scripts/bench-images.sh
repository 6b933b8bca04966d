#!/bin/sh
# Measures a cold pull and unpack of an image of 50 MB in 8 layers from a registry on the loopback link, beside podman pull
# (and skopeo copy, which does not unpack) in the same run. Stores are new for every round.
#
#   scripts/bench-images.sh AGENT [ROUNDS]
set -eu
agent=$(realpath "$1")
rounds=${2:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/bench-images.XXXXXX")
registry=
trap '[ -z "$registry" ] || kill "$registry" 2>/dev/null || :; rm -rf --one-file-system "$work"' EXIT
cd "$work"
host=127.0.0.1:5001

printf '%s\n' 'version: 0.1' 'log: {level: error}' "storage: {filesystem: {rootdirectory: $work/registry}}" \
    "http: {addr: \"$host\"}" >registry.yml
docker-registry serve registry.yml >registry.log 2>&1 &
registry=$!
for try in $(seq 100); do curl -s -o /dev/null "http://$host/v2/" && break; sleep 0.1; done

# Half of each layer compresses and half does not, in files of 64 KiB: 6.25 MB compressed each.
python3 - <<'END'
import hashlib, io, json, os, random, tarfile
random.seed(1)
layers = []
for number in range(8):
    path = "layer%d.tar" % number
    with tarfile.open(path, "w") as tar:
        for index in range(190):
            data = random.randbytes(32 << 10) + b"a line of text that compresses\n" * 1057
            entry = tarfile.TarInfo("layer%d/dir%d/file%d" % (number, index % 16, index))
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    layers.append((path, "sha256:" + hashlib.sha256(open(path, "rb").read()).hexdigest()))
arch = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
config = json.dumps({"os": "linux", "architecture": arch, "config": {"Cmd": ["/x"]},
                     "rootfs": {"type": "layers", "diff_ids": [digest for _, digest in layers]}}).encode()
name = hashlib.sha256(config).hexdigest() + ".json"
open(name, "wb").write(config)
manifest = json.dumps([{"Config": name, "RepoTags": ["bench:1"], "Layers": [path for path, _ in layers]}]).encode()
with tarfile.open("image.tar", "w") as tar:
    for path, data in [("manifest.json", manifest), (name, config)]:
        entry = tarfile.TarInfo(path)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    for path, _ in layers: tar.add(path)
END
skopeo --insecure-policy copy -q --dest-tls-verify=false docker-archive:image.tar "docker://$host/bench:1"
rm -f layer*.tar image.tar

cat >measure.py <<'END'
import resource, subprocess, sys, time
begun = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=open("error.log", "w")).returncode
took = time.monotonic() - begun
if status: sys.exit("%s failed: %s" % (sys.argv[1], open("error.log").read()))
print("%.0f %d" % (took * 1000, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10))
END

# measure NAME COMMAND...: prints the median time and the largest resident set of one process
measure() {
    what=$1
    shift
    for round in $(seq "$rounds"); do
        rm -rf --one-file-system cold
        mkdir cold
        sync
        python3 measure.py "$@"
    done | sort -n >figures
    awk -v what="$what" '{ time[NR] = $1; if ($2 > rss) rss = $2 }
        END { printf "    %-38s %7d ms   fastest %5d   slowest %5d   largest process %4d MiB\n", what, time[int((NR + 1) / 2)], time[1], time[NR], rss }' figures
    awk '{ time[NR] = $1 } END { print time[int((NR + 1) / 2)] }' figures >median
}

echo "==> cold pull of 8 layers, 50 MB, from $host: median of $rounds"
measure "reconcile-agent image pull" "$agent" image pull --state-dir "$work/cold/state" --run-dir "$work/cold/run" "$host/bench:1"
ours=$(cat median)
measure "podman pull" podman --root "$work/cold/root" --runroot "$work/cold/run" pull -q --tls-verify=false "$host/bench:1"
theirs=$(cat median)
measure "skopeo copy to a directory (no unpacking)" skopeo --insecure-policy copy -q --src-tls-verify=false "docker://$host/bench:1" "dir:$work/cold/dir"
[ "$ours" -lt "$theirs" ] && verdict=met || verdict=missed
echo "    goal: faster than podman pull: $verdict ($ours ms, $theirs ms)"
