"""recipes_test.py MXSCOPE RECIPES: audits in shards as data/recipes has them are the whole, also when shards are killed
and when everything is; Kubernetes' manifests mean what the scripts expect."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import yaml

from lab import Lab, check, endpoints, failures, finished, verdicts

MXSCOPE = os.path.abspath(sys.argv[1])
RECIPES = os.path.abspath(os.path.dirname(sys.argv[2]))
PATIENCE = 180
SHARDS = 4
ENVIRONMENT = dict(os.environ, MXSCOPE=MXSCOPE, JOBS="4", LC_ALL="C.UTF-8")
# What differs from one look to the next; an endpoint's explanation is for the first of its targets.
TIMES = ("explanation", "probed_at", "since", "at", "milliseconds", "timings_ms", "ttl", "now_ms", "ms", "connections", "attempts",
         "transcript", "log", "tally", "not_before", "not_after", "days_left", "first_seen", "last_seen")


def export(path):
    done = subprocess.run([MXSCOPE, "export", path], capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 0, "export %s: %s" % (path, done.stderr))
    return json.loads(done.stdout) if done.returncode == 0 else None


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in TIMES}
    if isinstance(value, list):
        return sorted((plain(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


def compare(whole, got, what):
    """The same targets, each once, with the same verdicts; the same endpoints with the same facts."""
    names = [(d["domain"], d["class"]) for d in got["domains"]]
    check(len(names) == len(set(names)), "%s: a domain stands there twice: %s" % (what, sorted(names)))
    left, right = verdicts(whole), verdicts(got)
    check(left.keys() == right.keys(), "%s: other domains: %s" % (what, left.keys() ^ right.keys()))
    for name in left.keys() & right.keys():
        check(left[name] == right[name], "%s: %s is %s, not %s" % (what, name, right[name], left[name]))
    left, right = endpoints(whole), endpoints(got)
    check(left.keys() == right.keys(), "%s: other endpoints: %s" % (what, left.keys() ^ right.keys()))
    for key in left.keys() & right.keys():
        check(plain(left[key]) == plain(right[key]), "%s: %s: %s, not %s" % (what, key, plain(right[key]), plain(left[key])))
    check(got["complete"], "%s: it is not complete" % what)
    check(got["summary"]["targets"] == whole["summary"]["targets"], "%s: another number of targets" % what)


def recipe(name, *words, **more):
    return subprocess.run(["sh", os.path.join(RECIPES, name), *words], env=dict(ENVIRONMENT, **more), text=True,
                          capture_output=True, timeout=PATIENCE)


def audits_of(root):
    """The audits below process `root`, each with its command line."""
    below, audits, found = {root}, {}, True
    while found:
        found = False
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) in below:
                continue
            try:
                with open("/proc/%s/stat" % entry) as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                with open("/proc/%s/cmdline" % entry, "rb") as file:
                    words = file.read().decode(errors="replace").split("\0")
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
            if parent in below:
                below.add(int(entry))
                found = True
                if words[0] == MXSCOPE:
                    audits[int(entry)] = words
    return audits


def is_gone(process):
    try:
        with open("/proc/%d/stat" % process) as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z" or None
    except (FileNotFoundError, ProcessLookupError):
        return True


def until(found, what):
    """The first thing that `found` returns which is not None."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = found()
        if value is not None:
            return value
        time.sleep(0.05)
    raise SystemExit("FAILED: in vain waited for " + what)


