"""Programs that are killed: how each is started, at which moment it is killed, and what is looked at behind it."""

import os
import pty
import shutil
import sqlite3
import subprocess
import threading
import time

from lab import check
from remote import Remote

PATIENCE = 120
ENVIRONMENT = {"TZ": "UTC", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Reader:
    """Reads sessions with the program itself, as others would."""

    def __init__(self, mxscope):
        self.mxscope = mxscope

    def run(self, *words, **how):
        return subprocess.run([self.mxscope, *words], capture_output=True, text=True, timeout=PATIENCE, **how)

    def export(self, path, load):
        """What the file holds; None when there is no session in it yet."""
        run = self.run("export", path)
        if run.returncode == 0:
            return load(run.stdout)
        early = ("no such file", "it is empty", "no session in it yet")
        check(run.returncode == 2 and any(words in run.stderr for words in early), "export: " + run.stderr.strip())
        return None

    def opens(self, path, what):
        run = self.run("open", "--plain", path, input="quit\n", env={**os.environ, **ENVIRONMENT})
        check(run.returncode == 0, "%s: it does not open: %s" % (what, run.stderr.strip()))


class Audit:
    """An audit whose progress somebody reads."""

    def __init__(self, mxscope, words, witness):
        master, slave = pty.openpty()
        self.witness, self.master = witness, master
        self.process = subprocess.Popen([mxscope, "audit", *words], stdout=subprocess.DEVNULL, stderr=slave,
                                        env={**os.environ, **ENVIRONMENT})
        os.close(slave)
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self):
        kept = b""
        while True:
            try:
                got = os.read(self.master, 4096)
            except OSError:
                return
            if not got:
                return
            *lines, kept = (kept + got).split(b"\r")
            for line in lines:
                self.take(line.decode(errors="replace"))

    def take(self, line):
        """One line of progress, whole: another follows it."""
        if "\x1b[K" not in line or " domains resolved, " not in line:
            return
        words = line.replace("/", " ").replace(",", "").split()
        for kind, before in (("resolved", "domains"), ("judged", "endpoints")):
            if words.count(before) and words.index(before) >= 2:
                self.witness.show(kind, int(words[words.index(before) - 2]))
        if "complete" in words:
            self.witness.show("complete", int(words[words.index("complete") - 1]))
        self.witness.hear(line)

    def running(self):
        return self.process.poll() is None

    def kill(self):
        """True when it was there to be killed."""
        self.process.kill()
        killed = self.process.wait() == -9
        self.thread.join()
        os.close(self.master)
        return killed


class Screen:
    """A screen in which somebody works."""

    def __init__(self, remote, mxscope, words, folder, witness, rng):
        environment = {**ENVIRONMENT, "HOME": folder, "XDG_STATE_HOME": os.path.join(folder, "state")}
        self.remote = Remote(remote, [mxscope, *words], environment)
        self.witness, self.rng, self.added, self.at = witness, rng, [], 0
        self.asked = None  # the file that w was told

    def running(self):
        return self.remote.exit_code is None

    def look(self):
        lines = self.remote.look()
        text = "\n".join(lines)
        for line in lines[:1]:
            words = line.replace("/", " ").replace(",", "").split()
            if "versions" in words and "all" in words:
                self.witness.show("complete", int(words[words.index("versions") + 1]))
        for name in self.added:
            if "added " + name in text:
                self.witness.show("target", name)
            if "noted on " + name in text:
                self.witness.show("note", "word of " + name)
        self.witness.hear("\n".join(lines[:3]))
        return text

    def wait_for(self, words, until):
        while words not in self.look():
            if time.monotonic() > until or not self.running():
                return False
        return True

    def add(self, until):
        name = "smtp://127.1.%d.%d:9" % (self.rng.randint(1, 250), self.rng.randint(1, 250))
        self.added.append(name)
        self.remote.send("a")
        if self.wait_for("add: ", until):
            self.remote.send(name + "\r")
            self.wait_for("added " + name, until)

    def note(self, until):
        if not self.added:
            return
        name = self.rng.choice(self.added)
        self.remote.send("/")
        if not self.wait_for("search: ", until):
            return
        self.remote.send(name + "\r")
        self.remote.send("t")
        if self.wait_for(" Note", until):
            self.remote.send("\x15word of %s\r" % name)
            self.wait_for("noted on " + name, until)

    def name_it(self, path, until):
        self.asked = path
        self.remote.send("w")
        if self.wait_for("keep this session in", until):
            self.remote.send("\x15" + path + "\r")
            self.wait_for("this session is kept in " + path, until)

    def save_back(self, until):
        """w offers the file that was opened."""
        self.remote.send("w")
        if self.wait_for("keep this session in", until):
            self.remote.send("\r")

    def work(self, until):
        """Until then, whatever it is in the middle of."""
        while time.monotonic() < until and self.running():
            self.rng.choice((self.add, self.add, self.note, lambda _: self.look()))(until)

    def kill(self):
        return self.remote.kill() == 137


def journal_of(path):
    return path + "-journal"


def wait_for_commit(path, running, until):
    """Until a journal is there: a commit is under way."""
    while time.monotonic() < until and running():
        try:
            if os.stat(journal_of(path)).st_size:
                return True
        except OSError:
            pass
    return False


def look_inside(path, folder, what):
    """A copy of the files as the kill left them is sound once SQLite took back what was cut off. Returns its schema, and
    whether something was."""
    copy = os.path.join(folder, "copy.mxscope")
    cut_off = os.path.exists(journal_of(path)) and os.path.getsize(journal_of(path)) > 0
    shutil.copy(path, copy)
    if cut_off:
        shutil.copy(journal_of(path), journal_of(copy))
    database = sqlite3.connect(copy)
    said = database.execute("PRAGMA integrity_check").fetchone()[0]
    schema = database.execute("PRAGMA user_version").fetchone()[0]
    database.close()
    check(said == "ok", "%s: %s" % (what, said))
    os.unlink(copy)
    return schema, cut_off
