"""Postfix's own postmap and postconf read the sample tables; mxscope must see the same entries, values and
parameters in them. Nothing is started; probing goes to the built-in lab."""

import json
import os
import subprocess
import sys
import tempfile

SERVERS = os.environ.get("MXSCOPE_SERVERS", "/var/cache/mxscope-tests")
TREE = os.path.join(SERVERS, "postfix")
SAMPLES = "data/samples"
MAIN = """compatibility_level = 3.6
mail_owner = daemon
setgid_group = games
default_privs = nobody
"""


def libraries():
    folders = {root for root, _, files in os.walk(TREE) if any(".so" in name for name in files)}
    return ":".join(sorted(folders))


def postfix(folder, tool, *arguments):
    """The standard output of a Postfix program with `folder` for its configuration; "" when it finds nothing."""
    run = subprocess.run([f"{TREE}/usr/sbin/{tool}", "-c", folder, *arguments], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env={"LD_LIBRARY_PATH": libraries()}, timeout=60, check=False)
    assert not run.stderr, run.stderr
    return run.stdout.decode()


def table(folder, name):
    """Every entry as Postfix reads it."""
    lines = postfix(folder, "postmap", "-s", f"texthash:{SAMPLES}/{name}").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def lookup(folder, name, *keys):
    """The first of the keys that the table has, as trivial-rewrite(8) and the TLS policy code ask one after the other."""
    for key in keys:
        value = postfix(folder, "postmap", "-q", key, f"texthash:{SAMPLES}/{name}").strip()
        if value:
            return value
    return None


def audit(program, *inputs):
    run = subprocess.run([program, "audit", "--demo", "--fail-on", "never", *inputs], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, timeout=120, check=True)
    return json.loads(run.stdout)


def parents(domain):
    labels = domain.split(".")
    return ["." + ".".join(labels[i:]) for i in range(1, len(labels))]


def check_transport(folder, program):
    entries = table(folder, "postfix-transport")
    report = audit(program, f"{SAMPLES}/postfix-transport")
    ways = {domain["connector"] for domain in report["domains"]}
    notes = "\n".join(report["input_notes"])
    assert len(entries) == 10, entries
    for key, value in entries.items():
        assert value in ways or f": {key}" in notes, f"{key} {value} is neither a target nor a note"
    assert ways <= set(entries.values()), ways - set(entries.values())


def check_policy(folder, program):
    entries = table(folder, "postfix-tls-policy")
    report = audit(program, f"{SAMPLES}/postfix-tls-policy")
    notes = "\n".join(report["input_notes"])
    assert len(entries) == 10, entries
    for key, value in entries.items():
        host = key.replace("[", "").replace("]", "").replace(":submission", ":587")
        found = [d for d in report["domains"] if d["domain"] in (key, f"smtp://{host}")]
        assert found or f": {key}" in notes, f"{key} is neither a target nor a note"
        for domain in found:
            level = value.split()[0]
            wanted = {"encrypt": "encryption", "verify": "name", "secure": "name"}.get(level, "none")
            assert domain["requirement"] == wanted, (key, value, domain["requirement"])
            assert domain["never_tls"] == (level == "none"), (key, value)


def check_lookups(folder, program):
    """Given domains take the way, and the level, that Postfix's own lookups find."""
    names = [f"{SAMPLES}/{name}" for name in ("postfix-transport", "postfix-tls-policy", "domains.txt")]
    with open(f"{folder}/main.cf", encoding="ascii") as file:
        before = file.read()
    with open(f"{SAMPLES}/postfix-main.cf", encoding="ascii") as file:
        settings = [line for line in file if not line.startswith(("compatibility_level", "#"))]
    with open(f"{folder}/main.cf", "w", encoding="ascii") as file:
        file.write(before + "".join(settings))
    printed = f"{folder}/printed"
    with open(printed, "w", encoding="ascii") as file:
        file.write(postfix(folder, "postconf", "-n"))
    report = audit(program, printed, *names)
    with open(f"{SAMPLES}/domains.txt", encoding="ascii") as file:
        given = file.read().split()
    assert given
    for domain in given:
        found = [d for d in report["domains"] if d["domain"] == domain]
        assert len(found) == 1, domain
        transport = lookup(folder, "postfix-transport", domain, *parents(domain), "*")
        nexthop = transport.split(":", 1)[1] if transport else domain
        above = [] if nexthop.startswith("[") else parents(nexthop)
        policy = lookup(folder, "postfix-tls-policy", nexthop, *above)
        assert found[0]["connector"] == (transport or ("smtp_tls_policy_maps" if policy else None)), domain
        assert ("level dane" in "".join(found[0]["remarks"])) == (policy == "dane"), domain


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/main.cf", "w", encoding="ascii") as file:
            file.write(f"{MAIN}meta_directory = {TREE}/etc/postfix\nshlib_directory = {TREE}/usr/lib/postfix\n")
        with open(f"{folder}/master.cf", "w", encoding="ascii"):
            pass
        check_transport(folder, program)
        check_policy(folder, program)
        check_lookups(folder, program)


main(sys.argv[1])
