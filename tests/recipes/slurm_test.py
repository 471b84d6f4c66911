"""slurm_test.py MXSCOPE RECIPES: the Slurm recipe on a cluster of one node, started here in namespaces of its own from
Debian's packages as tests/real/unpack.sh unpacks them. One shard is killed midway, is put into the queue again, and what
is joined in the end is the whole. Wants root."""

import os
import signal
import subprocess
import sys
import tempfile

import recipes_test as recipes
from lab import Lab, check, failures

TREE = os.path.join(os.environ.get("MXSCOPE_SERVERS", "/var/cache/mxscope-tests"), "slurm")
LIBRARIES = os.path.join(TREE, "usr/lib/x86_64-linux-gnu")
PLUGINS = os.path.join(LIBRARIES, "slurm-wlm")
INSIDE = "MXSCOPE_SLURM_INSIDE"

CONFIGURATION = """ClusterName=loop
SlurmctldHost=node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
PluginDir={plugins}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
JobRequeue=1
NodeName=node NodeAddr=127.0.0.1 CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
"""


def can_enter():
    if subprocess.run(["unshare", "-mnpu", "--fork", "--kill-child", "true"], stderr=subprocess.DEVNULL).returncode:
        print("skipped: no namespaces can be made here")
        return False
    return True


def start_cluster(folder):
    """munged, slurmctld and slurmd, which all go with the namespace."""
    for words in (["ip", "link", "set", "lo", "up"], ["ip", "address", "add", "192.0.2.2/32", "dev", "lo"],
                  ["mount", "-t", "proc", "proc", "/proc"], ["hostname", "node"]):
        subprocess.run(words, check=True)
    os.chmod(folder, 0o755)
    for name in ("state", "spool"):
        os.mkdir(os.path.join(folder, name))
    with open(os.path.join(folder, "slurm.conf"), "w") as file:
        file.write(CONFIGURATION.format(folder=folder, plugins=PLUGINS))
    with open(os.path.join(folder, "munge.key"), "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(os.urandom(1024))
    environment = dict(recipes.ENVIRONMENT, SLURM_CONF=os.path.join(folder, "slurm.conf"),
                       LD_LIBRARY_PATH="%s:%s" % (LIBRARIES, PLUGINS),
                       PATH="%s/usr/bin:%s/usr/sbin:%s" % (TREE, TREE, os.environ["PATH"]))
    subprocess.run(["munged", "--force"] + ["--%s=%s/munge.%s" % (option, folder, ending) for option, ending in (
        ("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"), ("seed-file", "seed"))],
        env=environment, check=True)
    subprocess.run(["slurmctld-wlm", "-c", "-i"], env=environment, check=True)
    subprocess.run(["slurmd-wlm", "-c", "-d", TREE + "/usr/sbin/slurmstepd-wlm"], env=environment, check=True)
    recipes.until(lambda: "idle" in subprocess.run(["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True,
                                                   text=True).stdout or None, "a node that is idle")
    return environment


def kill_one(mark):
    """The audits of that shard; only those of this namespace are seen."""
    victims = [process for process, words in recipes.audits_of(1).items() if mark in words]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    return victims


def run(lab, folder, environment):
    whole_path, work = os.path.join(folder, "whole.mxscope"), os.path.join(folder, "work")
    check(lab.audit("-s", whole_path, stdout=subprocess.DEVNULL).wait(timeout=recipes.PATIENCE) == 0, "the whole")
    whole = recipes.export(whole_path)
    words = lab.arguments + ["--per-host-gap", "0.6"]
    done = subprocess.run(["sh", os.path.join(recipes.RECIPES, "slurm.sh"), work, "4", *words], env=environment,
                          capture_output=True, text=True, timeout=recipes.PATIENCE)
    check(done.returncode == 0, "slurm.sh: exit %d: %s" % (done.returncode, done.stderr))
    array, join = done.stdout.split()
    snapshot = os.path.join(work, "shard-2.mxscope")
    before = recipes.until(lambda: recipes.halfway(snapshot), "shard 2")
    check(len(kill_one("2/4")) == 1, "shard 2 was done before it could be killed")
    recipes.until(lambda: not subprocess.run(["squeue", "-h", "-j", "%s,%s" % (array, join)], env=environment, text=True,
                                             capture_output=True).stdout or None, "an empty queue")
    with open(os.path.join(work, "shard-2.log")) as file:
        check("ended with 137 and is put into the queue again" in file.read(), "shard 2 did not go into the queue again")
    recipes.compare(whole, recipes.export(os.path.join(work, "all.mxscope")), "slurm")
    recipes.kept(before, recipes.export(snapshot), "slurm")
    for name in ("report.html", "report.json"):
        check(os.path.getsize(os.path.join(work, name)) > 0, "no " + name)


def main():
    if not os.path.isdir(TREE):
        print("%s is missing: run tests/real/unpack.sh first (as root, after apt-get update)" % TREE)
        return 1
    if INSIDE not in os.environ:
        if not can_enter():
            return 0
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "-mnpu", "--fork", "--kill-child", sys.executable, "-B", *sys.argv])
    with tempfile.TemporaryDirectory() as folder:  # short: a socket's path is
        environment = start_cluster(folder)
        with Lab(recipes.MXSCOPE) as lab:
            run(lab, folder, environment)
        if failures:
            for name in ("slurmctld.log", "slurmd.log"):
                with open(os.path.join(folder, name)) as file:
                    print(name, file.read()[-3000:])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
