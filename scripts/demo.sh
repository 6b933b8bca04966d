#!/bin/bash
# From a Git push to a running Pod, and back to nothing: what `make demo` shows.
#
#   scripts/demo.sh        as root, after `swift build -c release`
#
# The node lives in network and mount namespaces of its own, with its own cgroup parent, bridge and directories, so that
# it cannot disturb the machine it runs on. Whatever happens, everything is removed at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

agent=$PWD/.build/release/reconcile-agent
[ -x "$agent" ] || { echo "error: $agent is not built; run make demo" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || { echo "error: the demo starts real Pods and must run as root" >&2; exit 1; }

# Built from packages that may have to be downloaded, so before this leaves the machine's network; kept for the next run.
images=$PWD/.build/demo-images
if [ -z "${RECONCILE_DEMO_NAMESPACES:-}" ]; then
    echo "Building the images, small stand-ins out of Debian's packages ..."
    scripts/demo-images.sh "$images" >/dev/null
fi

# Once more, inside namespaces that end with this script. Mounts made there never reach the machine.
if [ -z "${RECONCILE_DEMO_NAMESPACES:-}" ]; then
    RECONCILE_DEMO_NAMESPACES=1 exec unshare --net --mount --propagation slave "$0" "$@"
fi
ip link set lo up

id=demo$$
base=$(mktemp -d "${TMPDIR:-/tmp}/reconcile-demo.XXXXXX")
export RECONCILE_AGENT_STATE_DIR=$base/state RECONCILE_AGENT_RUN_DIR=$base/run RECONCILE_AGENT_LOG_DIR=$base/log
export RECONCILE_AGENT_REPO=$base/node.git RECONCILE_AGENT_INTERVAL=500ms RECONCILE_AGENT_NODE_NAME=demo
export RECONCILE_AGENT_CGROUP_PARENT=reconcile-$id RECONCILE_AGENT_BRIDGE=rc$id
# A machine that is short of something already must not keep the demo from being seen.
export RECONCILE_AGENT_EVICTION_HARD=none
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
work=$base/work
agent_pid=

# ---- How it looks -------------------------------------------------------------------------------------------------

bold='' dim='' green='' red='' plain=''
[ ! -t 1 ] || bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
steps=0

step() { steps=$((steps + 1)); printf '\n%s%2d. %s%s\n' "$bold" "$steps" "$*" "$plain"; }
note() { printf '    %s%s%s\n' "$dim" "$*" "$plain"; }
good() { printf '    %s%s%s\n' "$green" "$*" "$plain"; }
fail() { printf '    %serror: %s%s\n' "$red" "$*" "$plain" >&2; exit 1; }
indented() { sed 's/^/    /'; }

# show COMMAND...: shows a command. rca VERB...: shows and runs the agent's.
show() {
    local words=$*
    printf '    %s$ %s%s\n' "$dim" "${words//$images\//}" "$plain"
}
rca() { show "reconcile-agent $*"; "$agent" "$@" 2>&1 | indented; }

# until_true SECONDS WHAT COMMAND...: waits until the command succeeds.
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || fail "$what did not happen in time"
        sleep 0.1
    done
}

# ---- What is asked ------------------------------------------------------------------------------------------------

field() { "$agent" get pod "$1" -n "$2" -o json 2>/dev/null | sed -n "s/^ *\"$3\": \"\\(.*\\)\",*$/\\1/p" | head -n 1; }
address() { field "$1" "$2" podIP; }
uid() { field "$1" "$2" uid; }
row() { "$agent" get pod "$1" -n "$2" 2>/dev/null | tail -n 1; }
is_running() { case $(row "$1" "$2") in *" $3 "*Running*) ;; *) false ;; esac; }
is_gone() { ! "$agent" get pod "$1" -n "$2" >/dev/null 2>&1; }
serves() { curl --silent --fail --max-time 2 "http://$1/"; }

restarts_of_all() { "$agent" get pods -A -o json 2>/dev/null | grep -E '"(uid|podIP|restartCount)"'; }
has_restarted() { case $(row "$1" "$2") in *" 1/1 "*Running*" 1 ("*) ;; *) false ;; esac; }
agent_works() { ! "$agent" get pods -A 2>&1 | grep -q unsupervised; }
# The first process of a Pod's only container, by the cgroup it is in.
first_process_of() {
    local group
    group=$(find /sys/fs/cgroup -maxdepth 5 -type d -path "*$RECONCILE_AGENT_CGROUP_PARENT/*pod$(uid "$1" "$2")/*" \
        ! -name pause | head -n 1)
    sort -n "$group/cgroup.procs" | head -n 1
}
now() { date +%s%N; }
seconds_since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'; }

