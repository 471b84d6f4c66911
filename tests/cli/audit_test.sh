#!/usr/bin/env bash
# The audit command against the lab, as a script sees it: exit codes, JSON and JSONL, shards, stdin, signals, outputs.
# $1 is the mxscope binary, $2 a sample export of connectors.
set -u
mxscope=$PWD/$1
sample=$PWD/$2
cd "$TEST_TMPDIR" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

mkfifo lab.pipe
"$mxscope" lab >lab.pipe &
lab=$!
trap 'kill "$lab" 2>/dev/null; wait "$lab" 2>/dev/null' EXIT
exec 3<lab.pipe
while read -r word value <&3; do
    case $word in
    dns) dns=$value ;;
    smtp) port=$value ;;
    trust-store) trust=$value && break ;;
    esac
done

audit() {
    timeout -s KILL 120 "$mxscope" audit --dns-server "$dns" --smtp-port "$port" --trust-store "$trust" \
        --helo-name probe.example --per-host-gap 0.02 --per-operator 0 --retry-later 0 "$@"
}

# expect STATUS ARGS...: exit status; stdout in out, stderr in err.
expect() {
    local wanted=$1 status
    shift
    audit "$@" >out 2>err
    status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: exit $status instead of $wanted: $(cat err)"
}

# says PATTERN: the report has it.
says() {
    grep -q -- "$1" out || fail "no '$1' in: $(cut -c1-1500 out)"
}

domains() {
    grep -o '^{"domain":"[^"]*"' "$1" | sort
}

ready=ready.lab-kind.example old=tls10-only.lab-kind.example mixed=good-and-plain.example

# Exit codes, and what --fail-on makes of them.
expect 0 "$ready"
says '"complete":true'
says '"verdict":"ready","reason":null'
expect 1 "$ready" "$old"
expect 0 --fail-on never "$old"
expect 0 "$mixed"
expect 1 --fail-on at-risk "$mixed"
expect 0 black-hole.lab-kind.example --banner-timeout 0.2 --retries 0
says '"verdict":"unreachable","reason":"banner-timeout"'

# What would be sent to whom: only DNS is asked, and the report that a run would write is not.
explain() {
    timeout -s KILL 120 "$mxscope" "$@" >out 2>err
    [ $? -eq 0 ] || fail "$*: not 0: $(cat err)"
}
explain audit --explain-pacing --dns-server "$dns" --smtp-port "$port" --helo-name probe.example -o untouched.json \
    --per-host-gap 2 --per-operator-gap 3 cpandl.example "$ready" "$old"
says "Nothing was sent to any server"
says "EHLO probe.example, STARTTLS"
says "1 at a time to one address, 2 s between two"
says "8 at a time to one operator, 3 s between the starts of two"
says "^lab-kind.example  *2  *6-14  15 s$"
says "At the shortest the run takes"
says "only when all else fails alike:$"
says "^  gmail.com$"
says "questions about partners, and up to [1-9]"
[ ! -e untouched.json ] || fail "--explain-pacing wrote a report"
explain audit --explain-pacing --dns-server "$dns" --smtp-port "$port" --check-injection --control contoso.com "$ready"
says "^lab-kind.example  *1  *4-8  "
says "^One connection of each SMTP server, and no other, sends a harmless command"
says "^Contacted besides, with one connection each:$"
says "^  contoso.com$"
grep -q "gmail.com" out && fail "a built-in control is named though one was given"
timeout -s KILL 60 "$mxscope" --explain-pacing --dns-server 127.0.0.1:1 --dns-timeout 0.3 "$ready" >out 2>err
status=$?
[ "$status" -eq 3 ] || fail "--explain-pacing without a resolver: exit $status instead of 3"
[ "$(grep -c "The resolver did not answer" err)" -eq 1 ] || fail "--explain-pacing without a resolver: $(cat err)"
explain --explain-pacing --depth readiness --dns-server "$dns" --smtp-port "$port" --per-operator 0 "$ready"
says "usually gets 1 to 3 connections, until its verdict is decided"
grep -q "to one operator" out && fail "--per-operator 0 is a limit all the same"
explain --demo --explain-pacing
says "^trey-mail.example "
says "mx1.trey-mail.example .*, for 7 targets" # one of them sends past it, to a smart host
explain audit --demo --explain-pacing
says "^trey-mail.example "

