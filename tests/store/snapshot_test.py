"""snapshot_test.py MXSCOPE: what a script sees of snapshots: what is refused and why, that what is refused stays as it
was, one who keeps and others who read, a disk without room, other baselines and depths."""

import calendar
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

from lab import Lab, check, endpoints, failures, finished, verdicts

MXSCOPE = os.path.abspath(sys.argv[1])
PATIENCE = 120


def run(*words, **how):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE, **how)


def refuses(words, code, said, path=None):
    before = open(path, "rb").read() if path and os.path.exists(path) else None
    done = run(*words)
    what = "mxscope " + " ".join(words)
    check(done.returncode == code, "%s: exit %d instead of %d" % (what, done.returncode, code))
    check(said in done.stderr, "%s: no \"%s\" in: %s" % (what, said, done.stderr))
    check(not done.stdout, what + ": something on stdout")
    if path:
        after = open(path, "rb").read() if os.path.exists(path) else None
        check(before == after, what + ": the file is not as it was")


def audit(lab, *words, **how):
    process = lab.audit(*words, stdout=subprocess.PIPE, text=True, **how)
    return process, json.loads(process.communicate(timeout=PATIENCE)[0] or "null")


def refusals(folder):
    path = os.path.join(folder, "list.txt")
    with open(path, "w") as file:
        file.write("contoso.com\n" * 20)
    refuses(["audit", "-s", path, "contoso.com"], 2, "is no mxscope snapshot", path)
    refuses(["export", path], 2, "is no mxscope snapshot", path)
    refuses(["open", path, "--script", "/dev/null"], 2, "is no mxscope snapshot", path)
    other = os.path.join(folder, "other.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mail(id)")
    refuses(["audit", "-s", other, "contoso.com"], 2, "is a database of another program", other)
    missing = os.path.join(folder, "missing.mxscope")
    refuses(["export", missing], 2, "there is no such file", missing)
    refuses(["open", missing, "--script", "/dev/null"], 2, "there is no such file", missing)
    refuses(["audit", "-s", missing], 2, "nothing to audit", missing)
    refuses(["audit", "-s", missing, "--baseline", "nonsense", "contoso.com"], 2, "nonsense", missing)
    refuses(["audit", "-s", os.path.join(folder, "no/where"), "contoso.com"], 2, "no such file or folder")
    refuses(["audit", "-s", folder, "contoso.com"], 2, "no permission" if os.geteuid() else folder)
    refuses(["export"], 2, "expected one snapshot")
    refuses(["open", "a", "b"], 2, "expected one snapshot")


def newer_and_damaged(path):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE endpoint SET content = substr(content, 2) WHERE id = 3")
    refuses(["export", path], 2, "is damaged: endpoint 3", path)
    refuses(["audit", "-s", path], 2, "is damaged: endpoint 3", path)
    refuses(["open", path, "--script", "/dev/stdin"], 2, "is damaged: endpoint 3", path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=99")
    refuses(["export", path], 2, "newer mxscope", path)
    refuses(["audit", "-s", path], 2, "newer mxscope", path)


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (40960, resource.RLIM_INFINITY))


def sessions(lab, folder):
    path = os.path.join(folder, "s.mxscope")
    process, whole = audit(lab, "-s", path)
    check(process.returncode == 0 and whole["complete"], "a first run is complete")
    process, again = audit(lab, "-s", path)
    check(finished(again) == finished(whole), "what was done is not done again")
    check(again["started_at"] == whole["started_at"], "the session began when it began")
    process, other = audit(lab, "-s", path, "--baseline", "tls1.3")
    check(other["baseline"]["name"] == "tls1.3", "another baseline takes the place of the first")
    check(all(endpoint["log"] == other["log"] for endpoint, other in
              zip(endpoints(whole).values(), endpoints(other).values())), "to judge anew takes no packet")
    process, last = audit(lab, "-s", path)
    check(last["baseline"]["name"] == "tls1.3", "the baseline of the session stays")
    plain = run("open", path, "--plain", input="quit\n")
    check(plain.returncode == 0 and "%d targets" % len(whole["domains"]) in plain.stdout, "it is told in lines")
    newer_and_damaged(path)
    return whole


def no_room(lab, folder, whole):
    path = os.path.join(folder, "full.mxscope")
    process, report = audit(lab, "-s", path, preexec_fn=limit_files)
    check(process.returncode == 3, "a session that can't be kept ends with 3, not %d" % process.returncode)
    check(verdicts(report) == verdicts(whole), "but it is reported")
    process, report = audit(lab, "-s", path)
    check(process.returncode == 0 and verdicts(report) == verdicts(whole), "and goes on when there is room")


