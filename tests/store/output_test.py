"""output_test.py MXSCOPE SNAPSHOT: nothing that is written takes the place of what it is made from: not the snapshot that is
exported, compared or kept, by whatever name, nor a list of targets; nor does the screen write over its own session."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

from lab import check, failures

MXSCOPE, SNAPSHOT = map(os.path.abspath, sys.argv[1:3])
PATIENCE = 120
SCRIPT = """wait No targets yet
key x
wait export to
key C-u
type kept.json
key Enter
wait this session itself is kept there
key Esc
key I
wait import
type kept.json
key Enter
wait this session itself is kept there
quit
"""


def run(*words, **how):
    return subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, **how)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def command_lines(folder):
    session, other, linked, listed = (os.path.join(folder, name) for name in ("a.mxscope", "b.mxscope", "l", "list.txt"))
    for path in (session, other):
        shutil.copy(SNAPSHOT, path)
    os.link(session, linked)
    with open(listed, "w") as file:
        file.write("contoso.example\n")
    before = [digest(path) for path in (session, other, listed)]
    new = os.path.join(folder, "new.mxscope")
    for words in (("export", session, "-o", session), ("export", session, "-o", linked),
                  ("export", session, "--format", "csv", "-o", os.path.join(folder, ".", "a.mxscope")),
                  ("diff", other, session, "-o", session), ("diff", other, session, "-o", other),
                  ("audit", "-s", session, "-o", session), ("audit", "-s", new, "-o", new, "contoso.example"),
                  ("audit", "-i", listed, "-o", listed)):
        done = run(*words)
        check(done.returncode == 2 and "is read or kept in the same run; expected another file" in done.stderr,
              "%s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr))
        check(not done.stdout and done.stderr.count("\n") == 1, "%s: says more: %s" % (words, done.stderr))
    check(before == [digest(path) for path in (session, other, listed)], "a file is not as it was")
    check(not os.path.exists(new), "a snapshot though it was refused")
    done = run("export", session, "-o", os.path.join(folder, "report.json"))
    check(done.returncode == 0, "export beside it: exit %d: %s" % (done.returncode, done.stderr))
    check(run("export", session, "-o", "/dev/null").returncode == 0, "a device is refused")


def screen(folder):
    """A snapshot may have the name of a report."""
    path, script = os.path.join(folder, "kept.json"), os.path.join(folder, "script")
    with open(script, "w") as file:
        file.write(SCRIPT)
    done = run("-s", "kept.json", "--script", script, cwd=folder,
               env=dict(os.environ, TERM="xterm", LINES="24", COLUMNS="160", LC_ALL="C.UTF-8"))
    check(done.returncode == 0, "the screen: exit %d: %s" % (done.returncode, done.stderr))
    with open(path, "rb") as file:
        check(file.read(15) == b"SQLite format 3", "the screen wrote over its session")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        command_lines(folder)
        screen(folder)
    return 1 if failures else 0


sys.exit(main())