def halfway(path):
    """What is finished in a snapshot that some endpoints are finished in; None before."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return None
    done = subprocess.run([MXSCOPE, "export", path], capture_output=True, text=True, timeout=PATIENCE)
    known = finished(json.loads(done.stdout)) if done.returncode == 0 else None
    return known or None


def kept(before, after, what):
    known = finished(after)
    for key in before:
        check(known.get(key) == before[key], "%s: %s was asked again" % (what, key))


def begin(folder, *words):
    return subprocess.Popen(["sh", os.path.join(RECIPES, "parallel.sh"), folder, str(SHARDS), *words], env=ENVIRONMENT,
                            text=True, stderr=subprocess.PIPE, start_new_session=True)


def one_is_killed(lab, folder, whole):
    """GNU parallel starts a shard again that was killed, and that goes on where it was."""
    run = begin(folder, *lab.slowly)
    snapshot = os.path.join(folder, "shard-2.mxscope")
    before = until(lambda: halfway(snapshot), "shard 2")
    victims = [process for process, words in audits_of(run.pid).items() if "2/%d" % SHARDS in words]
    check(len(victims) == 1, "shard 2 was done before it could be killed")
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    said = run.communicate(timeout=PATIENCE)[1]
    check(run.returncode == 0, "parallel.sh: exit %d: %s" % (run.returncode, said))
    got = export(os.path.join(folder, "all.mxscope"))
    compare(whole, got, "one was killed")
    kept(before, export(snapshot), "one was killed")
    with open(os.path.join(folder, "report.json")) as file:
        check(verdicts(json.load(file)) == verdicts(whole), "report.json: other verdicts")
    with open(os.path.join(folder, "report.html")) as file:
        check("<html" in file.read(), "report.html: no page")
    inside = [{d["domain"] for d in export(os.path.join(folder, "shard-%d.mxscope" % i))["domains"]}
              for i in range(1, SHARDS + 1)]
    check(sum(map(len, inside)) == len(set().union(*inside)) == len(whole["domains"]), "shards overlap: %s" % inside)


def all_are_killed(lab, folder, whole):
    """The same command once more goes on with all of them; once they are done it only joins them again."""
    run = begin(folder, *lab.slowly)
    snapshot = os.path.join(folder, "shard-1.mxscope")
    before = until(lambda: halfway(snapshot), "shard 1")
    victims = audits_of(run.pid)
    check(victims, "all shards were done before they could be killed")
    os.killpg(run.pid, signal.SIGKILL)  # its shards are in groups of their own
    for victim in victims:
        if not is_gone(victim):
            os.kill(victim, signal.SIGKILL)
    for victim in victims:
        until(lambda: is_gone(victim), "the end of a shard")
    run.communicate(timeout=PATIENCE)
    check(not os.path.exists(os.path.join(folder, "all.mxscope")), "joined though it was killed")
    for time_ in ("second", "third"):
        done = recipe("parallel.sh", folder, str(SHARDS), *lab.arguments)
        check(done.returncode == 0, "%s time: exit %d: %s" % (time_, done.returncode, done.stderr))
        if done.returncode == 0:
            compare(whole, export(os.path.join(folder, "all.mxscope")), "all were killed, %s time" % time_)
    kept(before, export(snapshot), "all were killed")


def exit_codes(lab, folder):
    """Partners that fall short are no failure of a shard; a resolver that is not there is; wrong options are another."""
    os.mkdir(folder)
    strict = [word if word != "never" else "at-risk" for word in lab.arguments]
    done = subprocess.run([MXSCOPE, "audit", *strict, "--shard", "1/1", "-o", "/dev/null"], capture_output=True)
    check(done.returncode == 1, "the lab has nobody who falls short: exit %d" % done.returncode)
    done = recipe("shard.sh", "1", "1", folder, *strict)
    check(done.returncode == 0, "exit code 1 is a failure: exit %d: %s" % (done.returncode, done.stderr))
    done = recipe("shard.sh", "1", "2", folder, "--no-such-option")
    check(done.returncode == 2, "wrong options: exit %d" % done.returncode)
    done = recipe("shard.sh", "2", "9", folder, "--dns-server", "127.0.0.1:1", "--dns-timeout", "0.2", *[
        name for name in lab.names])
    check(done.returncode == 3, "no resolver: exit %d" % done.returncode)
    done = recipe("parallel.sh", os.path.join(folder, "never"), "2", "--dns-server", "127.0.0.1:1", "--dns-timeout",
                  "0.2", *lab.names)
    check(done.returncode == 3 and "are not done" in done.stderr, "parallel.sh: exit %d: %s" %
          (done.returncode, done.stderr))
    with open(os.path.join(folder, "never", "jobs.tsv")) as file:
        log = [line.split("\t") for line in file][1:]
    check(sorted(line[0] for line in log) == ["1", "2"] and all(line[6] == "3" for line in log), "jobs.tsv: %s" % log)
    done = recipe("join.sh", folder, "3")
    check(done.returncode == 3 and "shard 3 of 3 is missing" in done.stderr, "join.sh: exit %d: %s" %
          (done.returncode, done.stderr))


def empty_shards(lab, folder):
    """More shards than domains: the empty ones are done at once, and have a snapshot too."""
    few = lab.arguments[:lab.arguments.index("--partner")] + ["contoso.example", "litware.example"]
    done = recipe("parallel.sh", folder, "7", *few)
    check(done.returncode == 0, "empty shards: exit %d: %s" % (done.returncode, done.stderr))
    sizes = sorted(len(export(os.path.join(folder, "shard-%d.mxscope" % i))["domains"]) for i in range(1, 8))
    check(sum(sizes) == 2 and sizes[0] == 0, "empty shards: %s" % sizes)
    check(len(export(os.path.join(folder, "all.mxscope"))["domains"]) == 2, "empty shards: not two domains")


def stable(lab, folder):
    """A shard holds the same domains whatever their order, class and spelling, and however often they are named."""
    os.mkdir(folder)
    lists = {"plain": [name.lower() for name in lab.names], "other": [name.upper() for name in reversed(lab.names)] +
             ["%s partner" % name for name in lab.names] + lab.names}
    held = {}
    for name, lines in lists.items():
        path = os.path.join(folder, name + ".txt")
        with open(path, "w") as file:
            file.write("".join(line + "\n" for line in lines))
        for shard in range(1, 4):
            done = subprocess.run([MXSCOPE, "audit", *lab.fast, "-i", path, "--shard", "%d/3" % shard, "--depth",
                                   "readiness", "--smtp-port", "1", "--retries", "0"], capture_output=True, text=True,
                                  timeout=PATIENCE)
            held[name, shard] = {d["domain"] for d in json.loads(done.stdout)["domains"]}
    for shard in range(1, 4):
        check(held["plain", shard] == held["other", shard], "shard %d is another: %s" %
              (shard, held["plain", shard] ^ held["other", shard]))
    check(sum(len(held["plain", shard]) for shard in range(1, 4)) == len(lab.names), "stable: not each once")


def manifest(name):
    with open(os.path.join(RECIPES, name)) as file:
        return yaml.safe_load(file)


def expanded(text, environment):
    """$(NAME) as Kubernetes replaces it in commands."""
    return re.sub(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)", lambda m: environment.get(m.group(1), m.group(0)), text)


def container_of(job, folders):
    """The only container: its command line, its environment, with the folders that are mounted in the pod's place."""
    spec = job["spec"]["template"]["spec"]
    container, = spec["containers"]
    environment = {entry["name"]: entry["value"] for entry in container.get("env", [])}
    volumes = {volume["name"] for volume in spec["volumes"]}
    check(all(isinstance(value, str) for value in environment.values()), "env: values must be strings")
    check({mount["name"] for mount in container["volumeMounts"]} == volumes, "volumes that are not mounted")
    words = container["command"] + container.get("args", [])
    for mount in container["volumeMounts"]:
        words = [re.sub(re.escape(mount["mountPath"]) + r"(?=[/ \"]|$)", folders[mount["name"]], word) for word in words]
    return words, environment