# A domain of two classes is two targets, one endpoint; another spelling of one is the same.
expect 0 -p "$ready" "$ready" READY.lab-kind.example.
says '"targets":2,"endpoints":1'
says '"shared_by":2'
expect 0 -p xn--bcher-kva.example bücher.example BÜCHER.example
says '"unicode":"bücher.example","class":"partner"'
says '"targets":2,"endpoints":0'

# One family that DNS does not tell of is not none.
expect 0 mx-a-servfail.example
says '"verdict":"ready"'
says 'half.lab.example: Its IPv6 addresses are not known: the name servers failed (SERVFAIL).'

# Sentences name what DNS was asked about, and claim no more than was asked.
expect 0 mx-servfail.example https://nowhere.example smtp://"$ready" cpandl.example mx-dead.example
says '"explanation":"The name servers of servfail.example failed (SERVFAIL); '
says '"explanation":"nowhere.example does not exist in DNS; no connection can be made."'
says '"explanation":"ready.lab-kind.example has no address in DNS; no mail flows through it."'
says '"explanation":"Both servers of cpandl.example accept '
says '"explanation":"No MX exchange of mx-dead.example has an address in DNS; '

# Readiness alone says which versions were not tried.
expect 1 --depth readiness "$ready" "$old"
says '"SSLv3":"not-tested"'
says '"full":false'

# A network that lets nobody out on port 25 is one sentence, not a list of unreachable partners.
blocked="blocked-1.example blocked-2.example blocked-3.example blocked-4.example"
sentence="mxscope: The mail port ($port) is blocked from here: all 4 servers tried"
# shellcheck disable=SC2086
expect 3 --source-address 127.0.0.1 --control control-refuses.example $blocked
[ "$(grep -c "is blocked from here" err)" -eq 1 ] || fail "blocked: not said once: $(cat err)"
grep -q "^$sentence" err || fail "blocked: $(cat err)"
says '"complete":false'
says '"port-25":{"state":"trouble","detail":"The mail port ('
[ "$(grep -c '"verdict":"unreachable","reason":"port-blocked"' out)" -eq 4 ] || fail "blocked: $(cut -c1-1500 out)"
says 'was not asked about TLS: the mail port is blocked here; '
[ "$(grep -c "connect-refused" out)" -eq 4 ] || fail "blocked: the log does not tell what was tried"
# shellcheck disable=SC2086
expect 0 --control control-answers.example $blocked
says '"complete":true'
says '"port-25":{"state":"ok",'
[ "$(grep -c '"verdict":"unreachable","reason":"connect-refused"' out)" -eq 4 ] || fail "down: $(cut -c1-1500 out)"
sed 's/"options":"[^"]*"//' out | grep -q "control-" && fail "a control is in the report"
expect 0 --source-address 127.0.0.1 --control nowhere.example "$ready"
says '"ipv4":{"state":"unknown","detail":"No route for IPv4 into the internet leaves from the source address."}'
says '"port-25":{"state":"ok","detail":"The control nowhere.example told nothing: no such name (NXDOMAIN)."}'

# A way out that rewrites STARTTLS makes no server a plaintext one.
expect 0 --control control-masked.example rewritten-1.example rewritten-2.example rewritten-3.example
grep -q "^mxscope: STARTTLS is rewritten on the way out of here" err || fail "rewritten: $(cat err)"
says '"starttls-path":{"state":"trouble","detail":"STARTTLS is rewritten on'
says '"domain":"rewritten-3.example".*"verdict":"unknown","reason":"tls-inconclusive"'
says 'but the way out of here rewrites it'
expect 0 --control control-masked.example rewritten-3.example
says '"verdict":"unknown","reason":"tls-inconclusive"'
expect 1 rewritten-3.example
says '"verdict":"plaintext"'
says '"resolver":{"state":"ok","detail":null},"dnssec":{"state":"ok","detail":null}'

