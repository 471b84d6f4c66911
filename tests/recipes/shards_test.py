"""shards_test.py MXSCOPE SAMPLES: whatever the input and however it is cut, the shards joined are the whole: targets, facts,
notes of the input, connectors, preflight. Inputs, numbers of shards, orders and repetitions are drawn at random from SEED."""

import json
import os
import random
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE = os.path.abspath(sys.argv[1])
SAMPLES = os.path.abspath(os.path.dirname(sys.argv[2]))
SEED = int(os.environ.get("SEED", "20261126"))
ROUNDS = int(os.environ.get("ROUNDS", "6"))
PATIENCE = 180
POOL = """contoso litware fabrikam adatum northwindtraders tailspintoys wingtiptoys cpandl relecloud vanarsdel absent cohowinery
mx-dead null-mx nowhere""".split()
KINDS = "ready plaintext tls10-only tls12-only tls13-only alert-only port-shut rejects".split()
SMART = ["mx.ready.lab-kind.example", "mx.tls10-only.lab-kind.example", "127.77.20.1"]
# What differs from one look to the next.
TIMES = set("""probed_at since at milliseconds timings_ms ttl now_ms ms connections attempts transcript log tally days_left
not_before not_after first_seen last_seen generator vantage options started_at finished_at history sha256 explanation
""".split())


def draw_input(random_, folder):
    """Words of a command line, and how many targets it may have."""
    names = random_.sample(POOL, random_.randint(1, len(POOL))) + [
        kind + ".lab-kind" for kind in random_.sample(KINDS, random_.randint(1, len(KINDS)))]
    path = os.path.join(folder, "domains.csv")
    with open(path, "w") as file:
        file.write("domain,class,requirement,smart_host,owner,note\n")
        for name in names + random_.sample(names, min(3, len(names))):  # some stand there twice
            smart = random_.choice([""] * 3 + SMART)
            file.write("%s.example,%s,%s,%s,%s,%s\n" % (
                random_.choice([name, name.upper()]), random_.choice(["partner", "opportunistic"]),
                random_.choice(["", "encryption", "none", "chain"]), smart, random_.choice(["", "mail team"]),
                random_.choice(["", "asked in May", "\"two, parts\""])))
    words = ["-i", path]
    if random_.random() < 0.5:
        words += ["--lenient", "-i", os.path.join(SAMPLES, "outbound-connectors.json")]
    if random_.random() < 0.5:
        words += ["smtp://127.77.20.1", "xn--bcher-kva.example", "bücher.example"]
    return words


def run(*words):
    done = subprocess.run([MXSCOPE, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 0, "%s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr))
    return done.stdout


def audit(lab, words, *more):
    run("audit", *lab.few, *words, *more, "-o", "/dev/null")


def report(path):
    return plain(json.loads(run("export", path)))


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in TIMES}
    if isinstance(value, list):
        return sorted((plain(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


def differences(left, right, where=""):
    """Where two reports differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        return [line for key in sorted(left.keys() | right.keys())
                for line in differences(left.get(key), right.get(key), "%s.%s" % (where, key))]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [line for i, pair in enumerate(zip(left, right)) for line in differences(*pair, "%s[%d]" % (where, i))]
    return [] if left == right else ["%s: %s, not %s" % (where, json.dumps(right)[:300], json.dumps(left)[:300])]


def same(whole, joined, what):
    found = differences(whole, joined)
    check(not found, "%s: %s" % (what, "\n    ".join(found[:12])))


def without_place(report_):
    """Who goes on with a session leaves from another place, perhaps, and finds out about it what is still to be asked."""
    domains = [{key: value for key, value in domain.items() if key != "judged"} for domain in report_["domains"]]
    return plain({**report_, "preflight": None, "domains": domains})


def merge(folder, name, paths):
    path = os.path.join(folder, name)
    run("merge", "-o", path, *paths)
    return path


def cut_and_join(lab, random_, folder, words, whole, what):
    shards = random_.choice([1, 2, 3, 5, 60])
    what = "%s, %d shards" % (what, shards)
    paths = [os.path.join(folder, "shard-%d.mxscope" % i) for i in range(1, shards + 1)]
    for i in random_.sample(range(shards), shards):  # in any order
        audit(lab, words, "--shard", "%d/%d" % (i + 1, shards), "-s", paths[i])
    held = [[domain["domain"] for domain in report(path)["domains"]] for path in paths]
    check(sum(len(set(names)) for names in held) == len(set().union(*held)), "%s: a domain is in two shards" % what)
    check(sum(map(len, held)) == len(whole["domains"]), "%s: %s, not %d targets" % (what, held, len(whole["domains"])))
    shuffled = random_.sample(paths, shards)
    joined = merge(folder, "joined.mxscope", shuffled)
    same(whole, report(joined), what)
    same(whole, report(merge(folder, "twice.mxscope", shuffled + random_.sample(paths, min(3, shards)))), what + ", some twice")
    same(whole, report(merge(folder, "again.mxscope", [joined, random_.choice(paths)])), what + ", joined with one once more")
    if shards > 2:
        part = merge(folder, "part.mxscope", shuffled[:2])
        same(whole, report(merge(folder, "parts.mxscope", [part] + shuffled[2:])), what + ", in parts")
    again = random_.randrange(shards)
    audit(lab, words, "--shard", "%d/%d" % (again + 1, shards), "-s", paths[again])  # nothing is left to do
    same(without_place(whole), without_place(report(merge(folder, "resumed.mxscope", shuffled))), what + ", one gone on with")


def another_baseline(lab, folder):
    """A shard that was judged by another floor: facts are the same, and all are judged by one."""
    words = ["tls12-only.lab-kind.example", "ready.lab-kind.example", "contoso.example", "cpandl.example"]
    paths = [os.path.join(folder, "floor-%d.mxscope" % i) for i in (1, 2)]
    audit(lab, words, "--shard", "1/2", "-s", paths[0])
    audit(lab, words, "--shard", "2/2", "-s", paths[1], "--baseline", "tls1.3")
    for order in (paths, paths[::-1]):
        joined = report(merge(folder, "floors-%d.mxscope" % (order is paths), order))
        floor = joined["baseline"]["name"]
        held = {domain["domain"]: domain["verdict"] for domain in joined["domains"]}
        check(held.keys() == set(words), "floors: %s" % held)
        check(held["ready.lab-kind.example"] == "ready", "floors: %s" % held)
        check(held["tls12-only.lab-kind.example"] == ("not-ready" if floor == "tls1.3" else "ready"), "floors: %s: %s" % (floor, held))


def main():
    print("SEED=%d" % SEED, flush=True)
    with Lab(MXSCOPE) as lab, tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as top:
        lab.few = lab.arguments[:lab.arguments.index("--partner")] + [
            "--per-host-gap", "0", "--source-address", "127.0.0.1", "--connect-timeout", "5", "--retries", "0"]
        for round_ in range(ROUNDS):
            random_ = random.Random(SEED + round_)
            folder = os.path.join(top, str(round_))
            os.mkdir(folder)
            words = draw_input(random_, folder)
            path = os.path.join(folder, "whole.mxscope")
            audit(lab, words, "-s", path)
            cut_and_join(lab, random_, folder, words, report(path), "round %d" % round_)
        another_baseline(lab, top)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
