#!/usr/bin/env bash
# What the program does where the machine gives it little: few descriptors, few local ports. Verdicts are the same as with
# plenty, and it says what it lacks. $1 is the binary. Wants a network namespace for the ports.
set -u
if [ "${2-}" != inside ]; then
    if ! unshare -rn ip link set lo up 2>/dev/null; then
        echo "skipped: no network namespace can be made here"
        exit 0
    fi
    exec unshare -rn bash "$0" "$1" inside
fi
mxscope=$PWD/$1
cd "$TEST_TMPDIR" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

says() {
    grep -q -- "$1" out || fail "no '$1' in: $(grep -o '"preflight":.*"resolver-pace":[^}]*}' out)"
}

ip link set lo up
mkfifo lab.pipe
"$mxscope" lab >lab.pipe &
lab=$!
trap 'kill "$lab" 2>/dev/null; wait 2>/dev/null' EXIT
exec 3<lab.pipe
while read -r word value <&3; do
    case $word in
    dns) dns=$value ;;
    smtp) port=$value ;;
    trust-store) trust=$value && break ;;
    esac
done

domains="contoso.example litware.example fabrikam.example wingtiptoys.example cpandl.example relecloud.example
vanarsdel.example northwindtraders.example tailspintoys.example margiestravel.example woodgrovebank.example"
audit() {
    # shellcheck disable=SC2086
    timeout -s KILL 120 "$mxscope" audit --dns-server "$dns" --smtp-port "$port" --trust-store "$trust" \
        --helo-name probe.example --source-address 127.0.0.1 --per-host-gap 0.01 --per-operator 0 --fail-on never "$@" \
        $domains >out 2>err
    status=$?
    [ "$status" -eq 0 ] || fail "exit $status: $(cat err)"
    grep -o '"verdict":"[a-z-]*"' out | sort | uniq -c >verdicts
}

audit
says '"open-files":{"state":"ok","detail":"This program may open [0-9]* files, enough for 256 connections and [0-9]* lookups'
says '"local-ports":{"state":"ok","detail":"Connections to one server can leave from [0-9]* local ports, enough for 1 at once."}'
cp verdicts plenty

# Few files: a handful of connections at once, or one. It is said once, and nobody takes a missing file for a missing route.
(ulimit -n 40 && audit && exit "$failures") || failures=$((failures + 1))
cmp -s verdicts plenty || fail "few files: other verdicts: $(diff plenty verdicts)"
says '"open-files":{"state":"trouble","detail":"This machine lets the program open 40 files, which is too few for 256 connec'
[ "$(grep -c "lets the program open 40 files.*; 1[0-9] are made (ulimit -n" err)" -eq 1 ] || fail "few files: $(cat err)"
for files in 28 25; do
    rm -f kept.mxscope
    (ulimit -n $files && audit -s kept.mxscope && exit "$failures") || failures=$((failures + 1))
    cmp -s verdicts plenty || fail "$files files: other verdicts: $(diff plenty verdicts)"
    [ "$(wc -l <err)" -eq 1 ] || fail "$files files: more than one sentence: $(cat err)"
    grep -q "lets the program open $files files.*; [1-9]" err || fail "$files files: $(cat err)"
    "$mxscope" export kept.mxscope | grep -o '"verdict":"[a-z-]*"' | sort | uniq -c | cmp -s - plenty ||
        fail "$files files: the snapshot has other verdicts"
done

# Threads take their part of them, and leave the most of it to connections.
(ulimit -n 64 && audit --threads 16 && exit "$failures") || failures=$((failures + 1))
cmp -s verdicts plenty || fail "threads: other verdicts: $(diff plenty verdicts)"
grep -q "lets the program open 64 files, which leaves room for [2-4] of 16 threads" err || fail "threads: $(cat err)"

# Too few to begin with: nothing is probed, and the number that is wanted is told.
# shellcheck disable=SC2086
(ulimit -n 8 && "$mxscope" audit --dns-server "$dns" --helo-name probe.example $domains) >out 2>err
[ $? -eq 2 ] || fail "eight files: an exit code other than 2"
grep -q "lets the program open 8 files, . of which are in use; expected 2[0-9] at least (ulimit -n" err ||
    fail "eight files: $(cat err)"
# shellcheck disable=SC2086
(ulimit -n 18 && "$mxscope" audit --dns-server "$dns" --helo-name probe.example -s none.mxscope $domains) >out 2>err
[ $? -eq 2 ] || fail "eighteen files: an exit code other than 2"
grep -q "lets the program open 18 files, 1[0-9] of which are in use; expected 2[0-9] at least" err ||
    fail "eighteen files: $(cat err)"

# A soft limit is raised to the hard one.
(ulimit -Sn 40 && audit && exit "$failures") || failures=$((failures + 1))
says '"open-files":{"state":"ok"'

# Two local ports, which rest for a second behind each connection: the ladders wait for them.
echo "40000 40001" >/proc/sys/net/ipv4/ip_local_port_range || fail "the range of ports can't be set"
audit --per-host 3
cmp -s verdicts plenty || fail "few ports: other verdicts: $(diff plenty verdicts)"
says '"local-ports":{"state":"trouble","detail":"No local port was left for another connection to 127.'
grep -q "^mxscope: Connections to one server can leave from 2 local ports.*; 2 are made (sysctl" err ||
    fail "few ports: $(cat err)"
grep -q "local-limit" out && fail "few ports: somebody was given up for it"

# It is said beforehand too.
# shellcheck disable=SC2086
(ulimit -n 40 && "$mxscope" --explain-pacing --dns-server "$dns" --per-host 3 --helo-name probe.example $domains) >out 2>err
says "This machine lets the program open 40 files"
says "^  1[0-9] connections at once in all"
says "^  2 at a time to one address"
says "can leave from 2 local ports, which is too few for 3 at once"
says "At most [23] lookups are out at once"

[ "$failures" -eq 0 ] && echo "limits are kept to and told"
exit $((failures > 0))
