"""kill_test.py MXSCOPE REMOTE SNAPSHOT KILLS SEED: whatever keeps a session in a file is killed (SIGKILL): audits, first
and resumed, screens with a file that was named, that nobody named, that is named while they run, and that was opened to
look and is saved into, sessions of an earlier schema that are brought up to date, and merges. The moment is random, or one at which a reader of the file has
just seen something in it, or a commit is under way. Behind each kill the file opens and is sound, what a reader saw in
it is there, and so is what the program showed and then said was saved. Each session is gone on with at last, and ends
with the facts of one that nobody disturbed."""

import collections
import glob
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from kills import ENVIRONMENT, PATIENCE, Audit, Reader, Screen, look_inside, wait_for_commit
from lab import Lab, check, endpoints, failures, verdicts
from old_snapshot import enlarge
from witness import Witness, name_of

MXSCOPE, REMOTE, SNAPSHOT = (os.path.abspath(word) for word in sys.argv[1:4])
KILLS, SEED = int(sys.argv[4]), int(sys.argv[5])
KILLS_OF_ONE = 4
MORE = 60      # kills at most, to hit what random moments have missed
LONGEST = 2.0  # seconds until a kill at a random moment
COPIES = 300   # of each target, in the larger snapshot of an earlier schema
GAP = "0.25"

reader = Reader(MXSCOPE)