# No resolver: said at once, whatever else is known.
timeout -s KILL 60 "$mxscope" audit --dns-server 127.0.0.1:1 --dns-timeout 0.3 --helo-name probe.example \
    smtp://127.91.9.1:1 >out 2>err
[ "$(grep -c "The resolver did not answer within 0.3 seconds" err)" -eq 1 ] || fail "no resolver: $(cat err)"
says '"resolver":{"state":"trouble",'
says '"complete":true' # what needs no name was done
timeout -s KILL 60 "$mxscope" audit --dns-server 127.0.0.1:1 --dns-timeout 0.3 --helo-name probe.example "$ready" >out 2>err
status=$?
[ "$status" -eq 3 ] || fail "no resolver for a name: exit $status instead of 3"
[ "$(grep -c "resolver" err)" -eq 1 ] || fail "no resolver for a name: not said once: $(cat err)"
says '"complete":false'
says '"reason":"dns-timeout","explanation":"ready.lab-kind.example could not be looked up: the resolver here does not answer'

# A dead name server of one domain is that domain's matter.
expect 0 --dns-timeout 2 drop.example "$ready"
says '"complete":true'
says '"explanation":"The name servers of drop.example did not answer in time; '

# Input from stdin, in UTF-16 and with CRLF.
printf '\377\376' >utf16.txt
printf '%s partner\r\n' "$ready" | while IFS= read -r -n1 -d '' c; do printf '%s\0' "$c"; done >>utf16.txt
expect 0 -i - --format jsonl <utf16.txt
[ "$(wc -l <out)" -eq 1 ] || fail "JSONL: $(wc -l <out) lines instead of one"
says '^{"domain":"ready.lab-kind.example",.*"class":"partner".*"source":"stdin:1"'

# An export of connectors: requirement and route of each, what gives no target is told and stops nothing.
cat >connectors.json <<'END'
{"value": [
 {"Name": "To Fabrikam", "Guid": "1", "Enabled": true, "TestMode": false, "UseMXRecord": false,
  "RecipientDomains": ["fabrikam.example"], "RecipientDomains@data.type": "#Collection(String)",
  "SmartHosts": ["gw.fabrikam.example"], "TlsSettings": "DomainValidation", "TlsDomain": "gw.fabrikam.example"},
 {"Name": "To Litware", "Guid": "2", "Enabled": true, "TestMode": false, "UseMXRecord": true,
  "RecipientDomains": "litware.example", "SmartHosts": [], "TlsSettings": null},
 {"Name": "Old", "Guid": "3", "Enabled": false, "RecipientDomains": ["contoso.example"]}
], "Count": 3}
END
expect 1 -i connectors.json --format jsonl
[ "$(wc -l <out)" -eq 2 ] || fail "connectors: $(wc -l <out) targets instead of two"
grep '"domain":"fabrikam.example"' out >fabrikam
for part in '"class":"partner","requirement":"name"' '"tls_domain":"gw.fabrikam.example"' \
    '"connector":"To Fabrikam"' '"source":"connectors.json:2, connector 1"' '"verdict":"not-ready"' \
    '"consequence":"stops"' '"route":"smart-host"' '"host":"gw.fabrikam.example"'; do
    grep -q -- "$part" fabrikam || fail "connectors: no $part in: $(cut -c1-1000 fabrikam)"
done
grep '"domain":"litware.example"' out >litware
for part in '"class":"partner","requirement":"none"' '"connector":"To Litware"' '"verdict":"ready"' \
    '"consequence":"encrypted"' '"route":"mx"'; do
    grep -q -- "$part" litware || fail "connectors: no $part in: $(cut -c1-1000 litware)"
done
[ "$(grep connector err)" = 'mxscope: connectors.json:7: connector "Old": disabled, so left out' ] ||
    fail "connectors: $(cat err)"
sed 's/"TlsSettings": null/"TlsSettings": "Whatever"/' connectors.json >one-bad.json
expect 2 -i one-bad.json -o untouched.json
grep -q '^mxscope: one-bad.json:5: connector 2 "To Litware": TlsSettings is "Whatever"; expected' err ||
    fail "a bad connector: $(cat err)"
