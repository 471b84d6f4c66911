"""migration_test.py MXSCOPE SNAPSHOT KILLS SEED: audits that resume a copy of a snapshot of an earlier schema are killed
at random moments, most of them while the file is brought up to date. It opens after each kill, and what was found in it
is there as it was."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from lab import Lab, check, failures, finished

MXSCOPE, SNAPSHOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
KILLS, SEED = int(sys.argv[3]), int(sys.argv[4])
PATIENCE = 120


def export(path):
    run = subprocess.run([MXSCOPE, "export", path], capture_output=True, text=True, timeout=PATIENCE)
    check(run.returncode == 0, "it opens: " + run.stderr.strip())
    return json.loads(run.stdout) if run.returncode == 0 else {"domains": []}


def schema(path):
    """After a kill SQLite may have to take a commit back, so it opens to write."""
    with sqlite3.connect(path) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def port(facts):
    ports = {port for _, port, _ in facts}
    check(len(ports) == 1, "all was found at one port")
    return ports.pop()


def main():
    rng = random.Random(SEED)
    before = export(SNAPSHOT)
    facts = finished(before)
    untouched = open(SNAPSHOT, "rb").read()
    check(facts, "there is something to lose")
    schemas = set()
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        # At the port of the snapshot, where nothing listens: elsewhere the same addresses would be other endpoints.
        lab.arguments = lab.arguments[:lab.arguments.index("--partner")] + ["--smtp-port", str(port(facts))]
        for kill in range(KILLS):
            path = os.path.join(folder, "%d.mxscope" % kill)
            shutil.copy(SNAPSHOT, path)
            process = lab.audit("-s", path, "-o", os.devnull)
            try:
                process.wait(rng.uniform(0, 0.06))
            except subprocess.TimeoutExpired:
                pass
            process.kill()
            process.wait()
            after = export(path)
            what = "seed %d, kill %d: " % (SEED, kill + 1)
            check([domain["domain"] for domain in after["domains"]] ==
                  [domain["domain"] for domain in before["domains"]], what + "the targets are there")
            there = finished(after)  # what was not finished may be by now
            check(all(there.get(name) == fact for name, fact in facts.items()), what + "the facts are as they were")
            check([domain["note"] for domain in after["domains"]] ==
                  [domain["note"] for domain in before["domains"]], what + "and the notes")
            schemas.add(schema(path))
        check(open(SNAPSHOT, "rb").read() == untouched, "the snapshot itself was only read")
        path = os.path.join(folder, "last.mxscope")
        shutil.copy(SNAPSHOT, path)
        check(lab.audit("-s", path, "-o", os.devnull).wait(PATIENCE) == 0, "left alone it ends")
        schemas.add(schema(path))
    check(max(schemas) > schema(SNAPSHOT), "it came up to date")
    print("%d kills, schemas after them: %s" % (KILLS, sorted(schemas)))
    return 1 if failures else 0


sys.exit(main())
