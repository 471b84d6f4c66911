"""documented_test.py MXSCOPE README SERVICE SAMPLES...: the lines for a shell that README has do what they say, against the
lab; so do the line for cron and the commands of the service, week after week, and where nothing changed they are silent."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from lab import Lab, check, failures

MXSCOPE, README, SERVICE = map(os.path.abspath, sys.argv[1:4])
SAMPLES = list(map(os.path.abspath, sys.argv[4:]))
PATIENCE = 120
ELSEWHERE = ("--dns-server", "mxscope lab", "apt-get", "bazel")  # need what a test has not
LIST = "domain,class,requirement,tls_domain,smart_host\ncontoso.example,partner,name,mail.contoso.example,\n" \
       "fabrikam.example,partner,name,gw.fabrikam.example,gw.fabrikam.example\nadatum.example,partner,,,\n"
WORSE = LIST.replace("name,mail.contoso.example,", "name,mail.contoso.example,gw.fabrikam.example")
NAMES = {"outbound-connectors.json": "outbound.json", "inbound-connectors.json": "inbound.json",
         "accepted-domains.json": "accepted.json", "transport-rules.json": "rules.json", "send-connectors.xml": "send.xml",
         "transport-config.json": "transport.xml", "domains.txt": "domains.txt", "postfix-main.cf": "postfix-main.cf",
         "postfix-transport": "postfix/transport", "postfix-tls-policy": "postfix/tls_policy"}
WRAPPER = """#!/bin/sh
# mxscope as in README, which looks at the lab, and shows lines where it would show a screen.
case $1 in
    audit) shift; exec {mxscope} audit {lab} "$@" ;;
    open) exec {mxscope} "$@" --plain ;;
    export|diff|merge) exec {mxscope} "$@" ;;
    *) exec {mxscope} {lab} --plain "$@" ;;