class Storm:
    def __init__(self, lab, folder):
        self.rng, self.lab, self.folder = random.Random(SEED), lab, folder
        self.kills, self.figures, self.sessions, self.last = 0, collections.Counter(), 0, None
        lab.arguments += ["--per-host-gap", GAP]

    def path(self, name):
        return os.path.join(self.folder, name)

    def count(self, kind, killed):
        self.last = kind
        self.figures[kind if killed else kind + " that ended before"] += 1
        self.kills += killed

    def what(self):
        return "seed %d, kill %d (%s)" % (SEED, self.kills, self.last)

    def audit(self, path, witness, words):
        """Kills an audit."""
        audit = Audit(MXSCOPE, [*words, "-s", path, "-o", os.devnull], witness)
        choice, until = self.rng.random(), time.monotonic() + self.rng.uniform(0, LONGEST)
        if choice < 0.3:
            self.watch(audit, path, witness)
        elif choice < 0.6 and wait_for_commit(path, audit.running, until):
            time.sleep(self.rng.uniform(0, 0.003))
        else:
            while time.monotonic() < until and audit.running():
                time.sleep(0.005)
        return audit.kill()

    def watch(self, audit, path, witness):
        """Reads the file while it is written, until so many endpoints are done or the process is."""
        wanted = len(witness.facts) + self.rng.randint(0, 3)
        while audit.running() and len(witness.facts) < wanted:
            report = reader.export(path, json.loads)
            if report:
                witness.see(report)

    def screen(self, path, witness, words, home):
        screen = Screen(REMOTE, MXSCOPE, [*words, *(["-s", path] if path else [])], home, witness, self.rng)
        screen.work(time.monotonic() + self.rng.uniform(0, LONGEST))
        if not path and self.rng.random() < 0.5:
            until = time.monotonic() + self.rng.uniform(0, LONGEST)
            screen.name_it(os.path.join(home, "named.mxscope"), until)
            screen.work(until)
        return screen, screen.kill()

    def behind(self, path, witness, what, ended=False):
        """After a kill: the schema that the file has; None when there is no file. `ended`: the session may have left it
        for another file."""
        witness.forget_shown()
        schema = None
        if os.path.exists(path):
            schema, cut_off = look_inside(path, self.folder, what)
            self.figures["commits that were cut off"] += cut_off
            self.figures["migrations that were cut off"] += cut_off and schema == 1
        report = reader.export(path, json.loads)
        witness.check(report, what)
        if report:
            self.figures["complete behind a kill"] += report["complete"]
            check(self.all_known(report) if report["complete"] else ended or report["finished_at"] is None,
                  what + ": complete only when it is")
            witness.see(report)
            if self.rng.random() < 0.25:
                reader.opens(path, what)
        return schema

    @staticmethod
    def all_known(report):
        return all(domain["verdict"] != "pending" and all(endpoint["probed_at"] for host in domain["hosts"]
                                                          for endpoint in host["endpoints"])
                   for domain in report["domains"])

    def ends(self, path, witness, words, expected, what):
        """The session is gone on with to its end, and is whole."""
        run = subprocess.run([MXSCOPE, "audit", *words, "-s", path], capture_output=True, text=True, timeout=PATIENCE,
                             env={**os.environ, **ENVIRONMENT})
        check(run.returncode == 0, "%s: the last run ends with %d: %s" % (what, run.returncode, run.stderr[-300:]))
        if run.returncode:
            return
        report = json.loads(run.stdout)
        witness.check(report, what + ", the last run")
        check(report["complete"], what + ": the last run is complete")
        now = verdicts(report)
        check({name: now.get(name) for name in expected} == expected, what + ": the last run has other verdicts")
        kept = reader.export(path, json.loads)
        differ = [name for name in kept if name != "finished_at" and kept[name] != report[name]]
        check(not differ, "%s: the file holds what was reported: %s" % (what, " ".join(differ)))
        self.figures["endpoints that were not asked again"] += len(witness.facts)
        self.figures["things that were said to be saved"] += witness.claimed

    def named_session(self, most):
        """First and resumed audits, and screens on the same file."""
        path, home = self.path("%d.mxscope" % self.sessions), self.home()
        witness, words = Witness(), self.lab.arguments
        for number in range(self.rng.randint(1, most)):
            if self.rng.random() < 0.65:
                self.count("audits, resumed" if number else "audits, first", self.audit(path, witness, words))
            else:
                self.count("screens with -s", self.screen(path, witness, words, home)[1])
            self.behind(path, witness, self.what())
        self.ends(path, witness, words, verdicts(self.whole), self.what())

    def home(self):
        home = self.path("home-%d" % self.sessions)
        os.mkdir(home)
        return home

    def unnamed_session(self, _):
        """A screen without a file keeps its session in the state folder; w moves it."""
        home, witness, words = self.home(), Witness(), self.lab.arguments
        screen, killed = self.screen(None, witness, words, home)
        self.count("screens while w names a file" if screen.asked else "screens without a file", killed)
        kept = glob.glob(os.path.join(home, "state", "mxscope", "*.mxscope"))
        check(len(kept) <= 1, "%s: one session, and %d files" % (self.what(), len(kept)))
        before = kept[0] if kept else None
        path = screen.asked if screen.asked and self.holds_session(screen.asked) else before
        check(path or not witness.claims, self.what() + ": things were shown as saved, and there is no file")
        if not path:
            return
        self.behind(path, witness, self.what(), ended=path == before and screen.asked)
        if before and path != before:
            self.behind(before, Witness(), self.what() + ", the file of before", ended=True)
        if self.rng.random() < 0.5:
            self.count("screens with -s", self.screen(path, witness, words, home)[1])
            self.behind(path, witness, self.what())
        if self.holds_session(path):
            self.ends(path, witness, words, verdicts(self.whole), self.what())

    @staticmethod
    def holds_session(path):
        return os.path.exists(path) and reader.export(path, json.loads) is not None

    def old_audit(self, path, witness, longest):
        """Kills an audit, more often than not in its first commit, which brings the file up to date: at a random moment of
        it, or while it waits for somebody who reads the file."""
        choice, others = self.rng.random(), sqlite3.connect(path, isolation_level=None)
        if choice < 0.3:
            others.execute("BEGIN")
            others.execute("SELECT count(*) FROM session").fetchone()
        audit = Audit(MXSCOPE, [*self.old_words, "-s", path, "-o", os.devnull], witness)
        if choice < 0.6 and wait_for_commit(path, audit.running, time.monotonic() + PATIENCE):
            time.sleep(self.rng.uniform(0, 0.001))
        else:
            until = time.monotonic() + self.rng.uniform(0, longest)
            while time.monotonic() < until and audit.running():
                time.sleep(0.001)
        killed = audit.kill()
        others.close()
        return killed

    def older_session(self, most):
        """A session of schema 1, small or large, which is brought up to date when it is gone on with."""
        path, large = self.path("%d.mxscope" % self.sessions), self.rng.random() < 0.5
        shutil.copy(self.large if large else SNAPSHOT, path)
        witness, words = Witness(), self.old_words
        witness.see(self.old_large if large else self.old_small)
        for _ in range(self.rng.randint(1, most)):
            if self.rng.random() < 0.8:
                killed = self.old_audit(path, witness, 1.2 if large else 0.15)
            else:
                killed = self.screen(path, witness, words, self.folder)[1]
            self.count("sessions of schema 1", killed)
            schema = self.behind(path, witness, self.what())
            self.figures["still of schema 1 behind the kill"] += schema == 1
        self.ends(path, witness, words, {}, self.what())

    def opened_session(self, most):
        """A finished session of schema 1 that is opened to look, changed, and saved into its file by w."""
        path, large = self.path("%d.mxscope" % self.sessions), self.rng.random() < 0.5
        shutil.copy(self.large if large else SNAPSHOT, path)
        witness, home = Witness(), self.home()
        witness.see(self.old_large if large else self.old_small)
        for _ in range(self.rng.randint(1, most)):
            screen = Screen(REMOTE, MXSCOPE, ["open", path], home, witness, self.rng)
            until = time.monotonic() + self.rng.uniform(0, LONGEST)
            screen.wait_for("offline", until)
            screen.work(time.monotonic() + self.rng.uniform(0, 0.3))
            screen.save_back(until)
            if self.rng.random() < 0.5 and wait_for_commit(path, screen.running, until):
                time.sleep(self.rng.uniform(0, 0.003))
            else:
                screen.work(until)
            self.count("screens that save into what was opened", screen.kill())
            schema = self.behind(path, witness, self.what(), ended=True)
            self.figures["saved into what was opened"] += schema > 1
        self.ends(path, witness, self.old_words, {}, self.what())

    @staticmethod
    def exported(path):
        """All but the command line, which names the file."""
        done = reader.run("export", path)
        return dict(json.loads(done.stdout), options=None) if done.returncode == 0 else done.stderr

    def merge(self, most):
        """A merge that is killed leaves no file, or a whole one; the next one makes it."""
        out = self.path("merged-%d.mxscope" % self.sessions)
        for _ in range(self.rng.randint(1, most)):
            merges = [subprocess.Popen([MXSCOPE, "merge", "-o", out, *self.parts], stderr=subprocess.DEVNULL)
                      for _ in range(1 + (self.rng.random() < 0.2))]
            time.sleep(self.rng.uniform(0, 1.1 * self.merge_takes))
            killed = [merge.kill() or merge.wait() == -9 for merge in merges[:1]]
            codes = [merge.wait(PATIENCE) for merge in merges[1:]]
            self.count("merges", killed[0])
            check(all(code in (0, 2, 3) for code in codes), "%s: a merge beside it: %s" % (self.what(), codes))
            if os.path.exists(out):
                self.figures["merges that were whole by then"] += 1
                look_inside(out, self.folder, self.what())
                check(self.exported(out) == self.merged, self.what() + ": the merge is not whole")
                os.unlink(out)
            self.figures["rests of merges"] += os.path.exists(out + ".merging")
        done = reader.run("merge", "-o", out, *self.parts)
        check(done.returncode == 0, "%s: the next merge ends with %d: %s" % (self.what(), done.returncode, done.stderr))
        check(self.exported(out) == self.merged, self.what() + ": the next merge is not whole")
        check(not glob.glob(out + ".*") and not glob.glob(out + "-*"), self.what() + ": something is left of merges")

    def prepare(self):
        whole = self.lab.audit(stdout=subprocess.PIPE, text=True)
        self.whole = json.loads(whole.communicate(timeout=PATIENCE)[0])
        self.large = self.path("large.mxscope")
        names = enlarge(SNAPSHOT, self.large, COPIES)
        self.old_small, self.old_large = (reader.export(path, json.loads) for path in (SNAPSHOT, self.large))
        check(sorted(d["domain"] for d in self.old_large["domains"]) == sorted(names), "the large one has all its targets")
        # At the port of the snapshot, where nothing listens: elsewhere the same addresses would be other endpoints.
        ports = {port for _, port, _ in endpoints(self.old_small)}
        check(len(ports) == 1, "all was found at one port")
        self.old_words = self.lab.arguments[:self.lab.arguments.index("--partner")] + ["--smtp-port", str(ports.pop())]
        self.parts = [self.path("part-%d.mxscope" % part) for part in (1, 2)] + [self.large]
        for part in (1, 2):
            done = self.lab.audit("-s", self.parts[part - 1], "--shard", "%d/2" % part, "-o", os.devnull).wait(PATIENCE)
            check(done == 0, "an audit of a shard ends with %d" % done)
        began, out = time.monotonic(), self.path("merged.mxscope")
        done = reader.run("merge", "-o", out, *self.parts)
        self.merge_takes = time.monotonic() - began
        check(done.returncode == 0, "a merge ends with %d: %s" % (done.returncode, done.stderr))
        self.merged = self.exported(out)
        self.sources = [digest(path) for path in (*self.parts, SNAPSHOT)]

    def run(self):
        self.prepare()
        kinds = (self.named_session, self.unnamed_session, self.named_session, self.older_session, self.unnamed_session,
                 self.merge, self.opened_session)
        while self.kills < KILLS and not failures:
            kinds[self.sessions % len(kinds)](KILLS_OF_ONE)
            self.sessions += 1
        for wanted, kind in (("commits that were cut off", self.named_session),
                             ("endpoints that were not asked again", self.named_session),
                             ("things that were said to be saved", self.unnamed_session),
                             ("screens while w names a file", self.unnamed_session),
                             ("migrations that were cut off", self.older_session), ("rests of merges", self.merge),
                             ("saved into what was opened", self.opened_session)):
            self.hit(wanted, kind)
        check(self.sources == [digest(path) for path in (*self.parts, SNAPSHOT)], "what was only read is as it was")

    def hit(self, wanted, kind):
        """However few kills there are, each of these is among them."""
        while not failures and not self.figures[wanted] and self.kills < KILLS + MORE:
            kind(KILLS_OF_ONE)
            self.sessions += 1
        check(failures or self.figures[wanted], "none: " + wanted)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder, Lab(MXSCOPE) as lab:
        storm = Storm(lab, folder)
        storm.run()
        print("%d kills, seed %d, %d sessions" % (storm.kills, SEED, storm.sessions))
        for what, count in sorted(storm.figures.items()):
            print("%6d %s" % (count, what))
    return 1 if failures else 0


sys.exit(main())
