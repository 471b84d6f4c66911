"""kill_test.py MXSCOPE KILLS SEED: audits of the lab that keep their session in a file are killed (SIGKILL), at random
moments and when a reader of the file has just seen so and so many endpoints in it; then they are resumed, and at last
left to end. The file opens after each kill, what a reader saw in it is there as it was, and the last run ends with the
verdicts of an audit that nobody disturbed, without probing again what was done."""

import json
import os
import random
import subprocess
import sys
import tempfile

from lab import Lab, check, endpoints, failures, finished, verdicts

MXSCOPE = os.path.abspath(sys.argv[1])
KILLS, SEED = int(sys.argv[2]), int(sys.argv[3])
KILLS_OF_ONE = 4
LONGEST = 1.5  # seconds until a kill at a random moment
PATIENCE = 120


def export(path):
    """What the file holds; None when there is no session in it yet."""
    run = subprocess.run([MXSCOPE, "export", path], capture_output=True, text=True, timeout=PATIENCE)
    if run.returncode == 0:
        return json.loads(run.stdout)
    early = ("no such file", "it is empty", "no session in it yet")
    check(run.returncode == 2 and any(words in run.stderr for words in early), "export: " + run.stderr.strip())
    return None


def watch(process, path, wanted):
    """Reads the file while it is written, until so many endpoints are done or the process is."""
    seen = {}
    while process.poll() is None and len(seen) < wanted:
        report = export(path)
        seen = finished(report) if report else {}
    return seen


def wait_a_while(process, rng):
    try:
        process.wait(rng.uniform(0, LONGEST))
    except subprocess.TimeoutExpired:
        pass


def holds(report, seen, what):
    now = finished(report) if report else {}
    for key, facts in seen.items():
        check(now.get(key) == facts, "%s: %s was there and is not, or otherwise" % (what, key))
    return now


def one_session(lab, rng, kills, path, expected):
    saved = {}
    for number in range(kills):
        process = lab.audit("-s", path, "-o", os.devnull)
        seen = {}
        if rng.random() < 0.5:
            seen = watch(process, path, len(saved) + rng.randint(0, 3))
        else:
            wait_a_while(process, rng)
        process.kill()
        process.wait()
        report = export(path)
        what = "seed %d, kill %d" % (SEED, number + 1)
        holds(report, saved, what)
        saved = holds(report, seen, what)
        if report:
            whole = verdicts(report) == verdicts(expected)  # it may have been killed behind its last commit
            check(whole if report["complete"] else report["finished_at"] is None, what + ": complete only when it is")
    process = lab.audit("-s", path, stdout=subprocess.PIPE, text=True)
    text = process.communicate(timeout=PATIENCE)[0]
    check(process.returncode == 0, "the last run ends with %d" % process.returncode)
    if process.returncode:
        return len(saved)
    report = json.loads(text)
    check(report["complete"], "the last run is complete")
    check(verdicts(report) == verdicts(expected), "the last run has the verdicts of one that was not killed")
    check(len(report["domains"]) == len(verdicts(report)), "no domain is there twice")
    holds(report, saved, "the last run")
    kept = export(path)
    differ = [name for name in kept if name != "finished_at" and kept[name] != report[name]]
    check(not differ, "the file holds what was reported: " + " ".join(differ))
    return len(saved)


def main():
    rng = random.Random(SEED)
    kills, resumed, sessions = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        whole = lab.audit(stdout=subprocess.PIPE, text=True)
        expected = json.loads(whole.communicate(timeout=PATIENCE)[0])
        while kills < KILLS and not failures:
            number = min(rng.randint(1, KILLS_OF_ONE), KILLS - kills)
            saved = one_session(lab, rng, number, os.path.join(folder, "%d.mxscope" % sessions), expected)
            kills += number
            sessions += 1
            resumed += saved
        check(failures or resumed, "some of the killed runs had saved something")
        print("%d kills of %d sessions, %d endpoints resumed" % (kills, sessions, resumed))
    return 1 if failures else 0


sys.exit(main())
