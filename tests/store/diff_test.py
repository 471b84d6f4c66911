"""diff_test.py MXSCOPE: two shards that are merged are the whole; what diff says of snapshots, in which formats, with
which exit codes; what both refuse, and that their inputs stay as they were."""

import csv
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE = os.path.abspath(sys.argv[1])
PATIENCE = 120
KILLS = 40
RACES = 12
LONGEST = 0.08  # seconds until a kill


def run(*words):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE)


def audit(lab, *words):
    done = lab.audit(*words, stdout=subprocess.DEVNULL).wait(timeout=PATIENCE)
    check(done == 0, "audit %s: exit %d" % (" ".join(words), done))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def report(path):
    return json.loads(run("export", path).stdout)


TIMES = ("probed_at", "since", "at", "milliseconds", "timings_ms", "ttl", "started_at", "finished_at", "source", "now_ms", "ms",
         "connections", "attempts", "transcript", "log", "tally", "not_before", "not_after", "days_left")


def plain(value):
    """Without what differs from one look to the next, and in one order."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in TIMES}
    if isinstance(value, list):
        return sorted((plain(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


def shards_are_the_whole(lab, folder):
    whole, one, two, out = (os.path.join(folder, name + ".mxscope") for name in ("whole", "one", "two", "merged"))
    audit(lab, "-s", whole)
    audit(lab, "-s", one, "--shard", "1/2")
    audit(lab, "-s", two, "--shard", "2/2")
    before = digest(one), digest(two)
    done = run("merge", "-o", out, one, two)
    check(done.returncode == 0 and not done.stdout, "merge: exit %d, %s" % (done.returncode, done.stderr))
    check(before == (digest(one), digest(two)), "merge: its inputs are not as they were")
    expected, got = report(whole), report(out)
    check(got["complete"] and got["vantage"] == expected["vantage"], "merge: %s, complete: %s" %
          (got["vantage"], got["complete"]))
    check(len(report(one)["domains"]) + len(report(two)["domains"]) == len(expected["domains"]), "shards overlap")
    left = {domain["domain"]: plain(domain) for domain in expected["domains"]}
    right = {domain["domain"]: plain(domain) for domain in got["domains"]}
    check(left.keys() == right.keys(), "merge: other domains: %s" % (left.keys() ^ right.keys()))
    for name in left.keys() & right.keys():
        for key in left[name]:
            check(left[name][key] == right[name][key], "merge: %s/%s: %s, not %s" %
                  (name, key, right[name][key], left[name][key]))
    for key in ("baseline", "summary", "preflight"):
        check(plain(expected[key]) == plain(got[key]), "merge: another " + key)

    again = os.path.join(folder, "again.mxscope")
    run("merge", "-o", again, two, one)
    check(dict(report(again), options=None) == dict(report(out), options=None), "merge: the order of its inputs counts")
    kept = digest(out)
    done = run("merge", "-o", out, one, two)
    check(done.returncode == 2 and "is there already" in done.stderr, "merge: writes over a file")
    check(digest(out) == kept, "merge: the file that was there is another")
    check(sorted(os.listdir(folder)) == sorted(["again.mxscope", "merged.mxscope", "one.mxscope", "two.mxscope",
                                                "whole.mxscope"]), "left over: %s" % os.listdir(folder))
    killed(folder, one, two)
    at_once(folder, one, two)
    return whole, one, out


def killed(folder, one, two):
    """A merge that is killed leaves no file, or a whole one; another one goes on from nothing."""
    out = os.path.join(folder, "killed.mxscope")
    before, expected, absent = (digest(one), digest(two)), None, 0
    random.seed(6)
    for number in range(KILLS):
        process = subprocess.Popen([MXSCOPE, "merge", "-o", out, one, two], stderr=subprocess.PIPE, text=True)
        try:
            process.wait(timeout=random.random() * LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        if os.path.exists(out):
            domains = len(report(out)["domains"])
            check(domains == (expected or domains), "kill %d: %d domains, not %s" % (number, domains, expected))
            expected = domains
            os.unlink(out)
        else:
            absent += 1
    check(absent, "no merge was killed before it ended")
    done = run("merge", "-o", out, one, two)
    check(done.returncode == 0, "merge behind kills: exit %d: %s" % (done.returncode, done.stderr))
    check(len(report(out)["domains"]) == (expected or len(report(out)["domains"])), "merge behind kills: other domains")
    check(before == (digest(one), digest(two)), "kills: the inputs are not as they were")
    os.unlink(out)
    check(not [name for name in os.listdir(folder) if "killed" in name], "kills: left over: %s" % os.listdir(folder))


def at_once(folder, one, two):
    """Of several merges to one file one makes it, whole; the others say why they do not, and leave it alone."""
    out = os.path.join(folder, "raced.mxscope")
    domains, won = len(report(one)["domains"]) + len(report(two)["domains"]), 0
    for number in range(RACES):
        merges = [subprocess.Popen([MXSCOPE, "merge", "-o", out, one, two], stderr=subprocess.PIPE, text=True)
                  for _ in range(3)]
        said = [merge.communicate(timeout=PATIENCE)[1] for merge in merges]
        codes = [merge.returncode for merge in merges]
        check(codes.count(0) == 1, "race %d: exits %s" % (number, codes))
        for code, text in zip(codes, said):
            known = "another mxscope merge writes there" in text or "expected the path of a new file" in text
            check(not text if code == 0 else known and text.count("\n") == 1, "race %d: exit %d: %s" %
                  (number, code, text))
        check(len(report(out)["domains"]) == domains, "race %d: other domains" % number)
        won += codes.count(0)
        os.unlink(out)
        check(not [name for name in os.listdir(folder) if "raced" in name], "race: left over: %s" % os.listdir(folder))
    check(won == RACES, "no race was won by one")
    rest = out + ".merging"
    shutil.copy(one, rest)
    before = digest(rest)
    done = run("merge", "-o", out, rest, two)
    check(done.returncode == 2 and "is one of the snapshots" in done.stderr, "merge: its input is in its way: %d: %s" %
          (done.returncode, done.stderr))
    check(os.path.exists(rest) and digest(rest) == before and not os.path.exists(out), "merge: takes its input away")
    os.unlink(rest)


def refusals(folder, whole):
    text = os.path.join(folder, "connector.json")
    with open(text, "w") as file:
        file.write('{"Name": "To Contoso"}')
    new = os.path.join(folder, "new.mxscope")
    for words, said in ((("diff", whole), "expected two snapshots"),
                        (("diff", whole, whole, whole), "expected two snapshots"),
                        (("diff", whole, text), "connector.json: format: is missing"),
                        (("diff", "no.mxscope", whole), "no.mxscope: there is no such file"),
                        (("diff", whole, whole, "--format", "html"), "expected text, json, csv or markdown"),
                        (("merge", whole), "expected a new file"),
                        (("merge", "-o", new), "expected a new file"),
                        (("merge", "-o", new, whole, text), "connector.json: format: is missing")):
        done = run(*words)
        check(done.returncode == 2 and said in done.stderr and not done.stdout and done.stderr.count("\n") == 1,
              "%s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr))
    check(not os.path.exists(new), "merge: a file though it was refused")


def differences(whole, one, merged):
    done = run("diff", whole, merged)
    check(done.returncode == 0, "diff of the whole and its shards: exit %d: %s" % (done.returncode, done.stdout))
    done = run("diff", whole, one, "--format", "json")
    said = json.loads(done.stdout)
    gone = {target["domain"] for target in said["targets"] if target["change"] == "gone"}
    expected = {d["domain"] for d in report(whole)["domains"]} - {d["domain"] for d in report(one)["domains"]}
    check(done.returncode == 0 and gone == expected, "diff: gone: %s" % (gone ^ expected))
    check(said["summary"]["targets"]["gone"] == len(expected), "diff: the summary counts otherwise")
    said = json.loads(run("diff", one, whole, "--format", "json").stdout)
    check({t["domain"] for t in said["targets"] if t["change"] == "appeared"} == expected, "diff: appeared")
    rows = list(csv.DictReader(io.StringIO(run("diff", whole, one, "--format", "csv").stdout.lstrip("\ufeff"))))
    check({row["domain"] for row in rows if row["change"] == "gone" and row["kind"] == "target"} == expected,
          "diff: other rows in CSV")
    text = run("diff", whole, one).stdout
    check("Gone (%d)" % len(expected) in text and all(name in text for name in expected), "diff: text: " + text)
    check("### Gone (%d)" % len(expected) in run("diff", whole, one, "--format", "markdown").stdout, "diff: Markdown")


def other_floor(lab, folder):
    """Another floor is no change of the servers': both are judged by one."""
    old, new = (os.path.join(folder, name + ".mxscope") for name in ("old", "new"))
    audit(lab, "-s", old, "--baseline", "tls1.3")
    audit(lab, "-s", new, "--baseline", "tls1.2")
    said = json.loads(run("diff", old, new, "--format", "json").stdout)
    check(said["baseline"] == "tls1.2" and said["former_baseline"] == "tls1.3", "diff: the baselines' names")
    check(not said["regressed"] and not said["summary"]["targets"]["improved"], "diff: judges by two baselines: %s" %
          said["summary"])
    out = os.path.join(folder, "diff.txt")
    done = run("diff", old, new, "-o", out)
    check(not done.stdout and open(out).read().startswith("What changed"), "diff -o: " + done.stdout)


