#!/usr/bin/env bash
# The systemd units: read by systemd-analyze where there is one, with the program in place of the installed one; and
# their commands are commands that the program knows. $1 is the binary, $2 and $3 service and timer.
set -u
mxscope=$PWD/$1
service=$PWD/$2
timer=$PWD/$3
cd "$TEST_TMPDIR" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

sed "s|/usr/local/bin/mxscope|$mxscope|" "$service" >mxscope-audit.service
cp "$timer" mxscope-audit.timer
grep -q "^OnCalendar=" mxscope-audit.timer || fail "the timer has no time"
grep -q "$mxscope audit .*--snapshot partners.mxscope --again" mxscope-audit.service || fail "no audit that keeps a snapshot"
grep -q "$mxscope diff --if-changed before.mxscope partners.mxscope" mxscope-audit.service || fail "nothing tells what changed"
if command -v systemd-analyze >/dev/null; then
    SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no --recursive-errors=no \
        ./mxscope-audit.service ./mxscope-audit.timer >said 2>&1 || fail "systemd-analyze: $(cat said)"
    grep "mxscope-audit" said && fail "systemd-analyze has something to say"
    systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' mxscope-audit.timer)" >/dev/null || fail "no time to start at"
else
    awk '!/^(#|$|\[[A-Z][a-z]+\]$|[A-Z][A-Za-z]+=)/ { print FILENAME ":" FNR ": " $0; bad = 1 } END { exit bad }' \
        mxscope-audit.service mxscope-audit.timer || fail "a line that is no comment, section or setting"
fi
# The options of the audit are read; then there is no input.
line=$(sed -n "s|^ExecStart=$mxscope audit ||p" mxscope-audit.service)
eval "MXSCOPE_OPTIONS= MXSCOPE_INPUT=no/partners.csv; set -- $line"
"$mxscope" audit "$@" >out 2>err </dev/null
[ $? -eq 2 ] || fail "exit code of the audit without input"
grep -q "no/partners.csv: No such file" err || fail "the audit's options: $(cat err)"
[ "$failures" -eq 0 ]
