"""report_test.py MXSCOPE DEMO: an audit of all personas of the lab, its report in JSON and JSONL, and what reading that
back gives: open, export, diff and merge on it do as on the snapshot, and name what they expected of other files."""

import csv
import gzip
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE, DEMO = (os.path.abspath(path) for path in sys.argv[1:])
PATIENCE = 120
SCREENS = """wait %d targets
wait probes again
save-screen {0}.first
key Down Down Down
key Enter
key v
save-screen {0}.details
key *
key G
save-screen {0}.last
key i
save-screen {0}.notes
key Esc
key x
key C-u
type {0}.json
key Enter
wait exported %d targets
key w
key C-u
type {0}.mxscope
key Enter
wait this session is kept in
quit
"""


def run(*words, **how):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE, **how)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def export(path, *more):
    done = run("export", path, *more)
    check(done.returncode == 0, "export %s %s: exit %d: %s" % (path, more, done.returncode, done.stderr))
    return done.stdout


def same(one, other, what):
    if one != other:
        at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
        check(False, "%s: at %d: %r, not %r" % (what, at, one[at - 60:at + 60], other[at - 60:at + 60]))


def audit(lab, folder):
    at = [lab.arguments.index(word) for word in ("--dns-server", "--smtp-port", "--trust-store")]
    words = [word for i in at for word in lab.arguments[i:i + 2]]
    path = os.path.join(folder, "session.mxscope")
    done = run("audit", *words, "--helo-name", "probe.example", "--per-host-gap", "0.05", "--per-operator", "0",
               "--retry-later", "0", "--connect-timeout", "2", "--banner-timeout", "3", "--io-timeout", "2",
               "--dns-timeout", "2", "--fail-on", "never", "-i", DEMO, "-s", path, "-o", os.path.join(folder, "ignored"))
    check(done.returncode == 0, "audit: exit %d: %s" % (done.returncode, done.stderr))
    with open(DEMO, encoding="utf-8") as file:
        return path, len(list(csv.DictReader(file)))


def round_trips(folder, snapshot, count):
    text, lines = export(snapshot), export(snapshot, "--format", "jsonl")
    whole = json.loads(text)
    check(len(whole["domains"]) == count and whole["complete"], "not all personas were audited")
    verdicts = {domain["verdict"] for domain in whole["domains"]}
    check(verdicts >= {"ready", "at-risk", "not-ready", "plaintext", "unreachable", "unknown", "no-mail"},
          "some verdicts are missing: %s" % verdicts)
    report, listed = write(os.path.join(folder, "report"), text), write(os.path.join(folder, "lines"), lines)
    before = read(report), read(listed)
    same(export(report), text, "JSON, read back")
    same(export(report, "--format", "jsonl"), lines, "JSON as JSONL")
    same(export(listed, "--format", "jsonl"), lines, "JSONL, read back")
    from_lines = json.loads(export(listed))
    check(from_lines["domains"] == whole["domains"], "JSONL as JSON: other domains")
    check(from_lines["summary"] == whole["summary"] and from_lines["baseline"] == whole["baseline"],
          "JSONL as JSON: another summary or baseline")
    differ = {key for key in whole if from_lines[key] != whole[key]}
    check(differ <= {"preflight", "input_notes"}, "JSONL as JSON: another session: %s" % differ)
    pretty = write(os.path.join(folder, "pretty.csv"), json.dumps(whole, indent=2, sort_keys=True))
    same(export(pretty), text, "JSON with its keys sorted")
    for format in ("csv", "csv-endpoints", "markdown", "html"):
        same(*(re.sub(r"(id=\"|#)([pt])[0-9]+", r"\1\2", export(path, "--format", format)) for path in (report, snapshot)),
             format + " of JSON")  # a session's own ids are new each time
    letters = run("export", report, "--format", "letters").stdout
    same(letters, run("export", snapshot, "--format", "letters").stdout, "letters of JSON")
    check("fabrikam.example" in letters, "no letters")
    check(before == (read(report), read(listed)), "a report that was read is not as it was")
    return text, report, listed


def unchanged(*words):
    done = run("diff", *words, "--format", "json")
    check(done.returncode == 0, "diff %s: exit %d: %s" % (words, done.returncode, done.stderr))
    said = json.loads(done.stdout)
    check(not said["targets"] and not said["endpoints"] and said["summary"]["targets"]["unchanged"] > 40,
          "diff %s: %s" % (words, said["summary"]))