esac
"""


def shell(line):
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)


def documented():
    with open(README, encoding="utf-8") as file:
        blocks = re.findall(r"^```sh\n(.*?)^```", file.read(), re.S | re.M)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if "mxscope" in line and not any(part in line for part in ELSEWHERE)]


def put(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def prepare():
    os.mkdir("postfix")
    for sample in SAMPLES:
        if os.path.basename(sample) in NAMES:
            shutil.copy(sample, NAMES[os.path.basename(sample)])
    put("domains.csv", LIST)
    put("partners.csv", LIST)
    put("my.txt", "To: {contact}\n\n{evidence}\n")
    for name in ("last-week", "today", "session", "shard-1"):
        check(shell("mxscope audit -i partners.csv -s %s.mxscope -o /dev/null" % name).returncode in (0, 1), name)
    check(shell("mxscope audit -s shard-2.mxscope -o /dev/null adventure-works.example").returncode == 0, "shard-2")


def readme():
    lines = documented()
    check(len(lines) > 20, "README has lines for a shell: %d" % len(lines))
    for line in lines:
        done = shell(line.replace("/etc/postfix", "postfix"))
        check(done.returncode in (0, 1), "%s: exit %d, %s" % (line, done.returncode, done.stderr))
        check("expected" not in done.stderr, "%s: %s" % (line, done.stderr))
    check(len(json.load(open("result.json"))["domains"]) > 1, "result.json is a report")
    check(json.load(open("diff.json"))["format"] == "mxscope-diff", "diff.json is a comparison")
    check("</html>" in open("report.html").read(), "report.html is a page")
    check(os.path.exists("all.mxscope"), "merge makes its file")


def bare(text):
    """Without what differs from one look to the next, and without the line ends that follow from it."""
    return re.sub(r"port [0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2} at [0-9:]+", "…", " ".join(text.split()))


def excerpt():
    with open(README, encoding="utf-8") as file:
        found = re.search(r"^```\n(To: .*?)^```", file.read(), re.S | re.M)
    check(found, "README shows a letter")
    with open("letters/fabrikam.example.txt", encoding="utf-8") as file:
        letter = bare(file.read())
    for part in map(bare, found.group(1).split("\n\n")[1:]):
        check(part in letter, "README's letter is the program's: " + part)


def weeks(name, run, folder):
    """Four weeks: the first, one without news, one with, and one whose input is not there."""
    kept = os.path.join(folder, "partners.mxscope")
    put("partners.csv", LIST)
    first, second = run(), run()
    check(not first.stdout and not first.stderr, "%s: the first week says %s%s" % (name, first.stdout, first.stderr))
    check(not second.stdout and not second.stderr, "%s: no news, and it says %s%s" % (name, second.stdout, second.stderr))
    put("partners.csv", WORSE)
    third = run()
    check("contoso.example" in third.stdout and "regressed" in third.stdout.lower(), "%s: what changed: %s" % (name, third.stdout))
    check("adatum.example" not in third.stdout, "%s: and nothing else" % name)
    check(os.listdir(folder) == ["partners.mxscope"], "%s: one snapshot is kept: %s" % (name, os.listdir(folder)))
    report = json.loads(shell("mxscope export " + kept).stdout)
    history = {domain["domain"]: len(domain["history"]) for domain in report["domains"]}
    check(history["contoso.example"] == 2 and history["adatum.example"] == 1, "%s: histories go on: %s" % (name, history))
    before = os.stat(kept)
    os.unlink("partners.csv")
    fourth = run()
    check("partners.csv" in fourth.stderr and os.stat(kept) == before, "%s: what can't be done is said" % name)


def cron():
    with open(README, encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if re.match(r"[0-9*]+ [0-9*]+ \S+ \S+ \S+  ", line)]
    check(len(lines) == 1, "README has one line for cron")
    check("%" not in lines[0], "a per cent sign ends a command for cron")
    os.mkdir("cron")
    line = lines[0].split(None, 5)[5].replace("/var/lib/mxscope", "cron").replace("-i partners.csv", "-i ../partners.csv")
    weeks("cron", lambda: shell(line), "cron")


def service():
    with open(SERVICE, encoding="utf-8") as file:
        commands = re.findall(r"^ExecStart=(.*)$", file.read(), re.M)
    check(len(commands) == 4, "the service has four commands")
    os.mkdir("service")

    def run():
        said, complaint = "", ""
        for command in commands:
            command = command.replace("$$", "$").replace("/usr/local/bin/mxscope", "mxscope").replace("${MXSCOPE_INPUT}", "../partners.csv")
            done = shell("cd service && " + command.replace("$MXSCOPE_OPTIONS", ""))
            said, complaint = said + done.stdout, complaint + done.stderr
            if done.returncode:
                break
        return subprocess.CompletedProcess(commands, done.returncode, said, complaint)

    weeks("service", run, "service")
    put("partners.csv", WORSE)
    put("service/before.mxscope", "no snapshot")
    damaged = run()
    check(damaged.returncode and "before.mxscope" in damaged.stderr, "service: what can't be compared is no failure")
    check(os.path.exists("service/before.mxscope"), "service: what can't be compared is gone")


def main():
    with tempfile.TemporaryDirectory() as folder, Lab(MXSCOPE) as lab:
        os.chdir(folder)
        os.mkdir("bin")
        words = lab.arguments[:lab.arguments.index("--partner")]
        words[words.index("--fail-on"):] = ["--source-address", "127.0.0.1", "-4"]
        put("bin/mxscope", WRAPPER.format(mxscope=shlex.quote(MXSCOPE), lab=shlex.join(words)))
        os.chmod("bin/mxscope", 0o755)
        os.environ["PATH"] = os.path.abspath("bin") + ":" + os.environ["PATH"]
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        prepare()
        readme()
        excerpt()
        cron()
        service()
    return 1 if failures else 0


sys.exit(main())