def kubernetes(lab, folder, whole):
    """Each index once, as Kubernetes would run it, the first one cut off and run again."""
    recipe_folder, work = os.path.join(folder, "recipe"), os.path.join(folder, "work")
    os.makedirs(work)
    os.makedirs(recipe_folder)
    for name in ("shard.sh", "join.sh"):
        shutil.copy(os.path.join(RECIPES, name), recipe_folder)
    with open(os.path.join(work, "domains.csv"), "w") as file:
        file.write("domain,class\n" + "".join("%s,%s\n" % (name, "partner" if name in lab.partners else "opportunistic")
                                              for name in lab.names))
    folders = {"recipe": recipe_folder, "work": work}
    job = manifest("kubernetes-shards.yaml")
    spec = job["spec"]
    check((job["apiVersion"], job["kind"]) == ("batch/v1", "Job"), "not a Job of batch/v1")
    check(spec["completionMode"] == "Indexed", "not an Indexed Job")
    pod = spec["template"]["spec"]
    check(pod["restartPolicy"] == "Never", "podFailurePolicy and backoffLimitPerIndex ask for restartPolicy Never")
    check(spec["podReplacementPolicy"] == "Failed", "podFailurePolicy allows no other; two pods would write one snapshot")
    check(spec["backoffLimitPerIndex"] >= 1 and "backoffLimit" not in spec, "one bad shard uses up the tries of all")
    check(pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"], "the volume is all that is written to")
    rules = [rule["onExitCodes"] for rule in spec["podFailurePolicy"]["rules"] if rule["action"] == "FailJob"]
    check(rules == [{"containerName": pod["containers"][0]["name"], "operator": "In", "values": [2]}], "rules: %s" % rules)
    words, environment = container_of(job, folders)
    check(environment["SHARDS"] == str(spec["completions"]), "SHARDS is not `completions`")
    for index in range(spec["completions"]):
        # The pod's own options come from its image and network; here they lead to the lab.
        inside = dict(environment, JOB_COMPLETION_INDEX=str(index), PATH=os.environ["PATH"],
                      MXSCOPE=os.path.join(folder, "mxscope"))
        line = [expanded(word, inside) for word in words]
        for attempt in range(2 if index == 0 else 1):
            if index == 0 and attempt == 0:
                cut_off(line, inside, work)
                continue
            done = subprocess.run(line, env=inside, capture_output=True, text=True, timeout=PATIENCE)
            check(done.returncode == 0, "index %d: exit %d: %s" % (index, done.returncode, done.stderr))
    names = sorted(name for name in os.listdir(work) if name.endswith(".mxscope"))
    check(names == sorted("shard-%d.mxscope" % i for i in range(1, spec["completions"] + 1)), "snapshots: %s" % names)
    job = manifest("kubernetes-join.yaml")
    words, environment = container_of(job, folders)
    check(words[-1] == str(spec["completions"]), "the join expects %s shards" % words[-1])
    done = subprocess.run(words, env=dict(environment, PATH=os.environ["PATH"], MXSCOPE=MXSCOPE), capture_output=True,
                          text=True, timeout=PATIENCE)
    check(done.returncode == 0, "join: exit %d: %s" % (done.returncode, done.stderr))
    compare(whole, export(os.path.join(work, "all.mxscope")), "kubernetes")


def cut_off(line, environment, work):
    """A pod that was evicted: SIGTERM, then the volume has what is known."""
    run = subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL)
    until(lambda: os.path.exists(os.path.join(work, "shard-1.mxscope")) or None, "the snapshot")
    run.terminate()
    check(run.wait(timeout=PATIENCE) != 2, "a pod that is evicted must not fail the job")


