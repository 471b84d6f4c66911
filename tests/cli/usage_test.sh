#!/usr/bin/env bash
# Bad usage and bad input: one clear line that says what was expected, exit 2, nothing probed, and an old output file
# untouched. $1 is the mxscope binary.
set -u
mxscope=$PWD/$1
cd "$TEST_TMPDIR" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# refused PATTERN ARGS...: exit 2, one line on stderr that has PATTERN, nothing on stdout.
refused() {
    local pattern=$1 status
    shift
    "$mxscope" "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq 2 ] || fail "$*: exit $status instead of 2"
    [ "$(wc -l <err)" -eq 1 ] || fail "$*: $(wc -l <err) lines instead of one: $(cat err)"
    grep -q -- "$pattern" err || fail "$*: no '$pattern' in: $(cat err)"
    grep -q "^mxscope: " err || fail "$*: the line does not begin with the program's name"
    [ ! -s out ] || fail "$*: something on stdout"
}

echo "old" >old.json
echo "contoso.example
not a domain" >bad.txt
printf 'domain,class\ncontoso.example,friend\n' >bad.csv
printf '[{"Name": "A"' >cut.json
printf '{"value": []}' >none.json
printf '[\n{"Name": "A", "RecipientDomains": ["contoso.example"], "TlsSettings": 9}]' >bad.json
printf 'Name,Enabled,RecipientDomains\r\nA,True,System.Collections.ArrayList\r\nB,False,b.example\r\n' >lost.csv
printf 'Name Enabled RecipientDomains\n---- ------- ----------------\nA    True    {a.example}\n' >table.txt
printf 'Name,RecipientDomains\nM\374ller,a.example\n' >latin1.csv
printf 'contoso.example smtp:[gw.contoso.example]\nfabrikam.example smtp:[gw\n' >transport
printf 'minimum TLSv9\n' >bad.baseline
printf 'nothing\n' >bad.pem