def regressed(lab, folder):
    """The same certificate, no longer trusted by those who demand that."""
    listed = os.path.join(folder, "list.csv")
    with open(listed, "w") as file:
        file.write("domain,class,requirement\nrelecloud.example,partner,chain\ncontoso.example,partner,chain\n")
    trusting, doubting = (os.path.join(folder, name + ".mxscope") for name in ("trusting", "doubting"))
    at = lab.arguments.index("--trust-store")
    without = lab.arguments[:at] + lab.arguments[at + 2:]
    names = [word for word in without if not word.endswith(".example") or word == "probe.example"]
    names = [word for word in names if word != "--partner"]
    for path, more in ((trusting, lab.arguments[at:at + 2]), (doubting, [])):
        done = run("audit", *names, *more, "-i", listed, "-s", path, "-o", os.path.join(folder, "ignored"))
        check(done.returncode == 0, "audit: exit %d: %s" % (done.returncode, done.stderr))
    done = run("diff", trusting, doubting, "--format", "json")
    said = json.loads(done.stdout)
    changes = {target["domain"]: target["change"] for target in said["targets"]}
    check(done.returncode == 1 and said["regressed"] and "regressed" in changes.values(),
          "diff: exit %d, %s" % (done.returncode, changes))
    done = run("diff", doubting, trusting, "--format", "json")
    changes = {target["domain"]: target["change"] for target in json.loads(done.stdout)["targets"]}
    check(done.returncode == 0 and "improved" in changes.values(), "diff: exit %d, %s" % (done.returncode, changes))
    unwritten = run("diff", trusting, doubting, "-o", os.path.join(folder, "no", "where"))
    check(unwritten.returncode == 3, "diff to nowhere: exit %d" % unwritten.returncode)


def main():
    with Lab(MXSCOPE) as lab:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
            whole, one, merged = shards_are_the_whole(lab, folder)
            differences(whole, one, merged)
            refusals(folder, whole)
            other_floor(lab, folder)
            regressed(lab, folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
