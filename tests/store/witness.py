"""What must be in a file after a kill: what a reader found there before, and what the program showed on its screen or in
its progress and then said was saved."""

import datetime
import re
import time

from lab import check, endpoints, finished

SAVED = re.compile(r"\bsaved (\d\d):(\d\d):(\d\d)")


def time_of(match):
    """When "saved 14:03:05" was, in seconds since 1970; the programs run in UTC."""
    now = time.time()
    midnight = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    hour, minute, second = (int(part) for part in match.groups())
    when = midnight.timestamp() + 3600 * hour + 60 * minute + second
    return when if when <= now + 1 else when - 86400


def name_of(domain):
    return domain["domain"], domain["class"], domain["connector"]


def done(report):
    """Endpoints that nothing more is asked of."""
    return [key for key, endpoint in endpoints(report).items() if endpoint["full"] or endpoint["error"]]


def resolved(report):
    return [domain for domain in report["domains"] if domain["dns"]["status"] != "not-queried" or domain["hosts"]]


# What figures the program shows, and what in a report they count.
COUNTED = {"complete": done, "judged": endpoints, "resolved": resolved}


class Witness:
    def __init__(self):
        self.facts, self.probed, self.words, self.targets = {}, {}, {}, set()
        self.shown = []  # (when it was seen, what), not said to be saved yet
        self.claims = set()
        self.claimed = 0

    def see(self, report):
        """A reader found this in the file."""
        self.facts.update(finished(report))
        self.probed.update({key: endpoint["probed_at"] for key, endpoint in endpoints(report).items()})
        self.targets |= {name_of(domain) for domain in report["domains"]}
        self.words.update({name_of(domain): domain[word] for domain in report["domains"] for word in ["note"] if domain[word]})

    def show(self, *what):
        """The program shows it now, for the first time."""
        if what not in self.claims and what not in [other for _, other in self.shown]:
            self.shown.append((time.time(), what))

    def hear(self, text):
        """The program may say until when all is saved."""
        for match in SAVED.finditer(text):
            until = time_of(match)
            saved = [entry for entry in self.shown if entry[0] <= until]
            self.claims |= {what for _, what in saved}
            self.claimed += len(saved)
            self.shown = [entry for entry in self.shown if entry[0] > until]

    def forget_shown(self):
        """What was not said to be saved may be lost with the process."""
        self.shown = []

    def must_exist(self):
        return bool(self.targets or self.claims)

    def check(self, report, what):
        """None: no session is in the file."""
        check(report or not self.must_exist(), what + ": there was a session, and there is none")
        if not report:
            return
        names = [name_of(domain) for domain in report["domains"]]
        check(len(names) == len(set(names)), what + ": a target is there twice")
        check(self.targets <= set(names), what + ": targets are gone: %s" % sorted(self.targets - set(names), key=str))
        now, probed = finished(report), endpoints(report)
        for key, facts in self.facts.items():
            check(now.get(key) == facts, "%s: %s was done and is not, or otherwise" % (what, key))
        for key, when in self.probed.items():
            check(key in probed and probed[key]["probed_at"] >= when, "%s: %s was probed and is not" % (what, key))
        notes = {name_of(domain): domain["note"] for domain in report["domains"]}
        for name, note in self.words.items():
            check(notes.get(name) == note, "%s: the note of %s is %r, not %r" % (what, name, notes.get(name), note))
        for claim in self.claims:
            self.check_claim(report, claim, what)

    @staticmethod
    def check_claim(report, claim, what):
        kind, value = claim
        if kind in COUNTED:
            count = len(COUNTED[kind](report))
            check(count >= value, "%s: %d %s were shown as saved, and %d are there" % (what, value, kind, count))
        elif kind == "target":
            check(value in [domain["domain"] for domain in report["domains"]],
                  "%s: %s was shown as saved, and is not there" % (what, value))
        elif kind == "note":
            check(value in [domain["note"] for domain in report["domains"]],
                  "%s: the note %r was shown as saved, and is not there" % (what, value))
