#!/bin/sh
# Builds small stand-ins for the images that the example manifests name, out of this machine's Debian packages.
#
#   scripts/demo-images.sh OUTDIR
#
# Writes docker archives OUTDIR/{nginx-1.14,centos-7,busybox-1.28,smlinux-unhealthy-latest}.tar; one that is there already is kept. The same
# packages give the same bytes. nginx is unpacked, never installed, so that no service starts on this machine.
set -eu
umask 022
export LC_ALL=C

[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
recipe=$(sha256sum <"$0" | cut -d' ' -f1)
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() {
    echo "demo-images: $*" >&2
    exit 1
}

# The file system that every image starts from: merged /usr as Debian has it, users, places to write.
base_root() {
    mkdir -p "$1"/usr/bin "$1"/usr/sbin "$1"/usr/lib "$1"/usr/lib64 "$1"/etc "$1"/var/log "$1"/run "$1"/root \
        "$1"/home "$1"/tmp "$1"/proc "$1"/sys "$1"/dev
    for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$1/$directory"; done
    ln -s ../run "$1/var/run"
    chmod 1777 "$1/tmp"
    chmod 700 "$1/root"
    cat >"$1/etc/passwd" <<EOF
root:x:0:0:root:/root:/bin/sh
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
EOF
    cat >"$1/etc/group" <<EOF
root:x:0:
www-data:x:33:
nogroup:x:65534:
EOF
    echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
}

# install_file ROOT SOURCE DESTINATION: copies a file, followed if a link, without the host's owner and set-id bits.
install_file() {
    mkdir -p "$1$(dirname "$3")"
    [ -x "$2" ] && mode=755 || mode=644
    install -m "$mode" "$2" "$1$3"
}

# install_libraries ROOT PROGRAM: copies the shared libraries that a program loads, to where it looks for them.
install_libraries() {
    list=$(ldd "$2" 2>/dev/null) || return 0
    case $list in *'not found'*) die "$2 lacks a library: $(echo "$list" | grep 'not found' | head -n 1)" ;; esac
    for library in $(echo "$list" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'); do
        [ -e "$1$library" ] || install_file "$1" "$library" "$library"
    done
}

# install_programs ROOT NAME...: copies programs of this machine with their libraries.
install_programs() {
    target=$1
    shift
    for name; do
        program=$(command -v "$name") || die "$name is not installed; run scripts/install-packages.sh run"
        case $program in /*) ;; *) program=/usr/bin/$name ;; esac
        install_file "$target" "$program" "/usr/bin/$name"
        install_libraries "$target" "$program"
    done
}

# debian_version PACKAGE: the upstream version of an installed package.
debian_version() {
    dpkg-query --show --showformat='${source:Upstream-Version}' "$1" 2>/dev/null ||
        die "the package $1 is not installed; run scripts/install-packages.sh run"
}

shell_tools='bash cat chmod chown cp date dd df du echo env expr false head hostname id ln ls mkdir mktemp mv printf pwd
    readlink rm rmdir seq sleep sort stat tail tee test touch tr true tty uname uniq wc'

# The layouts below follow the images they stand in for: paths, users, log files, entrypoint and command.

nginx_root() {
    root=$1
    if program=$(command -v nginx); then
        tree=
        description="nginx $(debian_version nginx)"
    else
        mkdir -p "$work/packages"
        (cd "$work/packages" && apt-get -qq download nginx nginx-common >"$work/apt.log" 2>&1) || {
            tail -n 3 "$work/apt.log" >&2
            die "nginx could not be downloaded by apt-get (its last lines are above); try apt-get update first"
        }
        tree=$work/nginx-package
        for package in "$work"/packages/*.deb; do dpkg-deb --extract "$package" "$tree"; done
        [ -x "$tree/usr/sbin/nginx" ] || die "Debian's package nginx holds no program here; install nginx-light"
        description="nginx $(dpkg-deb --field "$work"/packages/nginx_*.deb Version | sed 's/-.*//')"
        program=$tree/usr/sbin/nginx
    fi
    base_root "$root"
    install_file "$root" "$program" /usr/sbin/nginx
    install_libraries "$root" "$program"
    install_programs "$root" $shell_tools
    ln -s bash "$root/usr/bin/sh"
    install_file "$root" "$tree/usr/share/nginx/html/index.html" /usr/share/nginx/html/index.html
    install_file "$root" "$tree/etc/nginx/mime.types" /etc/nginx/mime.types
    mkdir -p "$root/var/log/nginx" "$root/var/lib/nginx" "$root/var/cache/nginx"
    ln -s /dev/stdout "$root/var/log/nginx/access.log"
    ln -s /dev/stderr "$root/var/log/nginx/error.log"
    cat >"$root/etc/nginx/nginx.conf" <<'EOF'
user www-data;
worker_processes 1;
error_log /var/log/nginx/error.log warn;
pid /var/run/nginx.pid;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" "$http_x_forwarded_for"';
    access_log /var/log/nginx/access.log main;
    sendfile on;
    keepalive_timeout 65;
    server {
        listen 80;
        server_name localhost;
        location / {
            root /usr/share/nginx/html;
            index index.html;
        }
    }
}
EOF
    config='"Cmd":["nginx","-g","daemon off;"],"StopSignal":"SIGTERM","ExposedPorts":{"80/tcp":{}}'
}