[ ! -e untouched.json ] || fail "a bad connector did not stop the run"
expect 1 --lenient -i one-bad.json
says '"targets":1,'
expect 1 -i "$sample"
says '"targets":8,'

# Two shards make the whole, and one without targets ends at once.
printf '%s\n' "$ready" "$old" "$mixed" cpandl.example relecloud.example absent.example authentic.example >list.txt
audit -i list.txt -o all.json
audit --shard 1/2 -i list.txt -o one.json
audit --shard 2/2 -i list.txt -o two.json
[ "$(domains all.json)" = "$(sort <(domains one.json) <(domains two.json))" ] || fail "two shards are not the whole"
for shard in 1 2 3; do
    expect 0 --shard $shard/3 "$ready"
    says '"complete":true'
done
expect 2 --lenient -i - < <(echo "bad..name")
grep -q "nothing to audit; expected" err || fail "no usable line: $(cat err)"

# The first signal stops and writes what is known.
audit_in_background() {
    "$mxscope" audit --dns-server "$dns" --smtp-port "$port" --trust-store "$trust" --helo-name probe.example \
        "$@" 2>err &
    audit=$!
}

# Waits until a command succeeds, two minutes at most.
wait_until() {
    local tries=0
    until "$@" || [ $((tries += 1)) -gt 1200 ]; do
        sleep 0.1
    done
}

# What was forked is still the shell for a moment, with the shell's own signals.
is_the_audit() {
    grep -qa helo-name "/proc/$audit/cmdline" 2>/dev/null
}

takes_signals() {
    # SIGINT is in the set of blocked ones: the audit minds it.
    local blocked
    blocked=$(sed -n 's/^SigBlk:[[:space:]]*//p' "/proc/$audit/status" 2>/dev/null)
    is_the_audit && [ -n "$blocked" ] && [ $((0x$blocked & 2)) -ne 0 ]
}

audit_in_background --connect-timeout 300 -o stopped.json black-hole.lab-kind.example
wait_until takes_signals
kill -INT "$audit"
wait "$audit"
status=$?
[ "$status" -eq 3 ] || fail "SIGINT: exit $status instead of 3"
grep -q '"complete":false' stopped.json || fail "SIGINT: the report does not say that it is incomplete"
grep -q "stopping" err || fail "SIGINT: nothing said: $(cat err)"

# An output that nobody reads must not hold what a signal asks to leave.
catches_signals() {
    local caught
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$audit/status" 2>/dev/null)
    is_the_audit && [ -n "$caught" ] && [ $((0x$caught & 2)) -ne 0 ]
}

has_ended() {
    grep -q "^State:[[:space:]]*[ZX]" "/proc/$audit/status" 2>/dev/null || [ ! -e "/proc/$audit" ]
}

mkfifo nobody
audit_in_background -o nobody absent.example
wait_until catches_signals
kill -INT "$audit" 2>/dev/null
wait_until has_ended
kill -KILL "$audit" 2>/dev/null
wait "$audit"
status=$?
[ "$status" -eq 3 ] || fail "SIGINT while a pipe waits for its reader: exit $status instead of 3"

# A pipe with a reader, a link, a closed output.
cat nobody >piped.json &
reader=$!
expect 0 -o nobody "$ready"
wait "$reader"
grep -q '"complete":true' piped.json || fail "nothing came through the pipe"
echo old >real.json
ln -s real.json link.json
expect 0 -o link.json "$ready"
[ -L link.json ] || fail "a link was replaced"
grep -q '"complete":true' real.json || fail "the link's file was not written"
ls -- *.tmp 2>/dev/null && fail "a temporary file stays behind"
audit absent.example >&- 2>err
status=$?
[ "$status" -eq 3 ] || fail "a closed stdout: exit $status instead of 3"
grep -q "standard output: Bad file descriptor" err || fail "a closed stdout is not named: $(cat err)"

[ "$failures" -eq 0 ] && echo "the audit does as a script expects"
exit $((failures > 0))