def write_wrapper(lab, path):
    """The program as a pod's image would have it: its options lead to the lab."""
    words = " ".join("'%s'" % word for word in lab.fast)
    with open(path, "w") as file:
        file.write('#!/bin/sh\ncommand=$1\nshift\nexec "%s" "$command" "$@" %s\n' % (MXSCOPE, words))
    os.chmod(path, 0o755)


def main():
    with Lab(MXSCOPE) as lab, tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        lab.fast = lab.arguments[:lab.arguments.index("--partner")]
        lab.names = [word for word in lab.arguments[len(lab.fast):] if word != "--partner"]
        lab.partners = [lab.arguments[i + 1] for i, word in enumerate(lab.arguments) if word == "--partner"]
        lab.slowly = lab.arguments + ["--per-host-gap", "1.5"]
        path = os.path.join(folder, "whole.mxscope")
        done = lab.audit("-s", path, stdout=subprocess.DEVNULL).wait(timeout=PATIENCE)
        check(done == 0, "the whole: exit %d" % done)
        whole = export(path)
        write_wrapper(lab, os.path.join(folder, "mxscope"))
        stable(lab, os.path.join(folder, "stable"))
        one_is_killed(lab, os.path.join(folder, "one"), whole)
        all_are_killed(lab, os.path.join(folder, "all"), whole)
        exit_codes(lab, os.path.join(folder, "codes"))
        empty_shards(lab, os.path.join(folder, "empty"))
        os.mkdir(os.path.join(folder, "kubernetes"))
        shutil.copy(os.path.join(folder, "mxscope"), os.path.join(folder, "kubernetes", "mxscope"))
        kubernetes(lab, os.path.join(folder, "kubernetes"), whole)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
