"""reopened_test.py MXSCOPE: a session that is gone on with on the screen: what is probed again and comes out otherwise is
marked, before and behind a comparison with how it was; a damaged file and one that another keeps end it. One that was opened
to look is saved into its file by w, unless that is in use or was changed meanwhile: then it stays as it is."""

import fcntl
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE = os.path.abspath(sys.argv[1])
PATIENCE = 120
SET_LOCK, LOCK_AT = 37, 1 << 46  # F_OFD_SETLK, and where engine/store/claim.c has its lock
TABLE = """domain,class,requirement
contoso.example,partner,chain
adatum.example,partner,encryption
"""


def screen(lab, script, *words):
    """Runs the screen by a script; its exit code, and what it said."""
    with open("script", "w") as file:
        file.write(script)
    environment = dict(os.environ, LINES="40", COLUMNS="120", LC_ALL="C.UTF-8", HOME=os.getcwd())
    environment.pop("XDG_STATE_HOME", None)
    done = subprocess.run([MXSCOPE, *lab.arguments, *words, "--script", "script"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE, env=environment)
    return done.returncode, done.stderr


def line_of(path, name):
    with open(path, encoding="utf-8") as file:
        return next((line for line in file if name in line), "")


def marks_what_is_new(lab):
    script = """wait done, 5 addresses
save-screen before
key /
type contoso.example
key Enter r
wait probed again: ready now
save-screen after
key D
type as-it-was.mxscope
key Enter
wait compared with
save-screen compared
quit
"""
    code, said = screen(lab, script, "-s", "s.mxscope")
    check(code == 0, "the screen: exit %d, %s" % (code, said))
    check("✗ not ready" in line_of("before", "contoso.example"), "before: " + line_of("before", "contoso.example"))
    check("↑✓ ready" in line_of("after", "contoso.example"), "after: " + line_of("after", "contoso.example"))
    check("↑" not in line_of("after", "▸ adatum.example"), "what is as before has no mark")
    check("↑ 1 improved  = 1 the same" in line_of("compared", ", as-it-was.mxscope"), "compared: " + line_of("compared", ", as-it-was.mxscope"))
    check("↑✓ ready" in line_of("compared", "▸ contoso.example"), "compared: no mark")


def refuses(lab):
    with open("as-it-was.mxscope", "rb") as file:
        whole = file.read()
    with open("damaged.mxscope", "wb") as file:
        file.write(whole[:len(whole) // 2])
    code, said = screen(lab, "wait zzz\n", "-s", "damaged.mxscope")
    check(code == 2 and "is damaged" in said, "damaged: exit %d, %s" % (code, said))
    code, said = screen(lab, "wait done, 5 addresses\nkey D\ntype damaged.mxscope\nkey Enter\nwait is damaged\nquit\n",
                        "-s", "s.mxscope")
    check(code == 0, "compared with a damaged one: exit %d, %s" % (code, said))
    code, said = screen(lab, "wait done, 5 addresses\nkey D\ntype s.mxscope\nkey Enter\nwait this session itself is kept there\nquit\n",
                        "-s", "s.mxscope")
    check(code == 0, "compared with itself: exit %d, %s" % (code, said))


def content(path):
    with open(path, "rb") as file:
        return file.read()


def notes(path):
    done = subprocess.run([MXSCOPE, "export", path], capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 0, "export: " + done.stderr)
    report = json.loads(done.stdout)
    return {domain["domain"]: domain["note"] for domain in report["domains"] if domain["note"]}, report


def noted(words, more):
    """A script that notes something of contoso.example and does more."""
    return "wait contoso.example\nkey /\ntype contoso.example\nkey Enter t C-u\ntype %s\nkey Enter\n%s\nquit\n" % (words, more)


def look(script, path, home="home"):
    """The same of a session that is opened to look."""
    with open("script", "w") as file:
        file.write(script)
    environment = dict(os.environ, LINES="40", COLUMNS="160", LC_ALL="C.UTF-8", HOME=os.path.abspath(home))
    environment.pop("XDG_STATE_HOME", None)
    done = subprocess.run([MXSCOPE, "open", path, "--script", "script"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=PATIENCE, env=environment)
    check(done.returncode == 0, "open: exit %d, %s" % (done.returncode, done.stderr))
    return done.stderr


def saved(path, words):
    found, report = notes(path)
    check(found == {"contoso.example": words}, "noted: %s" % found)
    return report


def saves_into_what_was_opened(lab):
    path = os.path.abspath("looked-at.mxscope")
    shutil.copy("as-it-was.mxscope", path)
    _, before = notes(path)
    said = look(noted("called them", "key w\nwait keep this session in: " + path + "\nkey Enter\nwait kept in " + path), path)
    check("this session is kept in " + path in said, "w says where: " + said)
    after = saved(path, "called them")
    for report in before, after:
        del report["generator"], report["options"]
        for domain in report["domains"]:
            domain["note"] = domain["set_by_hand"] = None
    check(after == before, "nothing else is another, nor when it was finished")
    link = "link.mxscope"
    os.symlink(path, link)
    look(noted("by its other name", "key w C-u\ntype looked-at.mxscope\nkey Enter\nwait kept in " + path), link)
    saved(path, "by its other name")
    check(os.path.islink(link), "the link is one still")


def leaves_what_another_keeps(lab):
    path = "held.mxscope"
    shutil.copy("looked-at.mxscope", path)
    before = content(path)
    with open(path, "r+b") as file:
        fcntl.fcntl(file, SET_LOCK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, LOCK_AT, 1, 0))
        look(noted("mine", "key w Enter\nwait keeps its session there (process %d)\nkey C-u\ntype mine.mxscope\nkey Enter\n"
                   "wait this session is kept in" % os.getpid()), path)
    check(content(path) == before, "held: it is as it was")
    saved("mine.mxscope", "mine")


def leaves_what_was_changed(lab):
    path = "changed.mxscope"
    shutil.copy("looked-at.mxscope", path)
    look(noted("theirs", "key w Enter\nwait kept in"), path)
    theirs = content(path)
    shutil.copy("looked-at.mxscope", path)
    os.mkfifo("read")
    os.mkfifo("changed")  # the screen waits with either until somebody reads it
    with open("script", "w") as file:
        file.write(noted("mine", "save-screen read\nsave-screen changed\nkey w Enter\nwait was changed since it was opened\n"
                         "key C-u\ntype mine-too.mxscope\nkey Enter\nwait kept in"))
    environment = dict(os.environ, LINES="40", COLUMNS="160", LC_ALL="C.UTF-8", HOME=os.path.abspath("home"))
    process = subprocess.Popen([MXSCOPE, "open", path, "--script", "script"], stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=environment)
    check(content("read"), "changed: it was read")
    with open(path, "r+b") as file:
        file.write(theirs)
        file.truncate()
    check(content("changed"), "changed: it goes on")
    said = process.communicate(timeout=PATIENCE)[1]
    check(process.returncode == 0, "changed: exit %d, %s" % (process.returncode, said))
    check(content(path) == theirs, "changed: theirs stays")
    saved("mine-too.mxscope", "mine")


def leaves_a_report(lab):
    _, report = notes("looked-at.mxscope")
    with open("report.json", "w") as file:
        json.dump(report, file)
    before = content("report.json")
    look(noted("mine", "key w\nwait keep this session in: mxscope-\nkey C-u\ntype report.json\nkey Enter\n"
               "wait is no mxscope snapshot\nkey C-u\ntype of-report.mxscope\nkey Enter\nwait kept in"), "report.json")
    check(content("report.json") == before, "a report is as it was")
    saved("of-report.mxscope", "mine")


def main():
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        os.chdir(folder)
        with open("list.csv", "w") as file:
            file.write(TABLE)
        lab.arguments = lab.arguments[:lab.arguments.index("--partner")]
        lab.arguments.remove("--fail-on")
        lab.arguments.remove("never")
        at = lab.arguments.index("--trust-store")
        option = lab.arguments[at:at + 2]
        del lab.arguments[at:at + 2]  # the lab's authority is none of the system's
        code = lab.audit("-i", "list.csv", "-s", "s.mxscope", stdout=subprocess.DEVNULL).wait(PATIENCE)
        check(code == 1, "an audit that does not trust it: exit %d" % code)
        lab.arguments += option
        shutil.copy("s.mxscope", "as-it-was.mxscope")
        marks_what_is_new(lab)
        refuses(lab)
        os.mkdir("home")
        saves_into_what_was_opened(lab)
        leaves_what_another_keeps(lab)
        leaves_what_was_changed(lab)
        leaves_a_report(lab)
    sys.exit(1 if failures else 0)


main()
