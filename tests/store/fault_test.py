"""fault_test.py MXSCOPE REMOTE SNAPSHOT: what stands in the way of a session's file, from the command line and on the
screen: a disk that is full at first, or becomes so and has room again; descriptors that are gone; places and files
without permission; files that are foreign, newer, damaged or in use. Each is told in one sentence, the file is as it
was, and the session goes on where it can. Disks are file systems in memory in a mount namespace of this test's own;
where the kernel gives none, those parts are left out."""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from kills import ENVIRONMENT, PATIENCE, Reader, look_inside
from lab import Lab, check, failures, finished, verdicts
from remote import Remote
from witness import SAVED, Witness, time_of

INSIDE = "MXSCOPE_TEST_INSIDE"
MXSCOPE, REMOTE, SNAPSHOT = (os.path.abspath(word) for word in sys.argv[1:4])
DAMAGES, COPIES = 60, 25
ELSEWHERE = "smtp://127.1.9.%d:9"  # nobody listens there

reader = Reader(MXSCOPE)


def content(path):
    with open(path, "rb") as file:
        return file.read()


@contextlib.contextmanager
def disk(folder, size):
    """A small disk of its own."""
    path = os.path.join(folder, "disk")
    os.makedirs(path, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


class Filler:
    """A file that takes all the room that is left on a disk."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "filler")

    def fill(self):
        with open(self.path, "ab", buffering=0) as file:
            for size in (4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def clear(self):
        os.unlink(self.path)


class GaveUp(Exception):
    """What came next would wait for what did not come."""


def packed(text):
    """Without blanks: a sentence may go over several lines."""
    return "".join(text.split())


class Screen:
    """A screen that is waited for."""

    def __init__(self, words, home, prefix=(), **environment):
        self.home = home
        self.remote = Remote(REMOTE, [*prefix, MXSCOPE, *words], {**ENVIRONMENT, "HOME": home,
                                                                  "XDG_STATE_HOME": os.path.join(home, "state"), **environment})

    def wait(self, *words, gone=False):
        """Until all of it is shown, or none; the program's end is one too."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            text = self.remote.text()
            if all((packed(word) in packed(text)) != gone for word in words):
                return
            if self.remote.exit_code is not None:
                break
        check(False, "%s %r on the screen:\n%s" % ("still" if gone else "no", words, text))
        raise GaveUp

    def send(self, text):
        self.remote.send(text)

    def saved(self, *words):
        """Until what is shown now is said to be saved."""
        now = time.time()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.send("\x0c")  # a frame more tells the time anew
            text = self.remote.text()
            if any(time_of(match) >= now for match in SAVED.finditer(text)) and all(word in text for word in words):
                return
            if self.remote.exit_code is not None:
                break
        check(False, "not saved on the screen:\n" + text)
        raise GaveUp

    def ask(self, key, prompt, answer):
        self.send(key)
        self.wait(prompt)
        self.send("\x15" + answer + "\r")

    def leave(self, shown):
        """The prompt or page that shows this. What follows Esc at once would be one key with it."""
        self.send("\x1b")
        self.wait(shown, gone=True)

    def add(self, number):
        name = ELSEWHERE % number
        self.ask("a", "add: ", name)
        self.wait("added " + name)
        return name

    def quit(self, code, *words):
        self.send("q")
        self.send("y")
        self.ended(code, *words)

    def ended(self, code, *words):
        """The program ends by itself, and says this behind its screen."""
        self.remote.command("wait")
        self.remote.end(self.remote.process.stdout.readline())
        text = packed(self.remote.text())
        for word in words:
            check(packed(word) in text, "no %r behind the screen:\n%s" % (word, self.remote.text()))
        check(self.remote.exit_code == code, "the screen ends with %s, not %d" % (self.remote.exit_code, code))
        self.remote.wait()

    def kill(self):
        self.remote.kill()


def loaded(path):
    """What the file holds; None when there is no session in it."""
    return reader.export(path, json.loads)


def names(path):
    report = loaded(path)
    return {domain["domain"] for domain in report["domains"]} if report else set()


class Audit:
    """An audit whose complaints are read as they come."""

    def __init__(self, lab, *words, **how):
        self.process = subprocess.Popen([MXSCOPE, "audit", *lab.arguments, *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, **how)
        self.said = ""

    def wait(self, words):
        while words not in self.said:
            line = self.process.stderr.readline()
            if not line:
                check(False, "the audit does not say %r: %s" % (words, self.said))
                return
            self.said += line

    def end(self, code):
        out, rest = self.process.communicate(timeout=PATIENCE)
        self.said += rest
        check(self.process.returncode == code, "the audit ends with %d, not %d: %s" % (self.process.returncode, code, self.said))
        return json.loads(out) if out else None


def until_session(path, process):
    """Until a reader finds a session in the file."""
    while reader.run("export", path).returncode and process.poll() is None:
        pass


def disk_of_an_audit(lab, folder, whole):
    """Full for a while, full to the end, full from the beginning."""
    with disk(folder, "400k") as place:
        path, filler = os.path.join(place, "s.mxscope"), Filler(place)
        audit = Audit(lab, "-s", path)
        until_session(path, audit.process)
        filler.fill()
        audit.wait("there is no room left on the disk; it is tried again until it works")
        filler.clear()
        audit.wait("is written again")
        report = audit.end(0)
        check(report["complete"] and verdicts(report) == verdicts(whole), "full for a while: the audit is whole")
        check(finished(loaded(path)) == finished(report), "full for a while: the file is whole")
        os.unlink(path)

        audit = Audit(lab, "-s", path)
        until_session(path, audit.process)
        filler.fill()
        report = audit.end(3)
        check(verdicts(report) == verdicts(whole), "full to the end: all is reported")
        check("there is no room left on the disk" in audit.said, "full to the end: " + audit.said)
        look_inside(path, folder, "full to the end")
        check(names(path) == {domain["domain"] for domain in whole["domains"]}, "full to the end: the file opens")
        left = content(path)
        refused(2, ["audit", "-s", os.path.join(place, "new.mxscope"), "contoso.com"], "no room left on the disk")
        check(not os.path.exists(os.path.join(place, "new.mxscope")), "full: a new file is left")
        done = reader.run("merge", "-o", os.path.join(place, "merged.mxscope"), path, SNAPSHOT)
        check(done.returncode == 3 and "no room left on the disk" in done.stderr, "full: merge: " + done.stderr)
        check(sorted(os.listdir(place)) == ["filler", "s.mxscope"] and content(path) == left,
              "full: something is left: %s" % os.listdir(place))
        filler.clear()
        report = Audit(lab, "-s", path).end(0)
        check(report["complete"] and verdicts(report) == verdicts(whole), "room again: it is gone on with")


def disk_of_a_screen(lab, folder):
    with disk(folder, "400k") as place:
        path, filler, home = os.path.join(place, "s.mxscope"), Filler(place), os.path.join(folder, "home")
        os.makedirs(home, exist_ok=True)
        screen = Screen(["-s", path, ELSEWHERE % 1], home)
        screen.wait("1 target  saved ")
        filler.fill()
        screen.add(2)
        screen.wait("NOT SAVED since ", "not saved: " + path + ": there is no room left on the disk; trying again")
        screen.ask("w", "keep this session in", path)  # whatever else is said, this stays
        screen.wait("kept there already")
        screen.leave("keep this session in")
        screen.wait("NOT SAVED since ")
        check(names(path) == {ELSEWHERE % 1}, "full: the file is as it was")
        filler.clear()
        screen.wait("saved again: " + path, "2 targets  saved ")
        screen.saved()
        screen.kill()
        check(names(path) == {ELSEWHERE % 1, ELSEWHERE % 2}, "room again: what was added meanwhile is saved")

        screen = Screen(["-s", path], home)
        screen.wait("2 targets  saved ")
        filler.fill()
        screen.add(3)
        screen.wait("NOT SAVED since ")
        screen.quit(3, "there is no room left on the disk")
        check(names(path) == {ELSEWHERE % 1, ELSEWHERE % 2}, "full at the end: the file opens")
        refuses_on_the_screen(["-s", os.path.join(place, "new.mxscope")], home, "no room left on the disk")
        screen = Screen([ELSEWHERE % 1], home)
        screen.wait("saved ")
        screen.ask("w", "keep this session in", os.path.join(place, "other.mxscope"))
        screen.wait("there is no room left on the disk")
        screen.leave("keep this session in")
        screen.wait("1 target  saved ")
        check(sorted(os.listdir(place)) == ["filler", "s.mxscope"], "full: something is left: %s" % os.listdir(place))
        screen.quit(0, "this session is kept in")


def disk_of_nobody(folder):
    """The state folder's disk is full: the session is kept nowhere, which is said, and w finds it a place."""
    with disk(folder, "400k") as place:
        Filler(place).fill()
        screen = Screen([ELSEWHERE % 1], place)
        screen.wait("this session is kept nowhere: ", "1 target")
        screen.ask("w", "keep this session in", os.path.join(folder, "saved.mxscope"))
        screen.wait("this session is kept in", "1 target  saved ")
        screen.saved()
        screen.kill()
        check(names(os.path.join(folder, "saved.mxscope")) == {ELSEWHERE % 1}, "w: it is kept")


def disk_of_a_migration(folder):
    """A file that can't be brought up to date is as it was, and is read."""
    with disk(folder, "400k") as place:
        path, filler = os.path.join(place, "old.mxscope"), Filler(place)
        shutil.copy(SNAPSHOT, path)
        filler.fill()
        before = loaded(path)
        refused(2, ["audit", "-s", path], "there is no room left on the disk", path)
        refuses_on_the_screen(["-s", path], folder, "there is no room left on the disk")
        check(content(path) == content(SNAPSHOT) and loaded(path) == before, "a migration without room changes the file")
        check(sorted(os.listdir(place)) == ["filler", "old.mxscope"], "left over: %s" % os.listdir(place))


def refused(code, words, said, path=None, prefix=()):
    """One sentence, and the file is as it was."""
    before = content(path) if path and os.path.isfile(path) else None
    done = subprocess.run([*prefix, MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE)
    what = "mxscope " + " ".join(words)
    check(done.returncode == code, "%s: exit %d, not %d: %s" % (what, done.returncode, code, done.stderr))
    check(said in done.stderr and done.stderr.count("\n") == 1, "%s: no %r, or more: %s" % (what, said, done.stderr))
    check(not done.stdout, what + ": something on stdout")
    check(before is None or content(path) == before, what + ": the file is not as it was")


def refuses_on_the_screen(words, home, *said, prefix=()):
    """Before the screen begins."""
    Screen(words, home, prefix).ended(2, *said)


def limit(count):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def descriptors_at_first(folder):
    """With so few as it takes: a sentence or the work itself, never a crash, and no file is worse for it."""
    path, new, old = (os.path.join(folder, name) for name in ("few.mxscope", "new.mxscope", "old.mxscope"))
    shutil.copy(SNAPSHOT, old)
    worked = 0
    for count in (*range(4, 14), 20, 32):  # between them an audit waits half a minute for descriptors
        for words in (["export", old], ["merge", "-o", new, old, SNAPSHOT],
                      ["audit", "-s", path, "--dns-server", "127.0.0.1:9", "--dns-timeout", "0.1", "--retries", "0", "--retry-later",
                       "0", ELSEWHERE % 1]):
            done = subprocess.run([MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE, preexec_fn=limit(count))
            check(done.returncode >= 0, "%d descriptors: %s: ends by signal %d" % (count, words[0], -done.returncode))
            check(done.returncode in (0, 3) or done.stderr.startswith("mxscope: "), "%d descriptors: %s: exit %d: %s" %
                  (count, words[0], done.returncode, done.stderr))
            worked += done.returncode == 0 and words[0] != "audit"
        check(content(old) == content(SNAPSHOT), "%d descriptors: the file is not as it was" % count)
        for path_made in (path, new):
            if os.path.exists(path_made):
                check(reader.run("export", path_made).returncode == 0 or path_made == path and not names(path),
                      "%d descriptors: %s does not open" % (count, path_made))
                os.unlink(path_made)
        check(not os.path.exists(new + ".merging"), "%d descriptors: a rest of a merge" % count)
    check(worked > 4, "it works with some descriptors")


FIRST = 8  # descriptors that a program has as long as it runs


def take_descriptors(pid):
    """None more than its first, which stay open: what it closes meanwhile does not come back."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    held = {int(number) for number in os.listdir("/proc/%d/fd" % pid)}
    check(held >= set(range(FIRST)), "other descriptors: %s" % sorted(held))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (FIRST, before[1]))
    return before


def descriptors_of_an_audit(lab, folder, whole):
    path = os.path.join(folder, "gone.mxscope")
    audit = Audit(lab, "-s", path)
    until_session(path, audit.process)
    before = take_descriptors(audit.process.pid)
    audit.wait("Too many open files; it is tried again until it works")
    resource.prlimit(audit.process.pid, resource.RLIMIT_NOFILE, before)
    audit.wait("is written again")
    audit.process.kill()
    audit.process.communicate(timeout=PATIENCE)
    look_inside(path, folder, "descriptors")
    seen = finished(loaded(path))
    report = Audit(lab, "-s", path).end(0)
    check(report["complete"] and verdicts(report) == verdicts(whole), "descriptors: it is gone on with, and whole")
    now = finished(report)
    check(all(now.get(key) == facts for key, facts in seen.items()), "descriptors: what was done stays")


def child_of(pid):
    """The program below the terminal's shepherd."""
    while True:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
            children = file.read().split()
        if not children:
            return pid
        pid = int(children[0])


def descriptors_of_a_screen(folder):
    path = os.path.join(folder, "screen-gone.mxscope")
    screen = Screen(["-s", path, ELSEWHERE % 1], folder)
    screen.wait("1 target  saved ")
    pid = child_of(screen.remote.process.pid)
    before = take_descriptors(pid)
    screen.add(2)
    screen.wait("NOT SAVED since ", "Too many open files; trying again")
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    screen.wait("saved again: ", "2 targets  saved ")
    screen.saved()
    screen.kill()
    check(names(path) == {ELSEWHERE % 1, ELSEWHERE % 2}, "descriptors: what was added meanwhile is saved")


def permissions(folder):
    """As somebody who may not write there."""
    somebody = [shutil.which("unshare") or "unshare", "-U", "--map-user=1000"]
    if subprocess.run([*somebody, "true"], capture_output=True).returncode:
        print("left out: nobody else can be here")
        return
    place, home = os.path.join(folder, "read-only"), os.path.join(folder, "somebody")
    os.mkdir(place)
    os.mkdir(home)
    path, secret = os.path.join(place, "old.mxscope"), os.path.join(place, "secret.mxscope")
    shutil.copy(SNAPSHOT, path)
    shutil.copy(SNAPSHOT, secret)
    os.chmod(secret, 0)
    os.chmod(place, 0o500)
    denied = "no permission"
    refused(2, ["audit", "-s", path], denied, path, somebody)
    refused(2, ["audit", "-s", os.path.join(place, "new.mxscope"), "contoso.com"], denied, None, somebody)
    refused(3, ["merge", "-o", os.path.join(place, "new.mxscope"), path, SNAPSHOT], "ermission", None, somebody)
    refused(2, ["export", secret], denied, None, somebody)
    refused(2, ["diff", secret, path], denied, None, somebody)
    refuses_on_the_screen(["-s", path], home, denied, prefix=somebody)
    refuses_on_the_screen(["open", secret], home, denied, prefix=somebody)
    screen = Screen([ELSEWHERE % 1], home, somebody)
    screen.wait("1 target  saved ")
    screen.ask("w", "keep this session in", os.path.join(place, "new.mxscope"))
    screen.wait(denied)
    screen.kill()
    read_as_it_is(path, home, somebody)
    check(sorted(os.listdir(place)) == ["old.mxscope", "secret.mxscope"], "left over: %s" % os.listdir(place))
    os.chmod(place, 0o700)


def read_as_it_is(path, home, prefix):
    """A file of an earlier schema, in a folder where nothing can be written: whatever reads it."""
    before = content(path)
    letters = os.path.join(home, "letters")
    for words in (["export", path], ["export", path, "--format", "html"], ["diff", SNAPSHOT, path],
                  ["export", path, "--format", "letters", "-o", letters],
                  ["merge", "-o", os.path.join(home, "merged.mxscope"), path, SNAPSHOT]):
        done = subprocess.run([*prefix, MXSCOPE, *words], capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 0, "%s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr))
    check(reader.run("export", path).stdout == reader.run("export", SNAPSHOT).stdout, "another report where it can't be written")
    screen = Screen(["open", path], home, prefix)
    screen.wait("offline", "5 targets")
    screen.ask("D", "compare with: ", SNAPSHOT)
    screen.wait("compared with " + os.path.basename(SNAPSHOT), "5 the same")
    screen.quit(0)
    check(content(path) == before, "a file that is only read is not as it was")


def make_bad(folder, good):
    """Files that are no sessions, and what is said of them."""
    foreign, other, newer, damaged, short = (os.path.join(folder, name) for name in
                                             ("foreign", "other.db", "newer.mxscope", "damaged.mxscope", "short.mxscope"))
    with open(foreign, "w") as file:
        file.write("domain,class\ncontoso.com,partner\n")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mail(id)")
    for path in (newer, damaged, short):
        shutil.copy(good, path)
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version=99")
    with sqlite3.connect(damaged) as database:
        database.execute("UPDATE target SET content = substr(content, 2) WHERE id = 2")
    os.truncate(short, 5000)
    return {foreign: "is no mxscope snapshot", other: "is a database of another program", newer: "newer mxscope",
            damaged: "is damaged", short: "is damaged"}


def bad_files(folder, good):
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    bad = make_bad(folder, good)
    for path, said in bad.items():
        for words in (["export", path], ["audit", "-s", path, "contoso.com"], ["diff", good, path], ["diff", path, good],
                      ["merge", "-o", os.path.join(folder, "no.mxscope"), good, path]):
            refused(2, words, said, path)
        before = content(path)
        refuses_on_the_screen(["-s", path, ELSEWHERE % 1], home, said)
        refuses_on_the_screen(["open", path], home, said)
        check(content(path) == before, path + ": the screen changes it")
    screen = Screen(["open", good], home)
    screen.wait("offline")
    for path, said in bad.items():
        before = content(path)
        screen.ask("D", "compare with: ", path)
        screen.wait(said)
        screen.wait("compare with: ", gone=True)
        screen.ask("w", "keep this session in", path)
        screen.wait("there is a session in it already" if path.endswith("damaged.mxscope") else said)
        screen.leave("keep this session in")
        check(content(path) == before, path + ": w or D changes it")
    screen.kill()


def in_use(lab, folder):
    """One keeps its session there, on the screen or not; another one is told so, and can look on."""
    path, home = os.path.join(folder, "used.mxscope"), os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    said = "another mxscope keeps its session there (process "
    keeper = Screen(["-s", path, ELSEWHERE % 1], home)
    keeper.wait("1 target  saved ")
    done = reader.run("audit", "-s", path, "contoso.com")
    check(done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1, "in use: audit: " + done.stderr)
    refuses_on_the_screen(["-s", path], home, said)
    other = Screen(["open", path], home)
    other.wait("offline", "1 target")
    other.ask("w", "keep this session in", path)
    other.wait(said)
    other.kill()
    keeper.add(2)
    keeper.saved("2 targets")
    check(names(path) == {ELSEWHERE % 1, ELSEWHERE % 2}, "in use: it is read meanwhile")
    keeper.kill()


def damage(bytes_, rng):
    """Bits, bytes or a block elsewhere than they were, or the end cut off."""
    kind = rng.randrange(4)
    if kind == 0:
        for _ in range(rng.randint(1, 8)):
            bytes_[rng.randrange(len(bytes_))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        at = rng.randrange(len(bytes_))
        bytes_[at:at + 16] = rng.randbytes(len(bytes_[at:at + 16]))
    elif kind == 2:
        at, size = rng.randrange(len(bytes_) // 512) * 512, 512
        bytes_[at:at + size] = bytes(len(bytes_[at:at + size]))
    else:
        del bytes_[rng.randrange(1, len(bytes_)):]


def damaged_files(folder, good, seed):
    """Whatever is damaged, it is told in one sentence or makes no difference; nothing crashes, nothing is written."""
    rng, path, told = random.Random(seed), os.path.join(folder, "bad.mxscope"), 0
    expected, out = reader.run("export", good).stdout, os.path.join(folder, "out.mxscope")
    for number in range(DAMAGES):
        bytes_ = bytearray(content(good))
        damage(bytes_, rng)
        with open(path, "wb") as file:
            file.write(bytes_)
        for words in (["export", path], ["diff", good, path], ["open", "--plain", path], ["merge", "-o", out, good, path],
                      ["audit", "-s", path]):
            if words[0] == "audit" and sound:
                continue
            done = subprocess.run([MXSCOPE, *words], input="quit\n", capture_output=True, text=True, timeout=PATIENCE)
            what = "seed %d, damage %d: %s: exit %d: %s" % (seed, number, words[0], done.returncode, done.stderr[-300:])
            check(done.returncode in (0, 2), what)
            if done.returncode == 2:
                check(done.stderr.count("\n") == 1 and done.stderr.startswith("mxscope: " + path), what)
            if words[0] == "export":
                check(done.returncode or done.stdout == expected, what + ", and something else is in it")
                sound = done.returncode == 0
                told += not sound
            check(content(path) == bytes_, what + ", and the file is not as it was")
            with contextlib.suppress(FileNotFoundError):
                os.unlink(out)
    check(told > DAMAGES // 3, "most damage is told: %d of %d" % (told, DAMAGES))


def copies(lab, folder, whole, seed):
    """The power is cut at random moments: the files as they are then, and what a reader saw in them before. (What a disk
    forgets that was not synced is told by engine/store/power_test.c.)"""
    rng, path, copy = random.Random(seed), os.path.join(folder, "powered.mxscope"), os.path.join(folder, "cut.mxscope")
    audit = Audit(lab, "-s", path, "-o", os.devnull)
    witness, made = Witness(), 0
    while audit.process.poll() is None and made < COPIES:
        with contextlib.suppress(subprocess.TimeoutExpired):
            audit.process.wait(rng.uniform(0, 0.15))
        audit.process.send_signal(signal.SIGSTOP)
        for end in ("", "-journal"):
            if os.path.exists(copy + end):
                os.unlink(copy + end)
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(path + end, copy + end)
        what = "seed %d, cut %d" % (seed, made)
        report = loaded(copy)
        audit.process.send_signal(signal.SIGCONT)
        witness.check(report, what)
        if report:
            witness.see(report)
        made += 1
    audit.end(0)
    check(made > 3, "the power was cut %d times" % made)
    report = Audit(lab, "-s", copy).end(0)
    check(report["complete"] and verdicts(report) == verdicts(whole), "what the power cut left is gone on with, and whole")


def have_disks():
    return os.environ.get(INSIDE) == "disks"


def work(lab, folder):
    good = os.path.join(folder, "good.mxscope")
    whole = Audit(lab, "-s", good).end(0)
    lab.arguments += ["--per-host-gap", "0.5"]
    bad_files(folder, good)
    in_use(lab, folder)
    damaged_files(folder, good, 4)
    copies(lab, folder, whole, 5)
    descriptors_at_first(folder)
    descriptors_of_an_audit(lab, folder, whole)
    descriptors_of_a_screen(folder)
    permissions(folder)
    if have_disks():
        disk_of_an_audit(lab, folder, whole)
        disk_of_a_screen(lab, folder)
        disk_of_nobody(folder)
        disk_of_a_migration(folder)
    else:
        print("left out: no small disk can be made here")


def main():
    if INSIDE not in os.environ:
        inside = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0
        os.environ[INSIDE] = "disks" if inside else "none"
        words = ["unshare", "-rm"] if inside else []
        return subprocess.run([*words, sys.executable, "-B", *sys.argv]).returncode
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder, Lab(MXSCOPE) as lab:
        with contextlib.suppress(GaveUp):
            work(lab, folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