title() { grep -o '<title>.*</title>' | indented; }

start_agent() {
    "$agent" reconcile >>"$base/agent.log" 2>&1 &
    agent_pid=$!
    disown
}

kill_agent() {
    [ -n "$agent_pid" ] || return 0
    kill -9 "$agent_pid" 2>/dev/null || true
    while kill -0 "$agent_pid" 2>/dev/null; do sleep 0.02; done
    agent_pid=
}

push() {
    git -C "$work" add --all
    git -C "$work" commit --quiet --message "$1"
    git -C "$work" push --quiet origin HEAD:main
}

# what_is_left: everything of this demo's node that still exists, one line each.
what_is_left() {
    ps -eo pid=,args= | grep -F "$base" | grep -v -e grep -e demo.sh | sed 's/^/process /' || true
    grep -F "$base" /proc/self/mountinfo | sed 's/^/mount /' || true
    find /sys/fs/cgroup -maxdepth 2 -name "$RECONCILE_AGENT_CGROUP_PARENT" -printf 'cgroup %p\n' 2>/dev/null || true
    ip -o link show | awk -F ': ' '$2 != "lo" { print "link " $2 }'
    [ ! -d "$base/run/pods" ] || find "$base/run/pods" -mindepth 1 -maxdepth 1 -printf 'directory %p\n'
    [ ! -d "$base/state/pods" ] || find "$base/state/pods" -mindepth 1 -maxdepth 1 -printf 'directory %p\n'
}

# last_resort: ends by force what `down` could not, known by this demo's own directory and cgroup.
last_resort() {
    what_is_left | while read -r kind which _; do
        case $kind in
            process) kill -9 "$which" 2>/dev/null ;;
            cgroup) find "$which" -name cgroup.procs -exec cat {} + 2>/dev/null | xargs -r kill -9 ;;
        esac
    done || true
    what_is_left | while read -r kind which _; do
        [ "$kind" != cgroup ] || find "$which" -depth -type d -exec rmdir {} \; 2>/dev/null
    done || true
}