def newest(report):
    """When the last of the endpoints was probed, seconds since 1970."""
    stamps = [endpoint["probed_at"] for endpoint in endpoints(report).values()]
    return max(calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ")) for stamp in stamps)


def anew(lab, folder, whole):
    path = os.path.join(folder, "anew.mxscope")
    process, first = audit(lab, "-s", path)
    process, second = audit(lab, "-s", path, "--again")
    check(process.returncode == 0 and verdicts(second) == verdicts(whole), "everyone can be asked anew")
    check(second["started_at"] >= first["finished_at"], "which begins when it begins")
    check(all(after["log"] != before["log"] for before, after in
              zip(endpoints(first).values(), endpoints(second).values())), "and takes new dialogues")
    check([domain["history"] for domain in second["domains"]] == [domain["history"] for domain in first["domains"]],
          "a verdict that stays is no news")
    while time.time() < newest(second) + 1:
        time.sleep(0.05)  # what is asked from now on has a later second
    process = lab.audit("-s", path, "--again", "-o", os.devnull)
    while process.poll() is None and newest(json.loads(run("export", path).stdout)) == newest(second):
        pass
    process.kill()
    process.wait()
    process, third = audit(lab, "-s", path)
    check(process.returncode == 0 and verdicts(third) == verdicts(whole), "one that is cut short is gone on with")
    check(all(after["log"] != before["log"] for before, after in
              zip(endpoints(second).values(), endpoints(third).values())), "until everyone was asked anew")
    refuses(["audit", "--again", "contoso.com"], 2, "expected with --snapshot FILE")


def opened_and_asked(lab, folder):
    """Opened to look at, then one target is asked anew: that one alone, and the snapshot stays as it was."""
    path, kept = os.path.join(folder, "looked.mxscope"), os.path.join(folder, "kept.mxscope")
    process, whole = audit(lab, "-s", path)
    untouched = open(path, "rb").read()
    domain = whole["domains"][0]
    words = "filter %s\nnext\n%sreprobe\ny\nwait\nsave %s\nquit\n" % (
        domain["domain"], "next\n" if domain["connector"] else "", kept)
    options = lab.arguments[:lab.arguments.index("--partner")]
    plain = subprocess.run([MXSCOPE, "open", "--plain", *options, path], input=words, capture_output=True, text=True,
                           timeout=PATIENCE)
    check(plain.returncode == 0 and "Probe from this machine?" in plain.stdout, "it asks first: " + plain.stdout)
    check(open(path, "rb").read() == untouched, "the snapshot is as it was")
    after = json.loads(run("export", kept).stdout)
    asked = {host["host"] for host in domain["hosts"]}
    check(asked and after["complete"], "there is something to ask, and all was answered")
    for key, endpoint in endpoints(whole).items():
        same = endpoints(after)[key]["log"] == endpoint["log"]
        check(same == (key[2] not in asked), "%s is asked: %s" % (key, not same))


def depths(lab, folder, whole):
    path = os.path.join(folder, "depth.mxscope")
    process, report = audit(lab, "-s", path, "--depth", "readiness")
    check(not any(endpoint["full"] for endpoint in endpoints(report).values()), "readiness is not the whole ladder")
    process, report = audit(lab, "-s", path)
    check(verdicts(report) == verdicts(whole), "a session can be gone on with to the full")
    check(all(endpoint["full"] for endpoint in endpoints(report).values() if not endpoint["error"]), "all of it")


def one_at_a_time(lab, folder):
    path = os.path.join(folder, "used.mxscope")
    process = lab.audit("-s", path, "--per-host-gap", "30", stdout=subprocess.DEVNULL)
    while run("export", path).returncode and process.poll() is None:
        pass
    refuses(["audit", "-s", path, "contoso.com"], 2, "another mxscope keeps its session there")
    report = json.loads(run("export", path).stdout)
    check(not report["complete"] and report["finished_at"] is None, "what is under way is not complete")
    process.kill()
    process.wait()


def main():
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        refusals(folder)
        whole = sessions(lab, folder)
        no_room(lab, folder, whole)
        anew(lab, folder, whole)
        opened_and_asked(lab, folder)
        depths(lab, folder, whole)
        one_at_a_time(lab, folder)
    return 1 if failures else 0


sys.exit(main())
