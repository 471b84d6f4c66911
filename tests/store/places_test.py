"""places_test.py MXSCOPE SNAPSHOT: two places that saw one partner otherwise, and whose people noted it otherwise, are
joined from the command line; each word and each version of both is there in JSON, in the pane of the screen and in the page
for browsers, and diff tells them apart."""

import copy
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

from lab import check, failures

MXSCOPE, SNAPSHOT = map(os.path.abspath, sys.argv[1:3])
PATIENCE = 120
NAME = "fabrikam.example"
OLDER = {"owner": "Ann Beebe", "contact": "ann@fabrikam.example", "contact_state": "contacted", "due": "2026-12-01",
         "note": "speaks to Ann only"}
NEWER = {"owner": "Josh Bailey", "contact": "josh@fabrikam.example", "contact_state": "promised", "due": "2026-12-24",
         "note": "a new appliance in May"}
TOLD = ["from probe-a.example at 2026-11-23T10:00:50Z: " + words for words in (
    "owner: Ann Beebe", "contact: ann@fabrikam.example", "state: contacted", "due: 2026-12-01", "note: speaks to Ann only")]
SAW = "from probe-a.example at 2026-11-23T10:00:30Z: ready (a version at or above the floor is accepted); TLS 1.3 at best"
SCRIPT = "wait fabrikam.example\nkey G\nwait from probe-a.example at\nsave-screen screen.txt\nquit\n"


def run(*words, **how):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, **how)


def look(whole, path, vantage, minute, words, best):
    """One partner as one place saw it, TLS up to `best`."""
    report = copy.deepcopy(whole)
    target = next(domain for domain in report["domains"] if domain["domain"] == NAME)
    report.update(domains=[target], vantage=vantage, started_at=minute + ":00Z", finished_at=minute + ":50Z", complete=True)
    target.update(words, history=[])
    for host in target["hosts"]:
        for endpoint in host["endpoints"]:
            endpoint["probed_at"] = minute + ":30Z"
            if best == "TLSv1.0":
                endpoint["versions"] = {name: "accepted" if name == best else "refused" for name in endpoint["versions"]}
                endpoint["tls"].update(version=best, cipher="TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")
                endpoint["ciphers"] = {best: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"}
                endpoint["sentinel"] = None
    with open(path, "w") as file:
        json.dump(report, file)


def joined(folder, whole):
    one, two, out = (os.path.join(folder, name) for name in ("one.json", "two.json", "both.mxscope"))
    look(whole, one, "probe-a.example", "2026-11-23T10:00", OLDER, "TLSv1.3")
    look(whole, two, "probe-b.example", "2026-11-24T10:00", NEWER, "TLSv1.0")
    done = run("merge", "-o", out, two, one)
    check(done.returncode == 0, "merge: exit %d: %s" % (done.returncode, done.stderr))
    return one, two, out


def reports(both):
    target = json.loads(run("export", both).stdout)["domains"][0]
    check({key: target[key] for key in NEWER} == NEWER, "JSON: the newest word is not what counts: %s" % target["owner"])
    for line in TOLD:
        check(line in target["remarks"] and line in target["warnings"], "JSON: no '%s' in %s" % (line, target["remarks"]))
    warnings = [warning for host in target["hosts"] for endpoint in host["endpoints"] for warning in endpoint["warnings"]]
    check(target["verdict"] == "not-ready" and SAW in warnings, "JSON: %s, %s" % (target["verdict"], warnings))
    page = run("export", both, "--format", "html").stdout
    for line in [*TOLD, SAW]:
        check(line in page, "HTML: no '%s'" % line)


def screen(folder, both):
    """The pane stands to the right, and wraps its lines."""
    with open(os.path.join(folder, "script"), "w") as file:
        file.write(SCRIPT)
    done = run("open", both, "--script", "script", cwd=folder,
               env=dict(os.environ, TERM="xterm", LINES="100", COLUMNS="150", LC_ALL="C.UTF-8"))
    check(done.returncode == 0, "open: exit %d: %s" % (done.returncode, done.stderr))
    if done.returncode:
        return
    with open(os.path.join(folder, "screen.txt"), encoding="utf-8") as file:
        shown = " ".join(" ".join(line.partition("│")[2] for line in file).split())
    for line in [*TOLD, SAW, *NEWER.values()]:
        check(line in shown, "screen: no '%s' in %s" % (line, shown))


def differences(one, two, both):
    """The merge has what the newer place says, and its people."""
    done = run("diff", two, both)
    check(done.returncode == 0 and "targets: 1 unchanged\nendpoints: 1 unchanged" in done.stdout, "diff: " + done.stdout)
    done = run("diff", one, both)
    check(done.returncode == 1 and "Regressed (1)" in done.stdout, "diff: exit %d: %s" % (done.returncode, done.stdout))
    for line in ("the owner was: Ann Beebe; and is: Josh Bailey", "the state was: contacted; and is: promised",
                 "the due date was: 2026-12-01; and is: 2026-12-24", "the best version was TLS 1.3 and is TLS 1.0"):
        check(line in done.stdout, "diff: no '%s' in %s" % (line, done.stdout))


def only_words(folder, whole, one):
    """Nothing but words: no regression, whatever is asked for."""
    noted = os.path.join(folder, "noted.json")
    look(whole, noted, "probe-a.example", "2026-11-23T10:00", dict(NEWER, note=None), "TLSv1.3")
    for words, count in (((one, noted), 5), ((noted, one), 5), ((one, one), 0)):
        done = run("diff", *words, "--format", "json")
        said = json.loads(done.stdout)
        facts = [fact for target in said["targets"] for fact in target["facts"]]
        check(done.returncode == 0 and not said["regressed"], "diff of words: exit %d" % done.returncode)
        check(said["summary"]["targets"]["noted"] == (count > 0) and len(facts) == count, "diff of words: %s" % said["targets"])
    check({"fact": "due", "old": "2026-12-01", "new": "2026-12-24",
           "sentence": "the due date was: 2026-12-01; and is: 2026-12-24"}
          in json.loads(run("diff", one, noted, "--format", "json").stdout)["targets"][0]["facts"], "diff of words: the day")
    rows = list(csv.DictReader(io.StringIO(run("diff", one, noted, "--format", "csv").stdout.lstrip("\ufeff"))))
    check({row["change"] for row in rows} == {"noted"} and
          [row["fact"] for row in rows] == ["", "owner", "contact", "state", "due", "note"], "diff of words: CSV: %s" % rows)
    check("### Noted (1)" in run("diff", one, noted, "--format", "markdown").stdout, "diff of words: Markdown")
    check(run("diff", "--if-changed", one, one).stdout == "" and run("diff", "--if-changed", one, noted).stdout,
          "diff of words: what --if-changed says")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        whole = json.loads(run("export", SNAPSHOT).stdout)
        one, two, both = joined(folder, whole)
        reports(both)
        screen(folder, both)
        differences(one, two, both)
        only_words(folder, whole, one)
    return 1 if failures else 0


sys.exit(main())