centos_root() {
    root=$1
    description="bash $(debian_version bash), procps $(debian_version procps) and curl $(debian_version curl)"
    base_root "$root"
    install_programs "$root" $shell_tools ps top free uptime pgrep kill curl grep sed
    ln -s bash "$root/usr/bin/sh"
    # The terminal descriptions that an interactive shell and top look for.
    for terminal in d/dumb l/linux v/vt100 x/xterm x/xterm-256color; do
        [ -e "/lib/terminfo/$terminal" ] && install_file "$root" "/lib/terminfo/$terminal" "/lib/terminfo/$terminal"
    done
    cat >"$root/etc/os-release" <<EOF
NAME="stand-in for CentOS Linux"
PRETTY_NAME="stand-in for CentOS Linux 7, made from Debian packages"
ID=debian
EOF
    config='"Cmd":["/bin/bash"]'
}

busybox_root() {
    root=$1
    description="busybox-static $(debian_version busybox-static)"
    program=$(command -v busybox) || die "busybox is not installed; run scripts/install-packages.sh run"
    base_root "$root"
    install_file "$root" "$program" /usr/bin/busybox
    for applet in $("$program" --list); do
        [ "$applet" = busybox ] || ln -s busybox "$root/usr/bin/$applet"
    done
    config='"Cmd":["sh"]'
}

# A web server that answers five requests and is not well from then on.
unhealthy_root() {
    root=$1
    busybox_root "$root"
    cat >"$root/usr/bin/serve" <<'EOF'
#!/bin/sh
# A shell that ends when it is asked to: as PID 1 nothing does so without a trap.
trap 'exit 143' TERM
nc -ll -p 8080 -e /usr/bin/answer &
wait
EOF
    cat >"$root/usr/bin/answer" <<'EOF'
#!/bin/sh
while read -r line && [ "${#line}" -gt 1 ]; do :; done
echo request >>/tmp/requests
if [ "$(wc -l </tmp/requests)" -le 5 ]; then
    status='200 OK' text="You've hit $(hostname)"
else
    status='500 Internal Server Error' text="I'm not well. Please restart me!"
fi
printf 'HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' "$status" $((${#text} + 1)) "$text"
EOF
    chmod 755 "$root/usr/bin/serve" "$root/usr/bin/answer"
    config='"Cmd":["/usr/bin/serve"],"ExposedPorts":{"8080/tcp":{}}'
}

pack() { tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu "$@"; }

# build NAME:TAG FUNCTION: makes OUTDIR/NAME-TAG.tar with the root file system that FUNCTION fills.
build() {
    file=$out/$(echo "$1" | tr ':/' '--').tar
    if [ -s "$file" ] && [ "$(cat "$file.recipe" 2>/dev/null)" = "$recipe" ]; then
        echo "$1: already there ($file)"
        return
    fi
    root=$work/root-$2 image=$work/image-$2
    mkdir -p "$root" "$image"
    "$2" "$root"
    title="stand-in for $1, made from Debian's $description"

    pack --file "$work/layer.tar" --directory "$root" .
    layer=$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)
    mv "$work/layer.tar" "$image/$layer.tar"
    path='PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    printf '{"architecture":"%s","config":{%s,"Env":["%s"],"Labels":{"org.opencontainers.image.title":"%s"}},%s,%s}' \
        "$architecture" "$config" "$path" "$title" '"created":"1970-01-01T00:00:00Z","os":"linux"' \
        "\"rootfs\":{\"diff_ids\":[\"sha256:$layer\"],\"type\":\"layers\"}" >"$work/config.json"
    id=$(sha256sum <"$work/config.json" | cut -d' ' -f1)
    mv "$work/config.json" "$image/$id.json"
    printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s.tar"]}]\n' "$id" "$1" "$layer" >"$image/manifest.json"

    # Under its name only when it is whole.
    pack --file "$file.new" --directory "$image" manifest.json "$id.json" "$layer.tar"
    mv "$file.new" "$file"
    echo "$recipe" >"$file.recipe"
    rm -rf "$root" "$image"
    echo "$1: $title ($(($(stat -c %s "$file") / 1048576)) MiB)"
}

build nginx:1.14 nginx_root
build centos:7 centos_root
build busybox:1.28 busybox_root
build smlinux/unhealthy:latest unhealthy_root
