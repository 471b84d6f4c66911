"""letters_test.py MXSCOPE: a campaign from an input with owners and due dates to letters: who gets one, where they are
written, that nothing is written over, templates, and the history that a second look leaves."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE = os.path.abspath(sys.argv[1])
TABLE = """domain,class,smart_host,owner,contact,state,due
fabrikam.example,partner,gw.fabrikam.example,Ann,it@fabrikam.example,promised,2026-12-01
wingtiptoys.example,partner,,,,,
consolidatedmessenger.example,partner,,,,waived,
adatum.example,partner,,,,,
wideworldimporters.example,,,,,,
"""
PATIENCE = 120


def run(*words):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE)


def audit(lab, *more):
    return lab.audit(*more, stdout=subprocess.DEVNULL).wait(PATIENCE)


def main():
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        os.chdir(folder)
        with open("list.csv", "w") as file:
            file.write(TABLE)
        lab.arguments = lab.arguments[:lab.arguments.index("--partner")]
        check(audit(lab, "-i", "list.csv", "-s", "s.mxscope", "--baseline", "tls1.2") == 0, "an audit")
        report = json.loads(run("export", "s.mxscope").stdout)
        check(report["domains"][0]["due"] == "2026-12-01", "the due date is kept")
        check(report["domains"][1]["due"] is None, "and null where there is none")
        short = [domain["domain"] for domain in report["domains"] if domain["class"] == "partner" and
                 domain["verdict"] in ("at-risk", "plaintext", "not-ready")]
        check(short == ["fabrikam.example", "wingtiptoys.example", "consolidatedmessenger.example"], "who falls short")
        short.pop()  # waived
        for domain in report["domains"]:
            check([past["verdict"] for past in domain["history"]][-1:] == [domain["verdict"]],
                  domain["domain"] + ": its history ends with its verdict")
        done = run("export", "s.mxscope", "--format", "letters", "-o", "letters")
        check(done.returncode == 0, "letters: " + done.stderr)
        check(sorted(os.listdir("letters")) == sorted(name + ".txt" for name in short), "a file for each partner")
        for name in short:
            text = open("letters/%s.txt" % name).read()
            to = {"fabrikam.example": "it@fabrikam.example"}.get(name, "postmaster@" + name)
            check(text.startswith("To: %s\n" % to), "%s: whom to write to" % name)
            check("What we ask you to change:\n\n- " in text, "%s: what to change" % name)
            check(max(map(len, text.splitlines())) <= 72, "%s: lines of 72" % name)
        with open("letters/%s.txt" % short[-1], "w") as file:
            file.write("mine")
        for name in short[:-1]:
            os.unlink("letters/%s.txt" % name)
        done = run("export", "s.mxscope", "--format", "letters", "-o", "letters")
        check(done.returncode == 3 and "is there already" in done.stderr, "a letter is not written over")
        check(os.listdir("letters") == [short[-1] + ".txt"], "and then none is written")
        check(open("letters/%s.txt" % short[-1]).read() == "mine", "it is as it was")
        done = run("export", "s.mxscope", "--format", "letters", "-o", "-")
        check(done.stdout.count("======== ") == len(short), "all of them to stdout")
        done = run("export", "s.mxscope", "--format", "letters", "--filter", "owner:Ann")
        check(done.stdout.startswith("======== fabrikam.example.txt") and done.stdout.count("======== ") == 1,
              "a letter to those alone whom a filter keeps")
        chosen = json.loads(run("export", "s.mxscope", "--filter", "class:partner !state:waived").stdout)
        check([domain["domain"] for domain in chosen["domains"]] ==
              ["fabrikam.example", "wingtiptoys.example", "adatum.example"], "a report of a selection")
        check(chosen["selection"] == {"filter": "class:partner !state:waived", "of": 5}, "which says so")
        check(chosen["summary"]["targets"] == 3 and "opportunistic" not in chosen["summary"]["verdicts"],
              "and counts these alone")
        check(report["selection"] is None, "a whole report is none")
        check(len(json.loads(run("export", "s.mxscope").stdout)["domains"]) == 5, "the session still has all")
        done = run("export", "s.mxscope", "--filter", "owner:Zoe", "--format", "jsonl")
        check(done.returncode == 0 and not done.stdout and "--filter keeps none of 5 targets" in done.stderr, "of nothing")
        with open("own.txt", "w") as file:
            file.write("To: {contact}\n\nFor {owner}\n{nonsense}\n")
        done = run("export", "s.mxscope", "--format", "letters", "--template", "own.txt")
        check(done.returncode == 2 and "own.txt:4: there is no placeholder {nonsense}" in done.stderr, "a template's slip")
        check(not done.stdout, "nothing on stdout then")
        done = run("audit", "--format", "letters", "contoso.example")
        check(done.returncode == 2 and "is for export" in done.stderr, "letters are for export")
        check(audit(lab, "-s", "s.mxscope", "--baseline", "tls1.3", "--filter", "class:opportunistic", "-o", "part.json") == 0,
              "another baseline, and a report of a part")
        part = json.load(open("part.json"))
        check(part["selection"]["of"] == 5 and len(part["domains"]) == 1, "an audit writes the part")
        again = json.loads(run("export", "s.mxscope").stdout)
        changed = [(old, new) for old, new in zip(report["domains"], again["domains"]) if
                   old["verdict"] != new["verdict"]]
        check(changed, "it changes a verdict")
        for old, new in changed:
            check(new["history"][:-1] == old["history"], "what was in the history stays")
            check(new["history"][-1]["verdict"] == new["verdict"], "and the new verdict is behind it")
        with sqlite3.connect("s.mxscope") as database:
            rows = database.execute("SELECT count(*) FROM history").fetchone()[0]
        check(rows == sum(len(domain["history"]) for domain in again["domains"]), "a row for each, once")
    return 1 if failures else 0


sys.exit(main())