def differences(folder, snapshot, text, report, listed):
    for pair in ((snapshot, report), (report, snapshot), (report, listed), (listed, report), (report, report)):
        unchanged(*pair)
    cut = write(os.path.join(folder, "cut.jsonl"), "".join(read(listed).decode().splitlines(keepends=True)[1:]))
    check(", not complete" in run("diff", cut, report).stdout, "diff: lines that are missing")
    bare = write(os.path.join(folder, "bare.jsonl"), re.sub(r',"session":\{.*?\}(?=[,}])', "", read(listed).decode()))
    check(", of a time that is not noted, not complete" in run("diff", bare, report).stdout, "diff: a time of bare JSONL")
    changed = json.loads(text)
    fabrikam = next(domain for domain in changed["domains"] if domain["domain"] == "contoso.example")
    for endpoint in fabrikam["hosts"][0]["endpoints"]:
        endpoint["versions"].update({"TLSv1.0": "accepted", "TLSv1.2": "refused", "TLSv1.3": "refused"})
        endpoint["tls"].update({"version": "TLSv1.0"})
    worse = write(os.path.join(folder, "worse.json"), json.dumps(changed))
    done = run("diff", snapshot, worse)
    check(done.returncode == 1 and "contoso.example" in done.stdout, "diff: exit %d: %s" % (done.returncode, done.stdout))
    done = run("diff", worse, snapshot)
    check(done.returncode == 0 and "Improved" in done.stdout, "diff: exit %d: %s" % (done.returncode, done.stdout))
    notes = json.loads(export(worse))["input_notes"]
    check(any("worse.json: says that contoso.example is ready; what it tells of it makes it" in note for note in notes),
          "another verdict is not noted: %s" % notes)


    script = write(os.path.join(folder, "script"), "wait the report has other verdicts than follow\nquit\n")
    done = run("open", worse, "--script", script, env=dict(os.environ, TERM="xterm", LINES="24", COLUMNS="100"))
    check(done.returncode == 0, "open: another verdict is not mentioned: %s" % done.stderr)


def merged(folder, text, listed):
    lines = read(listed).decode().splitlines(keepends=True)
    parts = [write(os.path.join(folder, "part%d.jsonl" % i), "".join(lines[i::2])) for i in range(2)]
    out = os.path.join(folder, "merged.mxscope")
    done = run("merge", "-o", out, *parts)
    check(done.returncode == 0, "merge: exit %d: %s" % (done.returncode, done.stderr))
    unchanged(os.path.join(folder, "report"), out)
    check({domain["domain"] for domain in json.loads(export(out))["domains"]} ==
          {domain["domain"] for domain in json.loads(text)["domains"]}, "merge: other domains")


def rows(path):
    """What a snapshot holds of targets, hosts and endpoints, byte for byte: all facts are in there."""
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as database:
        return {table: sorted(database.execute("SELECT name, content FROM " + table))
                for table in ("target", "host", "endpoint", "note")}


def screens(folder, snapshot, text, report, count):
    """The same to look at, save and export, whatever the session is read from."""
    seen = []
    before = read(report)
    for name, source in (("one", snapshot), ("two", report)):
        place = os.path.join(folder, name)
        os.mkdir(place)
        session, saved = os.path.join(place, "session"), os.path.join(place, "seen")
        with open(session, "wb") as file:
            file.write(read(source))
        script = write(os.path.join(place, "script"), SCREENS.replace("%d", str(count)).format(saved))
        done = run("open", session, "--script", script,
                   env=dict(os.environ, TERM="xterm", LINES="50", COLUMNS="160", HOME=place, LC_ALL="C.UTF-8"))
        check(done.returncode == 0, "open %s: exit %d: %s" % (name, done.returncode, done.stderr))
        if done.returncode:
            return
        same(read(saved + ".json").decode(), text, "exported on the screen from " + name)
        same(export(saved + ".mxscope"), text, "saved on the screen from " + name)
        for table, expected in rows(snapshot).items():
            found = rows(saved + ".mxscope")[table]
            check(found == expected, "saved from %s: other bytes of %s: %s" %
                  (name, table, [left[0] for left, right in zip(expected, found) if left != right]))
        seen.append([read("%s.%s" % (saved, screen)).decode() for screen in ("first", "details", "last", "notes")])
    for left, right in zip(*seen):
        same(left, right, "on the screen")
    check(before == read(report), "a report that was shown is not as it was")
    plain = run("open", report, "--plain", input="quit\n")
    check(plain.returncode == 0 and "%d targets" % count in plain.stdout, "it is told in lines")