refused "unknown option\|is unknown" audit --no-such-option contoso.example
refused "unknown option -x" audit -x contoso.example
refused "needs an argument" audit --input
refused "nothing to audit; expected" audit
refused "nothing to audit; expected" --explain-pacing
refused "\-\-filter: there is no term klass: .*class:" audit --filter klass:partner contoso.example
refused "\-\-filter: class: takes partner" export --filter class:friend none.mxscope
refused "\-\-filter: is:tagged is for the screen" audit --filter is:tagged contoso.example
refused "\-\-filter: change: is for the screen.*mxscope diff" export --filter change:regressed none.mxscope
refused "\-\-filter is for what audit and export write" --filter class:partner contoso.example
refused "\-\-filter : expected terms as after f" audit --filter "" contoso.example
refused "no/such/file.txt: No such file" audit -i no/such/file.txt
refused "bad.txt:2: .*expected" audit -i bad.txt
refused "bad.csv:2: class 'friend': expected partner" audit -i bad.csv
refused "cut.json:1: not whole JSON: the file ends in the middle; export again with.*Get-OutboundConnector" audit -i cut.json
: >empty.json
refused "nothing to audit; expected" audit -i empty.json
refused "none.json:1: no record in it; export again with.*Get-OutboundConnector" audit -i none.json
refused 'lost.csv:2: connector 1 "A": RecipientDomains was lost at export .*export again with: .*Get-Outbound' audit lost.csv
refused 'table.txt:1: this is a table as Format-Table prints it.*expected the output of: .*Get-Outbound' audit table.txt
refused "no/such.json: No such file" audit no/such.json
refused "missing.csv: No such file" audit missing.csv
refused "latin1.csv: line 2: not valid UTF-8 text" audit ./latin1.csv
refused "transport:2: .*expected a domain and a next-hop" audit ./transport
refused 'bad.json:2: connector 1 "A": TlsSettings is "9"; expected' audit -i bad.json
refused "contoso..example.*expected a domain" audit contoso..example
refused "'contoso': it has no dot" audit contoso
refused "expected smtp, submission\|scheme is not known; expected" audit ftp://contoso.example
refused "expected seconds from" audit --io-timeout soon contoso.example
refused "expected a whole number" audit --concurrency 0 contoso.example
refused "expected a whole number" audit --threads 17 contoso.example
refused "expected readiness or full" audit --depth deep contoso.example
refused "expected json, jsonl, csv" audit --format xml contoso.example
refused "expected not-ready, at-risk or never" audit --fail-on always contoso.example
refused "expected I/N" audit --shard 3/2 contoso.example
refused "expected a full host name" audit --helo-name bad_name contoso.example
refused "expected an IPv4 or IPv6 address" audit --source-address here contoso.example
refused "--control ..bad: expected a domain such as" audit --control ..bad contoso.example
refused "expected a domain such as" audit --control '' contoso.example
refused "expected a domain such as" audit --control 'not a domain' contoso.example
refused "expected a domain such as" audit --control smtp://192.0.2.1 contoso.example
refused "expected a domain such as" audit --control '[192.0.2.1' contoso.example
refused "\-\-ipv6: expected one of -4 and -6" audit -4 -6 contoso.example
refused "\-\-if-changed: expected mxscope diff" audit --if-changed contoso.example
refused "\-\-snapshot is for sessions that probe" open old.json -s new.mxscope
refused "\-\-input is for sessions that probe" export old.json -i bad.csv
refused "nowhere:53" audit --dns-server nowhere:53 contoso.example
refused "127.0.0.1:99999" audit --dns-server 127.0.0.1:99999 contoso.example
refused "no-such.pem" audit --trust-store no-such.pem contoso.example
refused "bad.pem" audit --trust-store bad.pem contoso.example
refused "no-such-baseline" audit --baseline no-such-baseline contoso.example
refused "bad.baseline:1" audit --baseline ./bad.baseline contoso.example
refused "no/such/folder/x.json" audit -o no/such/folder/x.json contoso.example
refused "\-\-output is for what audit, export, diff and merge write" -o result.json contoso.example
mkdir folder
refused "--output folder: Is a directory" audit -o folder contoso.example
refused "lab takes no targets" lab contoso.example
printf 'theme dark\nkey j fly\n' >bad.config
refused 'bad.config:2: "fly": expected a command' --config bad.config contoso.example
refused "no/such.config: No such file" --config no/such.config contoso.example
refused "expected default, dark, light" --theme no-such-theme contoso.example
mkdir -p home/mxscope
printf 'mouse perhaps\n' >home/mxscope/config
XDG_CONFIG_HOME=$PWD/home refused 'mxscope/config:1: "perhaps": expected mouse yes' contoso.example

refused "expected readiness" audit -o old.json --depth deep contoso.example
[ "$(cat old.json)" = old ] || fail "an old output file was changed by a run that was refused"

# --lenient reports the bad line and goes on; the resolver is not there, so the run can't finish: exit 3, JSON written.
"$mxscope" audit --lenient --dns-server 127.0.0.1:1 --dns-timeout 1 -i bad.txt -o lenient.json 2>err
status=$?
[ "$status" -eq 3 ] || fail "--lenient with a dead resolver: exit $status instead of 3"
grep -q "bad.txt:2" err || fail "--lenient does not name the bad line"
grep -q "resolver" err || fail "a dead resolver is not named: $(cat err)"
grep -q '"contoso.example"' lenient.json || fail "what was known was not written"

# A file that can't be written to the end: exit 3, a clear line.
"$mxscope" audit --dns-server 127.0.0.1:1 --dns-timeout 1 -o /dev/full contoso.example 2>err
status=$?
[ "$status" -eq 3 ] || fail "a full disk: exit $status instead of 3"
grep -q "/dev/full" err || fail "a full disk is not named: $(cat err)"

"$mxscope" --help >out || fail "--help fails"
grep -q -- "--dns-server" out || fail "--help lists no --dns-server"
awk 'length > 80' out >wide
[ ! -s wide ] || fail "--help has lines wider than 80 columns: $(cat wide)"
"$mxscope" --version >out || fail "--version fails"
for library in mxscope BoringSSL c-ares libuv jansson expat libpsl ncurses; do
    grep -q "^$library " out || fail "--version does not name $library"
done

[ "$failures" -eq 0 ] && echo "all refused as they should be"
exit $((failures > 0))
