#!/bin/sh
# Runs a command as root in a throw-away virtual machine with a pure cgroup v2 hierarchy, on Debian's cloud kernel.
#
#   scripts/vm/run.sh [-m MEGABYTES] [-t SECONDS] [-d DISK] -- COMMAND [ARGUMENT]...
#
# The guest sees this machine's files, read-only below a layer of memory: what it writes is gone with it, except on DISK, a
# file with an ext4 file system, found at /var/lib/vm. With a disk the machine ends as in a power cut, without a sync: what
# nobody made safe is lost, and the next machine on that disk starts after what this one believed. The processor is
# emulated, so that it works inside other virtual machines too; VM_ACCELERATOR=kvm makes it five to ten times as fast where
# KVM works; VM_CPUS, 2, are its processors. Ends with the command's exit code; 124: time was up, 125: the machine did not come
# up, 126: no kernel is to be had.
set -eu

megabytes=3072
seconds=1800
disk=
while [ $# -gt 0 ]; do
    case $1 in
        -m) megabytes=$2; shift 2 ;;
        -t) seconds=$2; shift 2 ;;
        -d) disk=$2; shift 2 ;;
        --) shift; break ;;
        *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
fail() {
    echo "vm: $*" >&2
    exit 125
}

# --- the kernel: unpacked beside the build, never installed: this machine's own boot is none of our business --------------
case $(uname -m) in
    x86_64) arch=amd64 qemu=qemu-system-x86_64 machine=q35 console=ttyS0 image=vmlinuz ;;
    aarch64) arch=arm64 qemu=qemu-system-aarch64 machine=virt console=ttyAMA0 image=vmlinuz ;;
    *) fail "no recipe for $(uname -m)" ;;
esac
kernels=$project/.build/vm
no_kernel() {
    echo "vm: no kernel: $*" >&2
    exit 126
}
if ! ls "$kernels"/boot/$image-* > /dev/null 2>&1; then
    newest() { apt-cache depends "linux-image-cloud-$arch" 2> /dev/null | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1; }
    package=$(newest)
    [ -n "$package" ] || { apt-get update -qq && package=$(newest); }
    [ -n "$package" ] || no_kernel "no package linux-image-cloud-$arch: is this Debian?"
    echo "vm: unpacking $package into $kernels"
    mkdir -p "$kernels/package"
    # As root, into a folder that apt's own user cannot write to.
    (cd "$kernels/package" && apt-get download -qq -o APT::Sandbox::User=root "$package") ||
        no_kernel "cannot download $package"
    dpkg-deb -x "$kernels"/package/*.deb "$kernels"
    rm -rf "$kernels/package"
fi
kernel=$(ls "$kernels"/boot/$image-* | head -n 1)
release=${kernel##*/$image-}
modules=$kernels
[ -d "$modules/lib/modules" ] || modules=$kernels/usr
[ -f "$modules/lib/modules/$release/modules.dep" ] || depmod -b "$modules" "$release"

daemon=
for path in /usr/libexec/virtiofsd /usr/lib/qemu/virtiofsd /usr/bin/virtiofsd; do [ -x "$path" ] && daemon=$path; done
[ -n "$daemon" ] || fail "there is no virtiofsd: install virtiofsd or qemu-system-common"

work=$(mktemp -d)
children=
clean() {
    for child in $children; do kill "$child" 2> /dev/null || true; done
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

# --- the initramfs: busybox, the modules in the order of their loading, what to do then -----------------------------------
root=$work/initramfs
mkdir -p "$root/bin" "$root/modules" "$root/tree" "$root/memory" "$root/root" "$root/proc" "$root/sys" "$root/dev"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init" "$here/session" "$root/"
chmod +x "$root/init"
echo "$project" > "$root/project"
for module in virtio_pci virtio_console virtio_blk virtiofs ext4 overlay veth bridge br_netfilter \
    nf_tables nft_chain_nat nft_nat nft_masq nft_ct nft_fib_ipv4 nft_fib_inet nf_conntrack_netlink tcp_diag udp_diag; do
    modprobe -d "$modules" -S "$release" --show-depends "$module" 2> /dev/null || echo "vm: no module $module" >&2
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$root/modules/"
    echo "${file##*/}"
done > "$root/modules/order"
quoted() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
{
    echo "export PATH=$(quoted "$PATH") HOME=/root LANG=C.UTF-8 TMPDIR=/tmp"
    echo "cd $(quoted "$PWD")"
    for word in "$@"; do quoted "$word"; done
    echo
} > "$root/command"
(cd "$root" && find . | cpio --quiet -o -H newc) > "$work/initramfs.cpio"

# --- the tree: a read-only view of / and of the file system that the project is on -----------------------------------------
mkdir "$work/view"
# Not by stat: it does not see that the project is bound to its place.
top=$(findmnt --noheadings --output TARGET --target "$project")
export work top daemon
unshare --mount --propagation private sh -euc '
    mount --bind / "$work/view"
    if [ "$top" != / ]; then
        mount --bind "$top" "$work/view$top"
        mount -o remount,bind,ro "$work/view$top"
    fi
    mount -o remount,bind,ro "$work/view"
    exec "$daemon" --socket-path="$work/tree.sock" -o source="$work/view" -o cache=always -o sandbox=chroot
' > "$work/daemon.log" 2>&1 &
children=$!
tries=0
until [ -S "$work/tree.sock" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { cat "$work/daemon.log" >&2; fail "virtiofsd does not come up"; }
    sleep 0.05
done

# --- the machine -----------------------------------------------------------------------------------------------------------
case ${VM_ACCELERATOR:-tcg} in
    kvm) accelerator='-accel kvm -cpu host' ;;
    *) accelerator='-accel tcg,thread=multi -cpu max' ;;
esac
if [ -n "$disk" ]; then set -- -drive "file=$disk,format=raw,if=virtio,cache=writeback"; else set --; fi
mkfifo "$work/output"
cat "$work/output" &
reader=$!
: > "$work/status"
code=0
# shellcheck disable=SC2086  # several words on purpose
timeout -k 5 "$seconds" "$qemu" $accelerator -machine "$machine,memory-backend=memory" \
    -object "memory-backend-memfd,id=memory,size=${megabytes}M,share=on" -m "$megabytes" -smp ${VM_CPUS:-2} \
    -display none -no-reboot -nodefaults -nic none -serial "file:$work/console" \
    -kernel "$kernel" -initrd "$work/initramfs.cpio" \
    -append "console=$console quiet panic=-1 mitigations=off cgroup_no_v1=all" \
    -chardev "socket,id=tree,path=$work/tree.sock" -device vhost-user-fs-pci,chardev=tree,tag=tree \
    -device virtio-serial-pci \
    -chardev "file,id=output,path=$work/output" -device virtserialport,chardev=output,name=output \
    -chardev "file,id=status,path=$work/status" -device virtserialport,chardev=status,name=status \
    "$@" < /dev/null || code=$?
wait "$reader" || true
[ "$code" -ne 124 ] || { echo "vm: stopped after $seconds s" >&2; exit 124; }
read -r status < "$work/status" || { cat "$work/console" >&2; fail "the machine ended before the command did"; }
exit "$status"