def refusals(folder, snapshot, text):
    """Of each way to read a file: exit 2, one line with the file, nothing on stdout, nothing written."""
    def path(name):
        return os.path.join(folder, name)

    other = path("other.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mail(id)")
    with gzip.open(path("report.json.gz"), "wb") as file:
        file.write(text.encode())
    with open(path("wide.json"), "wb") as file:
        file.write(text.encode("utf-16"))
    report = json.loads(text)
    report["domains"][3]["hosts"][0]["endpoints"][0]["port"] = "smtp"
    table = (
        (write(path("list.csv"), "domain,class\ncontoso.com,partner\n" * 20), "is no mxscope snapshot; expected one, or a report in JSON"),
        (write(path("empty.json"), ""), "it is empty"),
        (write(path("array.json"), "[]"), "is no mxscope snapshot; expected one, or a report in JSON or JSONL"),
        (path("report.json.gz"), "is no mxscope snapshot; expected one, or a report"),
        (path("wide.json"), "is no mxscope snapshot; expected one, or a report"),
        (other, "is a database of another program"),
        (path("missing.json"), "there is no such file"),
        (folder, "is no file"),
        (write(path("connector.json"), '{"Name": "To Contoso", "Enabled": true}'), 'format: is missing; expected'),
        (write(path("diff.json"), run("diff", snapshot, snapshot, "--format", "json").stdout),
         'format: is "mxscope-diff"; expected "mxscope"'),
        (write(path("cut.json"), text[:len(text) // 2]), "is cut short"),
        (write(path("port.json"), json.dumps(report)),
         'domains[3].hosts[0].endpoints[0].port: is "smtp"; expected a whole number from 1 to 65535'),
        (write(path("lines.jsonl"), "%s\n%s\n" % (json.dumps(json.loads(text)["domains"][0]), json.dumps(report["domains"][3]))),
         'lines.jsonl:2: hosts[0].endpoints[0].port: is "smtp"; expected a whole number from 1 to 65535'),
        (write(path("newer.json"), text.replace('"version":1', '"version":2', 1)), "written by a newer mxscope"),
    )
    new = path("new.mxscope")
    for file, said in table:
        for words in (("export", file), ("diff", file, snapshot), ("diff", snapshot, file),
                      ("merge", "-o", new, snapshot, file), ("open", file, "--script", "/dev/null"),
                      ("open", file, "--plain")):
            done = run(*words, stdin=subprocess.DEVNULL, env=dict(os.environ, TERM="xterm"))
            errors = [line for line in done.stderr.split("\n") if "mxscope: " in line]
            check(done.returncode == 2 and len(errors) == 1 and file in errors[0] and said in errors[0],
                  "%s: exit %d: %r does not say %r" % (" ".join(words), done.returncode, done.stderr[-300:], said))
            check(not done.stdout or words[0] == "open", "%s: something on stdout: %s" % (words, done.stdout[:200]))
            check(not os.path.exists(new), "%s: a file though it was refused" % (words,))
    report = write(path("whole.json"), text)
    done = run("audit", "-s", report)
    check(done.returncode == 2 and "merge -o NEW.mxscope %s makes one of it" % report in done.stderr and read(report) == text.encode(),
          "a report as a snapshot: exit %d: %s" % (done.returncode, done.stderr[-300:]))


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder, Lab(MXSCOPE) as lab:
        snapshot, count = audit(lab, folder)
        digest = hashlib.sha256(read(snapshot)).hexdigest()
        text, report, listed = round_trips(folder, snapshot, count)
        differences(folder, snapshot, text, report, listed)
        merged(folder, text, listed)
        screens(folder, snapshot, text, report, count)
        refusals(folder, snapshot, text)
        check(digest == hashlib.sha256(read(snapshot)).hexdigest(), "the snapshot is not as it was")
    return 1 if failures else 0


sys.exit(main())
