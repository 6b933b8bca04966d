#!/bin/sh
# Installs the Debian or Ubuntu packages that this project needs, and only those that are missing.
#
#   scripts/install-packages.sh [build|run|test|bench|vm]...      default: build run test
#
# build: compile the project     run: the demo and its images     test: the tools that tests compare with
# bench: what the project is measured beside     vm: the virtual machine of make test-vm
set -eu

build='build-essential pkg-config libgit2-dev libyaml-dev libarchive-dev libseccomp-dev libsqlite3-dev zlib1g-dev'
run='git curl procps iproute2 busybox-static hostname'
test='git nftables skopeo umoci zstd curl procps iproute2 busybox-static python3 openssl openssh-client openssh-server docker-registry apache2-utils'
bench='git iproute2 procps busybox-static podman runc conmon catatonit jq skopeo docker-registry curl python3'
case $(uname -m) in
    aarch64) vm='qemu-system-arm cpio kmod busybox-static' ;;
    *) vm='qemu-system-x86 cpio kmod busybox-static' ;;
esac
# The daemon that shares files with it: a package of its own from Debian 13 on.
[ -x /usr/lib/qemu/virtiofsd ] || ! apt-cache show virtiofsd > /dev/null 2>&1 || vm="$vm virtiofsd"

[ $# -gt 0 ] || set -- build run test
wanted=
for purpose; do
    case $purpose in
        build) wanted="$wanted $build" ;;
        run) wanted="$wanted $run" ;;
        test) wanted="$wanted $test" ;;
        bench) wanted="$wanted $bench" ;;
        vm) wanted="$wanted $vm" ;;
        *)
            echo "install-packages: unknown purpose \"$purpose\"; say build, run, test, bench or vm" >&2
            exit 2
            ;;
    esac
done

if ! command -v dpkg-query >/dev/null; then
    echo "install-packages: this is neither Debian nor Ubuntu; install what these packages hold:$wanted" >&2
    exit 1
fi

missing=
for package in $(printf '%s\n' $wanted | sort -u); do
    case $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true) in
        installed) ;;
        *) missing="$missing $package" ;;
    esac
done

if [ -z "$missing" ]; then
    echo "packages: all present ($*)"
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-packages: missing:$missing. As root, run: apt-get install$missing" >&2
    exit 1
fi

echo "packages: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# Nothing that is installed here is to start serving: the tests run sshd by themselves, on the loopback address.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$log" "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
if ! { apt-get update && apt-get install --yes --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "install-packages: apt-get failed (its last lines are above); install these by hand:$missing" >&2
    exit 1
fi
