"""Every stage and error code of the report, each brought about by a server of the lab or by trouble of this machine, and
followed to its end: the JSON, the row of the tree, the text of the detail pane. Runs in a network of its own (run.sh),
so that routes, ports and addresses can be taken away."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

MXSCOPE, SCHEMA = (os.path.abspath(path) for path in sys.argv[1:3])
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED: " + what, flush=True)


class Outcome:
    """What an audit of `target` ends in. `words` stand in the detail pane; `kept` are facts of earlier stages that must
    have survived: "banner", "ehlo", "offered"."""

    def __init__(self, target, stage, error, words, verdict="unreachable", kept=""):
        self.target, self.stage, self.error, self.words = target, stage, error, words
        self.verdict, self.kept = verdict, kept.split()


def persona(name, *rest, **more):
    return Outcome(name + ".lab-kind.example", *rest, **more)


FAR = "198.51.100.7"  # beyond every route of this network
NEIGHBOUR = "10.98.0.2"  # on the same wire, but nobody is there

OUTCOMES = [
    persona("port-shut", "connect", "connect-refused", "the connection was refused"),
    persona("never-answers", "connect", "connect-timeout", "was not answered in time"),
    Outcome(f"smtp://{NEIGHBOUR}", "connect", "connect-unreachable", "can't be reached"),
    Outcome(f"smtp://{FAR}", "connect", "no-route", "this machine has no route"),
    persona("early-close", "banner", "closed", "the server closed the connection"),
    persona("early-reset", "banner", "reset", "the server reset the connection"),
    persona("black-hole", "banner", "banner-timeout", "no banner came in time"),
    persona("throttled", "banner", "throttled", "limits connections (421 "),
    persona("greylisted", "banner", "greylisted", "put us off for now"),
    persona("rejects", "banner", "smtp-rejected", "turned us away"),
    persona("endless", "banner", "reply-too-long", "longer than any mail server's"),
    persona("http", "banner", "not-smtp", "does not speak the mail protocol"),
    persona("ehlo-rejects", "ehlo", "smtp-rejected", "turned us away", kept="banner"),
    persona("ehlo-later", "ehlo", "greylisted", "put us off for now", kept="banner"),
    persona("tls-later", "starttls", "greylisted", "put us off for now", kept="banner ehlo offered"),
    persona("tls-no", "starttls", "starttls-rejected", "offered and then rejected", kept="banner ehlo"),
    persona("tls-silence", "starttls", "io-timeout", "no whole answer came in time", kept="banner ehlo offered"),
    persona("hello-silence", "hello", "io-timeout", "no whole answer came in time", "unknown", "banner ehlo offered"),
    persona("hello-garbage", "hello", "not-tls", "was not TLS", "unknown", "banner ehlo offered"),
    persona("hello-close", "hello", "tls-closed", "closed the connection during the TLS hello", "unknown",
            "banner ehlo offered"),
    persona("alert-only", "hello", "tls-alert", "handshake_failure", "not-ready", "banner ehlo offered"),
    persona("plaintext", "done", None, "does not offer STARTTLS", "plaintext", "banner ehlo"),
    persona("ready", "done", None, "accepts TLS 1.2 and TLS 1.3", "ready", "banner ehlo offered"),
]

# Codes that a run of its own brings about, below.
ELSEWHERE = {"no-source", "local-limit", "port-blocked", "left-out"}
PASSING_STAGES = {"queued", "dns", "certificate"}


class Lab:
    """The lab in the background."""

    def __init__(self):
        self.process = subprocess.Popen([MXSCOPE, "lab"], stdout=subprocess.PIPE, text=True)
        words = {}
        for line in self.process.stdout:
            name, value = line.split(maxsplit=1)
            words[name] = value.strip()
            if name == "trust-store":
                break
        self.dns, self.port, self.trust = words["dns"], words["smtp"], words["trust-store"]

    def arguments(self, dns=None):
        return ["--dns-server", dns or self.dns, "--smtp-port", self.port, "--trust-store", self.trust,
                "--helo-name", "probe.example", "--per-host-gap", "0.02", "--per-operator", "0", "--retry-later", "0",
                "--connect-timeout", "5", "--banner-timeout", "3", "--io-timeout", "2"]

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def audit(self, *words, timeout=120, dns=None, **more):
        command = [MXSCOPE, "audit", *self.arguments(dns), *words]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **more)
        if done.returncode not in (0, 1, 3):
            raise SystemExit(f"{command}: exit {done.returncode}: {done.stderr}")
        return json.loads(done.stdout), done


def only_endpoint(domain):
    endpoints = [endpoint for host in domain["hosts"] for endpoint in host["endpoints"]]
    return endpoints[0] if len(endpoints) == 1 else None


def no_claim(versions):
    return not {"accepted", "refused"} & set(versions.values())


def check_report(outcome, domain):
    name, endpoint = outcome.target, only_endpoint(domain)
    check(endpoint is not None, f"{name}: not one endpoint")
    if endpoint is None:
        return
    check((endpoint["stage"], endpoint["error"]) == (outcome.stage, outcome.error),
          f"{name}: {endpoint['stage']}/{endpoint['error']}, expected {outcome.stage}/{outcome.error}")
    check(domain["verdict"] == outcome.verdict, f"{name}: {domain['verdict']}, expected {outcome.verdict}")
    if outcome.verdict in ("unreachable", "unknown"):
        check(no_claim(endpoint["versions"]), f"{name}: a claim about TLS: {endpoint['versions']}")
        check(domain["consequence"] == "unknown", f"{name}: consequence {domain['consequence']}")
    smtp = endpoint["smtp"]
    check("banner" not in outcome.kept or smtp["banner"], f"{name}: the banner was lost")
    check("ehlo" not in outcome.kept or smtp["ehlo"], f"{name}: the EHLO lines were lost")
    check("offered" not in outcome.kept or smtp["starttls"] == "offered", f"{name}: STARTTLS is {smtp['starttls']}")


def label_of(target):
    return target.removeprefix("smtp://")


def save_screens(lab, folder):
    """The screen after the audit, and then with each target selected in turn."""
    lines = ["wait done,", "key 4", f"save-screen {folder}/tree"]
    for index, outcome in enumerate(OUTCOMES):
        lines += ["key g", "key /", f"type {label_of(outcome.target)}", "key Enter", f"save-screen {folder}/{index}"]
    script = os.path.join(folder, "keys")
    with open(script, "w") as out:
        out.write("\n".join(lines + ["quit", ""]))
    size = {"LINES": "200", "COLUMNS": "240", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([MXSCOPE, "--script", script, *lab.arguments(), *[outcome.target for outcome in OUTCOMES]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          timeout=120, env={**os.environ, **size})
    check(done.returncode == 0, f"the screen ended with {done.returncode}: {done.stderr}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def check_row(outcome, tree):
    words = outcome.verdict.replace("-", " ")
    rows = [line.split("\u2502")[0] for line in tree.splitlines() if f" {label_of(outcome.target)} " in line.split("\u2502")[0]
            or f" {outcome.target} " in line.split("\u2502")[0]]
    check(any(f" {words} " in row for row in rows), f"{outcome.target}: no row says {words}: {rows}")
    if outcome.verdict == "unreachable":
        check(any(outcome.error in row for row in rows), f"{outcome.target}: no row says {outcome.error}: {rows}")


def check_detail(outcome, screen):
    detail = " ".join(" ".join(line.split("\u2502")[1:]).strip() for line in screen.splitlines() if "\u2502" in line)
    check(outcome.words in " ".join(detail.split()), f"{outcome.target}: the detail does not say {outcome.words!r}: {detail[:900]}")


def test_every_outcome(lab):
    report, _ = lab.audit(*[outcome.target for outcome in OUTCOMES])
    domains = {domain["domain"]: domain for domain in report["domains"]}
    with tempfile.TemporaryDirectory() as folder:
        save_screens(lab, folder)
        for index, outcome in enumerate(OUTCOMES):
            domain = next((domains[name] for name in domains if name.startswith(outcome.target)), None)
            check(domain is not None, f"{outcome.target} is not in the report: {list(domains)}")
            if domain:
                check_report(outcome, domain)
            check_row(outcome, read(f"{folder}/tree"))
            check_detail(outcome, read(f"{folder}/{index}"))


def test_nothing_is_left_out():
    """The table and the runs below name every code that the schema has."""
    definitions = json.loads(read(SCHEMA))["definitions"]
    errors = {outcome.error for outcome in OUTCOMES if outcome.error} | ELSEWHERE
    stages = {outcome.stage for outcome in OUTCOMES} | PASSING_STAGES
    check(errors == set(definitions["error"]["enum"]), f"errors: {errors ^ set(definitions['error']['enum'])}")
    check(stages == set(definitions["stage"]["enum"]), f"stages: {stages ^ set(definitions['stage']['enum'])}")


def test_stages_that_pass(lab):
    """Stopped in the middle: what had its handshake, what still waits, what DNS did not answer for."""
    command = [MXSCOPE, "audit", *lab.arguments(), "--per-host-gap", "3600", "ready.lab-kind.example",
               "drop.example", "--dns-timeout", "3600", "-o", "-"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    quits = wait_for_handshake(lab)
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=60)
    report = json.loads(out)
    check(run.returncode == 3 and not report["complete"], f"interrupted: exit {run.returncode}, {report['complete']}")
    ready, dropped = report["domains"]
    endpoint = only_endpoint(ready)
    check(endpoint["stage"] == "certificate" and endpoint["error"] is None, f"interrupted: {endpoint['stage']}")
    check(endpoint["versions"]["TLSv1.3"] == "accepted", "interrupted: the handshake's fact was lost")
    check(endpoint["versions"]["TLSv1.0"] == "not-tested", "interrupted: a claim without a question")
    check(ready["verdict"] == "ready" and dropped["verdict"] == "pending", "interrupted: verdicts")
    check(quits, "interrupted: no handshake was seen")


def wait_for_handshake(lab):
    """True once a connection from a probe to the lab came and went (it lingers in TIME-WAIT)."""
    wanted = f":{int(lab.port):04X} "
    for _ in range(600):
        if any(wanted in line and line.split()[3] == "06" for line in read("/proc/net/tcp").splitlines()[1:]):
            return True
        time.sleep(0.05)
    return False


def test_queued_and_resolving(lab):
    """Paused, nothing is probed: the tree and the detail say so."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "keys")
        with open(script, "w") as out:
            out.write(f"wait drop.example\nkey j j\nsave-screen {folder}/screen\nquit\n")
        size = {"LINES": "40", "COLUMNS": "160", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        subprocess.run([MXSCOPE, "--script", script, *lab.arguments(), "--dns-timeout", "3600", "drop.example"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60, check=True,
                       env={**os.environ, **size})
        check("resolving" in read(f"{folder}/screen"), "an unanswered name is not shown as resolving")


@contextlib.contextmanager
def another_lab():
    """One that no connection was made to yet."""
    lab = Lab()
    try:
        yield lab
    finally:
        lab.stop()


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def test_local_trouble_is_no_verdict(lab):
    """Two addresses, one of them beyond our routes: the domain is judged by the other."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as table:
        table.write("domain,class,smart_host\n")
        table.write(f"half.example,partner,mx.ready.lab-kind.example {FAR}\n")
        table.write(f"v6.example,partner,mx.ready.lab-kind.example 2001:db8::7\n")
        table.write(f"none.example,partner,{FAR}\n")
        table.flush()
        report, done = lab.audit("-i", table.name)
    for name in ("half.example", "v6.example"):
        domain = next(domain for domain in report["domains"] if domain["domain"] == name)
        check(domain["verdict"] == "ready", f"{name}: {domain['verdict']} for trouble of this machine")
        check(any("this machine" in warning for warning in domain["warnings"]), f"{name}: {domain['warnings']}")
    domain = next(domain for domain in report["domains"] if domain["domain"] == "none.example")
    check((domain["verdict"], domain["reason"]) == ("unreachable", "no-route"), f"none.example: {domain['reason']}")
    check("this machine" in domain["explanation"], f"none.example: {domain['explanation']}")
    check(done.returncode == 0, f"local trouble: exit {done.returncode}")


def test_source_address_goes(lab):
    """The source address is taken away while a run waits for DNS."""
    ip("addr", "add", "10.99.0.1/32", "dev", "lo")
    command = [MXSCOPE, "audit", *lab.arguments(), "--source-address", "10.99.0.1", "--per-host-gap", "4",
               "--retries", "0", "ready.lab-kind.example"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(wait_for_handshake(lab), "source address: no handshake was seen")
    ip("addr", "del", "10.99.0.1/32", "dev", "lo")
    out, err = run.communicate(timeout=60)
    endpoint = only_endpoint(json.loads(out)["domains"][0])
    codes = {attempt["error"] for attempt in endpoint["log"]}
    check("no-source" in codes, f"source address: {codes}: {err}")
    check(endpoint["versions"]["TLSv1.3"] == "accepted", "source address: the handshake's fact was lost")
    check("refused" not in endpoint["versions"]["TLSv1.0"], "source address: a claim without an answer")


@contextlib.contextmanager
def ports(range_, reuse=None):
    """Local ports from the range alone; `reuse`: whether one that rests may be taken on loopback."""
    wanted = {"ip_local_port_range": range_}
    if reuse is not None:
        wanted["tcp_tw_reuse"] = reuse
    before = {name: read("/proc/sys/net/ipv4/" + name) for name in wanted}
    try:
        for name, value in wanted.items():
            write_setting(name, value)
        yield
    finally:
        for name, value in before.items():
            write_setting(name, value)


def write_setting(name, value):
    with open("/proc/sys/net/ipv4/" + name, "w") as file:
        file.write(value)


def test_no_port_is_left(lab):
    """One local port for all, and it is taken: it is waited for, and until then nothing is said of the server."""
    address = "127.77.20.1"
    with ports("40000 40000"), socket.create_connection((address, int(lab.port))):
        command = [MXSCOPE, "audit", *lab.arguments(), f"smtp://{address}:{lab.port}"]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said = next((line for line in run.stderr if "No local port was left" in line), "")
        check("ip_local_port_range" in said, f"no port left: {said}")
        run.send_signal(signal.SIGINT)
        report = json.loads(run.communicate(timeout=60)[0])
    domain = report["domains"][0]
    check((domain["verdict"], report["complete"], run.returncode) == ("pending", False, 3),
          f"no port left: {domain['verdict']}, exit {run.returncode}")
    check("not known yet" in domain["explanation"], f"no port left: {domain['explanation']}")
    state = report["preflight"]["local-ports"]
    check(state["state"] == "trouble", f"no port left: {state}")


def test_no_port_comes_free(lab):
    """None comes free for as long as is waited: the target is unreachable for that reason, the run is not complete, and the
    same session asks again once there are ports."""
    address = "127.77.20.1"
    with tempfile.TemporaryDirectory() as folder:
        kept = ["-s", os.path.join(folder, "kept.mxscope"), f"smtp://{address}:{lab.port}"]
        with ports("40000 40000"), socket.create_connection((address, int(lab.port))):
            report, done = lab.audit("--local-wait", "0.5", *kept)
        domain = report["domains"][0]
        check((domain["verdict"], domain["reason"], domain["consequence"]) == ("unreachable", "local-limit", "unknown"),
              f"no port comes: {domain['verdict']}, {domain['reason']}, {domain['consequence']}")
        check("trouble here, not there" in domain["explanation"], f"no port comes: {domain['explanation']}")
        endpoint = only_endpoint(domain)
        check((endpoint["error"], set(endpoint["versions"].values())) == ("local-limit", {"unknown"}), f"no port comes: {endpoint}")
        check(len(endpoint["log"]) == 1, f"no port comes: {endpoint['log']}")
        check((report["complete"], done.returncode) == (False, 3), f"no port comes: exit {done.returncode}")
        check("No local port came free within 0.5 s (--local-wait): 1 endpoint was not asked" in done.stderr,
              f"no port comes: {done.stderr}")
        check("no route" not in done.stderr, f"no port comes: {done.stderr}")
        state = report["preflight"]["local-ports"]
        check(state["state"] == "trouble" and "came free" in state["detail"], f"no port comes: {state}")
        report, done = lab.audit(*kept)
        check(report["complete"] and done.returncode != 3, f"ports came back: exit {done.returncode}: {done.stderr}")
        check(report["domains"][0]["reason"] != "local-limit", "ports came back: it was not asked again")


def test_ports_run_out_midway(lab):
    """One port, which is taken behind the first connection, or rests for a minute where that was closed by us: what was
    found by then stays true, the rest is unknown, and is asked when the session is gone on with."""
    with tempfile.TemporaryDirectory() as folder:
        kept = ["-s", os.path.join(folder, "kept.mxscope"), "ready.lab-kind.example"]
        command = [MXSCOPE, "audit", *lab.arguments(), "--local-wait", "0.5", "--per-host-gap", "4", *kept]
        with ports("40001 40001", reuse="0"), contextlib.ExitStack() as taken:
            done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            check(wait_for_handshake(lab), "midway: no handshake was seen")
            with contextlib.suppress(OSError):
                taken.enter_context(socket.create_connection(("127.77.20.1", int(lab.port))))
            report = json.loads(done.communicate(timeout=120)[0])
        endpoint = only_endpoint(report["domains"][0])
        check(report["domains"][0]["verdict"] == "ready", f"midway: {report['domains'][0]['verdict']}")
        check(endpoint["versions"]["TLSv1.3"] == "accepted", f"midway: {endpoint['versions']}")
        lost = [name for name, more in endpoint["version_details"].items() if more["error"] == "local-limit"]
        check(lost and all(endpoint["versions"][name] == "unknown" for name in lost), f"midway: {endpoint['versions']}")
        check(not endpoint["full"] and not report["complete"] and done.returncode == 3, f"midway: exit {done.returncode}")
        report, done = lab.audit(*kept)
        endpoint = only_endpoint(report["domains"][0])
        check("unknown" not in endpoint["versions"].values(), f"after midway: {endpoint['versions']}")
        check(endpoint["full"] and report["complete"] and done.returncode == 0, f"after midway: exit {done.returncode}")


def test_waiting_for_a_port_is_shown(lab):
    """The screen says what it waits for, and leaves at once."""
    address = "127.77.20.1"
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "keys")
        with open(script, "w") as out:
            out.write(f"wait limited by local ports\nsave-screen {folder}/screen\n"
                      f"key !\nwait No local port was left\nsave-screen {folder}/place\nkey q\nquit\n")
        size = {"LINES": "24", "COLUMNS": "80", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        with ports("40000 40000"), socket.create_connection((address, int(lab.port))):
            subprocess.run([MXSCOPE, "--script", script, *lab.arguments(), "--local-wait", "3600",
                            f"smtp://{address}:{lab.port}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60,
                           check=True, env={**os.environ, **size})
        check("pending" in read(f"{folder}/screen"), f"waiting: {read(f'{folder}/screen')}")
        check("No local port was left" in read(f"{folder}/place"), f"waiting: {read(f'{folder}/place')}")


def test_family_left_out(lab):
    """Nobody is to blame that the admin leaves out what the domain has."""
    report, done = lab.audit("-6", "smtp://127.77.20.1")
    domain = report["domains"][0]
    check((domain["verdict"], domain["reason"]) == ("unreachable", "left-out"), f"left out: {domain['reason']}")
    check("left out of this run" in domain["explanation"], f"left out: {domain['explanation']}")
    check("trouble" not in domain["explanation"], f"left out: {domain['explanation']}")
    check(done.returncode == 0, f"left out: exit {done.returncode}")


class Relay:
    """A resolver before the lab's that says what `then` has it say (None: nothing) once it has passed on `count` answers:
    a function from query to answer."""

    def __init__(self, lab, count, then):
        self.count, self.then = count, then
        self.upstream = ("127.0.0.1", int(lab.dns.rsplit(":", 1)[1]))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            self.count -= 1
            answer = self.then(query) if self.count < 0 else self.pass_on(query)
            if answer:
                self.socket.sendto(answer, client)

    def pass_on(self, query):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
            upstream.settimeout(10)
            upstream.connect(self.upstream)
            upstream.send(query)
            return upstream.recv(4096)


def failing(code):
    """Answers with that code and the question alone."""
    def answer(query):
        end = 12
        while query[end]:
            end += query[end] + 1
        return query[:2] + bytes([0x81, 0x80 | code]) + query[4:6] + bytes(6) + query[12:end + 5]
    return answer


def test_resolver_dies(lab):
    """It answers for a while, then no more, or fails for all: that is no domain's doing."""
    ways = {"timeout": lambda query: None, "servfail": failing(2), "refused": failing(5)}
    names = ["ready.lab-kind.example", "cpandl.example", "relecloud.example", "authentic.example", "mx-dead.example"]
    for way, then in ways.items():
        # the root and the name's own address, route and addresses of the first
        report, done = lab.audit(*names, "--dns-timeout", "1", "--depth", "readiness", dns=Relay(lab, 5, then).address)
        lost = [domain for domain in report["domains"] if domain["verdict"] == "unreachable"]
        check(done.returncode == 3 and not report["complete"], f"{way}: exit {done.returncode}, {report['complete']}")
        check(report["preflight"]["resolver"]["state"] == "trouble", f"{way}: {report['preflight']['resolver']}")
        check(len([line for line in done.stderr.splitlines() if "resolver" in line]) == 1, f"{way}: {done.stderr}")
        check(lost, f"{way}: nothing was lost")
        for domain in lost:
            check(domain["reason"] == "dns-" + way, f"{way}: {domain['reason']}")
            check("the resolver here" in domain["explanation"], f"{way}: {domain['explanation']}")
            check("trouble here, not there" in domain["explanation"], f"{way}: {domain['explanation']}")
        check(not any(domain["verdict"] == "no-mail" for domain in lost), f"{way}: no-mail")


def test_resolver_denies(lab):
    """It knows nothing beyond its own names, the root not either: no domain is said to have no mail."""
    for word, code in {"NXDOMAIN": 3, "no data": 0}.items():
        report, done = lab.audit("ready.lab-kind.example", "-p", "cpandl.example", dns=Relay(lab, 0, failing(code)).address)
        check(done.returncode == 3 and not report["complete"], f"{word}: exit {done.returncode}, {report['complete']}")
        check("denies that the root exists" in done.stderr, f"{word}: {done.stderr}")
        for domain in report["domains"]:
            check((domain["verdict"], domain["reason"]) == ("unreachable", "dns-untrusted"), f"{word}: {domain['reason']}")
            check(domain["consequence"] == "unknown", f"{word}: {domain['consequence']}")
            check("trouble here, not there" in domain["explanation"], f"{word}: {domain['explanation']}")


def test_resolver_goes(lab):
    """No resolver: the run could not finish, and no domain is said to have no mail."""
    report, done = lab.audit("ready.lab-kind.example", "--dns-timeout", "1", dns="127.0.0.1:9")
    check(done.returncode == 3 and not report["complete"], f"no resolver: exit {done.returncode}")
    check(report["domains"][0]["verdict"] == "unreachable", f"no resolver: {report['domains'][0]['verdict']}")


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lab = Lab()
    try:
        test_nothing_is_left_out()
        test_every_outcome(lab)
        with another_lab() as fresh:
            test_stages_that_pass(fresh)
        test_queued_and_resolving(lab)
        test_local_trouble_is_no_verdict(lab)
        with another_lab() as fresh:
            test_source_address_goes(fresh)
        test_no_port_is_left(lab)
        test_no_port_comes_free(lab)
        with another_lab() as fresh:
            test_ports_run_out_midway(fresh)
        test_waiting_for_a_port_is_shown(lab)
        test_family_left_out(lab)
        test_resolver_dies(lab)
        test_resolver_denies(lab)
        test_resolver_goes(lab)
    finally:
        lab.stop()
    print(f"{len(failures)} failures")
    sys.exit(bool(failures))


main()
