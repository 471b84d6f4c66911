"""Real mail servers on loopback: addresses, names, certificates, processes, and what an audit of them should say.

A test calls `main(function)`; the function gets a `Lab`. Everything that the lab starts ends with it, also when the
test fails or is killed: see `main`.
"""

import contextlib
import csv
import ctypes
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

import jsonschema

SCHEMA = "data/schema/mxscope.schema.json"  # below the folder that the tests run in
SERVERS = os.environ.get("MXSCOPE_SERVERS", "/var/cache/mxscope-tests")
VERSIONS = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
USERS = ["postfix", "postdrop", "Debian-exim", "opensmtpd", "opensmtpq", "dovecot", "dovenull", "www-data", "nsd"]
RUDE = re.compile("PREGREET|PIPELINING after|NON-SMTP|BARE NEWLINE|improper (command pipelining|use of SMTP)|"
                  "synchronization error|SMTP (syntax|protocol) error|non-SMTP command|too many errors", re.IGNORECASE)
PATIENCE = 60.0  # seconds until a condition that never comes true fails the test

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
libc = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """The lab could not do its part; says why in one sentence."""


def wait_for(condition, what, alive=None, seconds=PATIENCE):
    """Returns the first true value of condition(); fails when `alive` (a process) ends before."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if alive is not None and alive.poll() is not None:
            raise Failure(f"{what}: the server ended with {alive.returncode}")
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.02)


# Addresses: each lab owns a /24 of loopback, so that labs can use the same port side by side.

def claim_subnet():
    """(network, guard): 127.66.N.0/24 is ours while the guard socket is open."""
    for number in random.sample(range(1, 255), 254):
        guard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            guard.bind(f"\0mxscope-real-{number}")
            return f"127.66.{number}", guard
        except OSError:
            guard.close()
    raise Failure("every loopback network of the lab is taken")


def port_is_free(address, port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


class Lab:
    def __init__(self, folder, mxscope, serve=False):
        self.folder = folder
        self.mxscope = mxscope
        self.serve = serve
        self.network, self.guard = claim_subnet()
        self.hosts = 1  # .1 is the DNS server
        self.ports = set()
        self.records = ["test A 127.0.0.1"]  # of the name that audits give in EHLO
        self.processes = []
        self.audits = 0
        with open(SCHEMA, encoding="utf-8") as schema:
            self.schema = json.load(schema)
        self.dns_port = self.port()
        self.smtp_port = self.port()
        self.resolver = f"{self.network}.1:{self.dns_port}"  # whom audits ask

    def address(self):
        """One more loopback address of this lab."""
        self.hosts += 1
        return f"{self.network}.{self.hosts}"

    def port(self):
        """A port that nobody uses on this lab's addresses; below the range that outgoing connections use."""
        while True:
            port = random.randrange(10000, 32000)
            if port not in self.ports and port_is_free(f"{self.network}.1", port):
                self.ports.add(port)
                return port

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # Servers

    def root(self, name, copy=None):
        """A private copy of a server's root tree, with users and devices; returns its path."""
        source = os.path.join(SERVERS, name)
        if not os.path.exists(os.path.join(source, "packages")):
            raise Failure(f"{source} is missing: run tests/real/unpack.sh first (as root, after apt-get update)")
        tree = self.path(copy or name)
        subprocess.run(["cp", "-a", source, tree], check=True)
        for folder in ("dev", "etc", "run", "tmp", "var/run", "var/log", "var/spool", "var/lib", "proc"):
            os.makedirs(os.path.join(tree, folder), exist_ok=True)
        os.chmod(os.path.join(tree, "tmp"), 0o1777)
        for device, minor in (("null", 3), ("urandom", 9), ("random", 8)):
            path = os.path.join(tree, "dev", device)
            os.mknod(path, 0o020666, os.makedev(1, minor))
            os.chmod(path, 0o666)
        write_users(tree)
        return tree

    def run(self, tree, *command):
        """Runs a program in its tree to its end; what it printed."""
        def enter():
            os.chroot(tree)
            os.chdir("/")

        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, preexec_fn=enter).stdout.strip()

    def start(self, name, tree, *command, **environment):
        """Starts a server that stays in the foreground, in its tree and its own process group."""
        log = self.path(name + ".out")

        def enter():
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            os.setpgid(0, 0)
            os.chroot(tree)
            os.chdir("/")

        with open(log, "ab") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=enter,
                                       env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", **environment})
        process.name = name
        self.processes.append(process)
        return process

    def await_line(self, process, address, port, direct_tls=False):
        """Waits until the server there greets; direct TLS servers only have to accept."""
        def greets():
            try:
                with socket.create_connection((address, port), timeout=5) as stream:
                    return direct_tls or bool(stream.recv(1))
            except OSError:
                return False
        wait_for(greets, f"{process.name} at {address}:{port}", process)

    def freeze(self, process):
        """Stops a server and its children where they stand: the kernel still takes connections for them."""
        os.killpg(process.pid, signal.SIGSTOP)
        wait_for(lambda: all(state_of(pid) == "T" for pid in [process.pid, *descendants(process.pid)]),
                 f"{process.name} standing still")

    def thaw(self, process):
        os.killpg(process.pid, signal.SIGCONT)

    def kill(self, process):
        """Ends a server at once; its ports are closed when this returns."""
        family = [process.pid, *descendants(process.pid)]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)
        wait_for(lambda: all(state_of(pid) in ("Z", None) for pid in family), f"the end of {process.name}")

    def stop(self):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = []

    def log_lines(self):
        """(name, lines) of every server log."""
        for folder, _, files in os.walk(self.folder):
            for name in files:
                if name.endswith((".out", ".log", "mainlog")):
                    with open(os.path.join(folder, name), errors="replace") as log:
                        yield name, log.readlines()

    def logs(self):
        """The ends of all server logs."""
        return "".join(f"--- {name}\n" + "".join(lines[-60:]) for name, lines in self.log_lines())

    def complaints(self):
        """What the servers say of a guest who does not keep to lock-step SMTP."""
        return [f"{name}: {line.strip()}" for name, lines in self.log_lines() for line in lines
                if RUDE.search(line)]

    # Names

    def record(self, line):
        """Adds one line to the zone example."""
        self.records.append(line)

    def domain(self, name, *exchanges):
        """A domain NAME.example whose MX records are `exchanges`: (preference, host label, address or None)."""
        for preference, host, address in exchanges:
            self.record(f"{name} MX {preference} {host}")
            if address:
                self.record(f"{host} A {address}")

    def zone_text(self, origin, records):
        """A zone whose name server is ours."""
        return (f"$ORIGIN {origin}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\n"
                f"ns A {self.network}.1\n" + "\n".join(dict.fromkeys(records)) + "\n")

    def serve_names(self, zones=None):
        """Starts the DNS server with the zone example, and with further zones: their texts by name."""
        tree = self.root("nsd")
        blocks = ""
        for origin, text in {"example": self.zone_text("example", self.records), **(zones or {})}.items():
            with open(os.path.join(tree, origin + ".zone"), "w") as zone:
                zone.write(text)
            blocks += f"zone:\n  name: {origin}\n  zonefile: /{origin}.zone\n"
        with open(os.path.join(tree, "nsd.conf"), "w") as conf:
            conf.write(f"""
server:
  ip-address: {self.network}.1@{self.dns_port}
  server-count: 1
  username: ""
  zonesdir: "/"
  database: ""
  pidfile: ""
  xfrdfile: "/tmp/xfrd.state"
  zonelistfile: "/tmp/zone.list"
  xfrdir: "/tmp"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
{blocks}""")
        process = self.start("nsd", tree, "/usr/sbin/nsd", "-d", "-c", "/nsd.conf")
        wait_for(lambda: dns_answers(f"{self.network}.1", self.dns_port), "nsd", process)

    def pause(self):
        """With --serve on the command line: says where everything is, and waits for the end of standard input."""
        if not self.serve:
            return
        print(f"DNS {self.network}.1:{self.dns_port}, SMTP port {self.smtp_port}, folder {self.folder}")
        print("\n".join(record for record in self.records if " A " in record), flush=True)
        sys.stdin.read()

    # Audits

    def arguments(self, cases, trust_store):
        """Options and targets for mxscope: domains go in a CSV, endpoint URLs on the command line."""
        urls = [case.domain for case in cases if "://" in case.domain]
        domains = [case for case in cases if "://" not in case.domain]
        table = self.path("targets.csv")
        with open(table, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["domain", "class", "requirement", "tls_domain", "smart_host"])
            for case in domains:
                writer.writerow([case.domain, case.klass, case.requirement or "", case.tls_domain or "",
                                 case.smart_host or ""])
        words = ["--dns-server", self.resolver, "--smtp-port", str(self.smtp_port),
                 "--trust-store", trust_store, "--helo-name", "test.example", "--per-host-gap", "0.05",
                 "--per-operator", "0", "--retry-later", "0"]
        return words + (["--input", table] if domains else []) + urls

    def tree(self, cases, trust_store):
        """The text of the screen after it audited the cases, every row unfolded."""
        script, text = self.path("keys.txt"), self.path("screen.txt")
        with open(script, "w") as out:
            out.write(f"wait done,\nkey 4\nsave-screen {text}\nquit\n")
        size = {"LINES": str(60 + 6 * len(cases)), "COLUMNS": "200", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([self.mxscope, "--script", script, *self.arguments(cases, trust_store)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              timeout=240, text=True, env={**os.environ, **size})
        if done.returncode != 0:
            raise Failure(f"the screen ended with {done.returncode}: {done.stderr!r}")
        with open(text, encoding="utf-8") as screen:
            return screen.read()

    def audit(self, cases, trust_store, fail_on=None, options=()):
        """Runs mxscope audit on the cases: (exit code, JSON that keeps to the schema)."""
        command = [self.mxscope, "audit", "--format", "json", *self.arguments(cases, trust_store), *options]
        if fail_on:
            command += ["--fail-on", fail_on]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=240, text=True)
        sys.stderr.write(done.stderr)
        self.audits += 1
        if "TEST_UNDECLARED_OUTPUTS_DIR" in os.environ:
            with open(os.path.join(os.environ["TEST_UNDECLARED_OUTPUTS_DIR"], f"audit-{self.audits}.json"), "w") as out:
                out.write(done.stdout)
        try:
            report = json.loads(done.stdout)
            jsonschema.validate(report, self.schema)
            return done.returncode, report
        except jsonschema.ValidationError as error:
            raise Failure(f"the report breaks the schema: {error.message} at {list(error.absolute_path)}")
        except ValueError:
            raise Failure(f"mxscope ended with {done.returncode} and no JSON: {done.stdout[:200]!r} {done.stderr!r}")


def write_users(tree):
    """passwd, group, hosts and nsswitch for a tree: root, nobody, and the users that servers run as."""
    passwd = ["root:x:0:0:root:/root:/bin/sh", "nobody:x:65534:65534:nobody:/nonexistent:/bin/false"]
    group = ["root:x:0:", "nogroup:x:65534:", "mail:x:8:"]
    for number, user in enumerate(USERS, 64100):
        passwd.append(f"{user}:x:{number}:{number}:{user}:/run:/bin/false")
        group.append(f"{user}:x:{number}:")
    files = {"passwd": passwd, "group": group, "hosts": ["127.0.0.1 localhost"], "shells": ["/bin/sh"],
             "nsswitch.conf": ["passwd: files", "group: files", "hosts: files"],
             "services": ["smtp 25/tcp", "smtps 465/tcp", "submission 587/tcp"], "mailname": ["lab.example"]}
    for name, lines in files.items():
        with open(os.path.join(tree, "etc", name), "w") as out:
            out.write("\n".join(lines) + "\n")


def own(path, user):
    """Gives a path in a tree to one of USERS."""
    number = 64100 + USERS.index(user)
    os.chown(path, number, number)


def dns_answers(address, port):
    """True when the DNS server there answers for the zone example."""
    query = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + b"\7example\0" + struct.pack("!2H", 6, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.settimeout(1)
        try:
            stream.sendto(query, (address, port))
            reply = stream.recv(512)
        except OSError:
            return False
    return len(reply) > 12 and reply[3] & 15 == 0 and reply[7] > 0


# Ending: the test runs in a child; whatever it leaves behind is ended by the parent.

def descendants(root):
    """Process ids below `root`, from /proc."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                with open(f"/proc/{entry}/stat") as stat:
                    parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
    found, frontier = [], {root}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier
    return found


def state_of(pid):
    """R, S, T, Z and so on from /proc; None for a process that is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except OSError:
        return None


def end_descendants():
    """Ends every process below this one. Servers that went to the background came back to us as subreaper."""
    while True:
        left = descendants(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def run(test, folder, mxscope, serve):
    """One test in this process; its exit status."""
    lab = None
    try:
        lab = Lab(folder, mxscope, serve)
        failures = test(lab)
        for failure in failures:
            print("FAIL " + failure)
        if failures:
            print(lab.logs())
        print(f"{len(failures)} differences")
        return 1 if failures else 0
    except Failure as failure:
        print(f"FAIL {failure}")
    except Exception:
        traceback.print_exc(file=sys.stdout)
    finally:
        if lab:
            lab.stop()
    if lab:
        print(lab.logs())
    return 1


def main(test):
    """Runs test(lab) → list of differences, for the mxscope binary named on the command line, and exits."""
    serve = sys.argv[2:] == ["--serve"]
    if len(sys.argv) != 2 + serve:
        sys.exit(f"usage: {sys.argv[0]} MXSCOPE [--serve]")
    if os.geteuid() != 0:
        sys.exit("FAIL real mail servers change user and root folder: run this test as root")
    mxscope = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="real-", dir=os.environ.get("TEST_TMPDIR"))
    os.chmod(folder, 0o755)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    worker = os.fork()
    if worker == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        status = run(test, folder, mxscope, serve)
        sys.stdout.flush()
        os._exit(status)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(worker, signal.SIGTERM))
    try:
        while True:
            pid, status = os.wait()
            if pid == worker:
                break
    finally:
        end_descendants()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
