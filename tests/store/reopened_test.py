"""reopened_test.py MXSCOPE: a session that is gone on with on the screen: what is probed again and comes out otherwise is
marked, before and behind a comparison with how it was; a damaged file and one that another keeps end it."""

import os
import shutil
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE = os.path.abspath(sys.argv[1])
PATIENCE = 120
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
    sys.exit(1 if failures else 0)


main()
