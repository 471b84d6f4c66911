#!/usr/bin/env bash
# Preflight on real networks of this machine's kernel, each in a namespace of its own: no route for IPv6, a port 25 that
# nobody answers, an address that sends mail. Where the kernel gives no namespace, nothing is tested. $1 is the binary.
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
    grep -q -- "$1" out || fail "no '$1' in: $(cut -c1-1500 out)"
}

# What leaves comes back over lo from an address that is not there: the kernel drops it, and nobody answers.
ip link set lo up
ip address add 192.0.2.2/32 dev lo
ip route add default dev lo src 192.0.2.2

mkfifo lab.pipe
"$mxscope" lab >lab.pipe &
lab=$!
trap 'kill "$lab" ${listener-} 2>/dev/null; wait 2>/dev/null' EXIT
exec 3<lab.pipe
while read -r word value <&3; do
    case $word in
    dns) dns=$value ;;
    trust-store) trust=$value && break ;;
    esac
done

audit() {
    timeout -s KILL 60 "$mxscope" audit --dns-server "$dns" --trust-store "$trust" --connect-timeout 0.3 --retries 0 \
        "$@" >out 2>err
}

# The EHLO name and the address, as DNS has them; and who gets mail there.
helo() {
    audit --helo-name "$1" smtp://127.91.9.1:1
}
helo probe.client.example
says '"helo-name":{"state":"ok","detail":null}'
says '"mail-sender":{"state":"ok","detail":null}'
[ ! -s err ] || fail "a good place: $(cat err)"
helo other.client.example
says '"helo-name":{"state":"ok","detail":"192.0.2.2 is called probe.client.example in reverse DNS'
[ ! -s err ] || fail "two names of one address: $(cat err)"
helo elsewhere.client.example
says '"helo-name":{"state":"trouble","detail":"The EHLO name elsewhere.client.example does not lead to 192.0.2.2'
helo probe.sender.example
says '"mail-sender":{"state":"trouble","detail":"Probes share 192.0.2.2 with real mail, for it is a mail exchange of sender.example'

# No probe leaves before DNS told of the own address: a listener notes when the first one comes. DNS that keeps silent
# holds it for two seconds, not for its twenty.
if command -v python3 >/dev/null; then
    hold() {
        mkfifo "port.$1"
        python3 -c '
import socket, sys, time
server = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1], "w") as out:
    print(server.getsockname()[1], file=out)
server.accept()
print(time.time())' "port.$1" >"came.$1" &
        listener=$!
        read -r port <"port.$1"
        began=$(date +%s.%N)
        audit --helo-name "probe.$1" --banner-timeout 0.2 "smtp://127.0.0.1:$port"
        wait "$listener"
    }
    waited() {
        awk -v began="$began" -v came="$(cat "came.$1")" -v least="$2" -v most="$3" \
            'BEGIN { exit !(came - began >= least && came - began < most) }' || fail "$1: held from $began to $(cat "came.$1")"
    }
    hold slow-sender.example
    waited slow-sender.example 1 60
    says '"mail-sender":{"state":"trouble","detail":"Probes share 192.0.2.2 with real mail'
    hold stuck-sender.example
    waited stuck-sender.example 2 18
fi

# No route for IPv6 matters once an address needs it, and -4 leaves it out.
audit --helo-name probe.example smtp://127.91.9.1:1
says '"ipv4":{"state":"ok","detail":"Probes leave from 192.0.2.2."}'
says '"ipv6":{"state":"unknown","detail":"This machine has no route for IPv6; nothing needed one so far."}'
says '"helo-name":{"state":"trouble","detail":"The EHLO name probe.example has no address in DNS'
says '"mail-sender":{"state":"ok","detail":null}'
audit --helo-name '[192.0.2.2]' 'smtp://[2001:db8::1]'
says '"ipv6":{"state":"trouble","detail":"This machine has no route for IPv6, '
says '"helo-name":{"state":"ok","detail":null}'
grep -q "^mxscope: This machine has no route for IPv6.*-4 leaves them out" err || fail "no route: $(cat err)"
audit -4 --helo-name '[192.0.2.2]' 'smtp://[2001:db8::1]'
says '"ipv6":{"state":"unknown","detail":"IPv6 is left out of this run."}'
grep -q "no route" err && fail "-4: $(cat err)"
says '"verdict":"unreachable","reason":"left-out"'
says 'its addresses are of a family that is left out of this run; '
grep -q "trouble here" out && fail "-4: trouble, though it was asked for: $(cut -c1-1500 out)"

# Port 25 of everybody keeps silent; so does a control. Other ports go on.
audit --helo-name '[192.0.2.2]' --control 198.51.100.9 smtp://198.51.100.1 smtp://203.0.113.1 smtp://198.18.0.1 \
    smtp://198.18.7.1 smtp://127.91.9.1:1
status=$?
[ "$status" -eq 3 ] || fail "blocked: exit $status instead of 3"
says '"port-25":{"state":"trouble","detail":"The mail port (25) is blocked from here: all [34] servers tried'
[ "$(grep -c '"reason":"port-blocked"' out)" -eq 4 ] || fail "blocked: $(cut -c1-1500 out)"
says '"port":1,.*"reason":"connect-refused"'
[ "$(wc -l <err)" -eq 1 ] || fail "blocked: more than one sentence: $(cat err)"

# A program that listens on port 25 of the leaving address: real mail may leave from there.
if command -v python3 >/dev/null; then
    mkfifo listening
    python3 -c '
import socket, sys, time
server = socket.create_server(("192.0.2.2", 25))
open("listening", "w").close()
time.sleep(600)' &
    listener=$!
    read -r _ <listening
    audit --helo-name '[192.0.2.2]' smtp://127.91.9.1:1
    says '"mail-sender":{"state":"trouble","detail":"Probes share 192.0.2.2 with real mail, for it is a mail server'
    grep -q -- "--source-address" err || fail "sender: $(cat err)"
    kill "$listener"
    wait "$listener" 2>/dev/null
fi
audit --helo-name '[192.0.2.2]' smtp://192.0.2.2
says '"mail-sender":{"state":"trouble","detail":"Probes share 192.0.2.2 with real mail, for it is one of the mail servers'

[ "$failures" -eq 0 ] && echo "preflight sees what the kernel does"
exit $((failures > 0))