clean_up() {
    local status=$?
    trap - EXIT
    set +e
    kill_agent
    [ ! -d "$base/state" ] || "$agent" down >/dev/null 2>&1
    last_resort
    if [ $status -ne 0 ]; then
        printf '\n%sThe demo stopped early.%s The last lines of the agent:\n' "$red" "$plain" >&2
        tail -n 20 "$base/agent.log" 2>/dev/null | indented >&2
    fi
    rm -rf "$base"
    exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- The demo -----------------------------------------------------------------------------------------------------

printf '%sreconcile-agent: a kubelet without Kubernetes, driven by Git%s\n' "$bold" "$plain"
note "This node has network and mount namespaces of its own; nothing of this machine is touched."

step "A repository for this node, and images under the names its manifests use"
git init --quiet --bare --initial-branch=main "$RECONCILE_AGENT_REPO"
git init --quiet --initial-branch=main "$work"
git -C "$work" remote add origin "$RECONCILE_AGENT_REPO"
cp -r example-repo/web example-repo/multi example-repo/env "$work"/
show "reconcile-agent validate ."
(cd "$work" && "$agent" validate .) | indented
push "Run a web server, two containers on one network, and a variable"
show "git push"
rca image import "$images/nginx-1.14.tar" "$images/centos-7.tar"
note "nginx:1.14 and centos:7 are small stand-ins out of Debian's packages (scripts/demo-images.sh)."

step "The agent follows it: a push becomes running Pods"
show "reconcile-agent reconcile --repo node.git &"
started=$(now)
start_agent
until_true 10 "the agent's first breath" test -d "$base/state/pods"
show "reconcile-agent get pods -A --watch"
"$agent" get pods -A --watch >"$base/watched" 2>/dev/null &
watcher=$!
disown
until_true 30 "Pod nginx-pod" is_running nginx-pod blue 1/1
until_true 30 "Pod nginx-pod-env" is_running nginx-pod-env default 1/1
until_true 30 "Pod multipod" is_running multipod default 2/2
took=$(seconds_since "$started")
sleep 0.3
kill "$watcher"
indented <"$base/watched"
good "Three Pods, four containers, $took s after the agent was started."

step "The web server answers at its Pod's address"
ip=$(address nginx-pod blue)
uid=$(uid nginx-pod blue)
until_true 10 "the page" serves "$ip"
show "curl http://$ip/"
serves "$ip" | title
rca logs nginx-pod -n blue --tail 1

step "Two containers, one network: localhost is the Pod's"
show "reconcile-agent exec multipod -c centos-container -- curl -s localhost:80"
"$agent" exec multipod -c centos-container -- curl -s localhost:80 | title
rca exec multipod -c centos-container -- ps -ef

step "A container is killed, and healed: same Pod, same address, one restart"
victim=$(first_process_of nginx-pod blue)
show "kill -9 $victim        # nginx in nginx-pod"
kill -9 "$victim"
until_true 20 "the restart of nginx" has_restarted nginx-pod blue
rca get pods -n blue
[ "$(uid nginx-pod blue)" = "$uid" ] || fail "nginx-pod was recreated: its UID changed"
[ "$(address nginx-pod blue)" = "$ip" ] || fail "nginx-pod has another address"
until_true 10 "the page" serves "$ip"
good "http://$ip/ answers again."

step "The agent is killed, and Pods never notice; the next one takes them over"
show "kill -9 $agent_pid        # the agent"
kill_agent
serves "$ip" >/dev/null || fail "the page is gone with the agent"
good "http://$ip/ answers, with no agent running."
before=$(restarts_of_all)
start_agent
until_true 10 "the new agent" agent_works
sleep 0.5
[ "$(restarts_of_all)" = "$before" ] || fail "a Pod was restarted by the new agent"
good "A new agent runs: same UIDs, same addresses, no restart."

step "A push changes one Pod, and leaves the others alone"
other=$(uid multipod default)
cat >>"$work/web/nginx-pod.yaml" <<'YAML'
      env:
        - name: MYVAR
          value: testValue
YAML
show "git diff"
git -C "$work" diff --unified=0 | grep '^[+-] ' | indented
uid=$(uid nginx-pod blue)
push "Tell the web server something"
is_told() { "$agent" exec nginx-pod -n blue -- env 2>/dev/null | grep -q '^MYVAR=' && is_running nginx-pod blue 1/1; }
until_true 60 "the restart of nginx-pod's container" is_told
show "reconcile-agent exec nginx-pod -n blue -- env | grep MYVAR"
"$agent" exec nginx-pod -n blue -- env | grep MYVAR | indented
[ "$(uid multipod default)" = "$other" ] || fail "multipod was touched"
rca get pods -A
[ "$(uid nginx-pod blue)" = "$uid" ] || fail "nginx-pod was replaced"
good "nginx-pod's container started again, in the same Pod; multipod was not touched."

step "A mistake is refused, with its place; what runs goes on"
sed -i 's/containers:/contianers:/' "$work/multi/multipod.yaml"
show "sed -i s/containers:/contianers:/ multi/multipod.yaml; git push"
push "Make a mistake"
until_true 20 "the refusal" eval '"$agent" history --limit 1 | grep -q contianers'
rca history --limit 1
[ "$(uid multipod default)" = "$other" ] || fail "multipod was touched"
git -C "$work" revert --no-edit HEAD >/dev/null
git -C "$work" push --quiet origin HEAD:main
good "multipod is the one it was. git revert is the way back."

step "A push removes a Pod"
git -C "$work" rm --quiet -r env
show "git rm -r env && git push"
push "Stop nginx-pod-env"
until_true 60 "the end of nginx-pod-env" is_gone nginx-pod-env default
rca get pods -A

step "Who changed what, and what was done"
rca history
if "$agent" --help | grep -q '^  status '; then rca status; fi

step "Down: every Pod ends"
kill_agent
rca down --timeout 2s
until_true 5 "an empty node" eval '[ -z "$(what_is_left)" ]' || true
left=$(what_is_left)
[ -z "$left" ] || { printf '%s\n' "$left" | indented; fail "this was left behind"; }
good "Nothing is left: no process, no mount, no cgroup, no link, no directory."
printf '\n%sThat was everything, in %d seconds.%s\n' "$bold" "$SECONDS" "$plain"
