"""What the tests of snapshots share: a lab to audit, what is checked, and what reports say."""

import json
import subprocess

DOMAINS = """contoso fabrikam-old litware northwindtraders tailspintoys wingtiptoys humongousinsurance cpandl
consolidatedmessenger cohowinery adventure-works citypress olympia-press relecloud vanarsdel absent""".split()
PARTNERS = ["fabrikam", "adatum"]
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED: " + what, flush=True)


class Lab:
    def __init__(self, mxscope):
        self.mxscope = mxscope

    def __enter__(self):
        self.process = subprocess.Popen([self.mxscope, "lab"], stdout=subprocess.PIPE, text=True)
        told = {}
        while "trust-store" not in told:
            word, value = self.process.stdout.readline().split()
            told[word] = value
        self.arguments = ["--dns-server", told["dns"], "--smtp-port", told["smtp"], "--trust-store",
                          told["trust-store"], "--helo-name", "probe.example", "--per-host-gap", "0.15",
                          "--per-operator", "0", "--retry-later", "0", "--fail-on", "never"]
        for partner in PARTNERS:
            self.arguments += ["--partner", partner + ".example"]
        self.arguments += [domain + ".example" for domain in DOMAINS]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def audit(self, *more, **how):
        return subprocess.Popen([self.mxscope, "audit", *self.arguments, *more], stderr=subprocess.DEVNULL, **how)


def verdicts(report):
    return {domain["domain"]: (domain["verdict"], domain["reason"]) for domain in report["domains"]}


def endpoints(report):
    """What is known of each endpoint that has facts, by where it is."""
    found = {}
    for domain in report["domains"]:
        for host in domain["hosts"]:
            for endpoint in host["endpoints"]:
                if endpoint["probed_at"]:
                    found[endpoint["address"], endpoint["port"], host["host"]] = endpoint
    return found


def finished(report):
    """Nothing is left to ask these; what was said of them stays."""
    return {key: (endpoint["versions"], endpoint["log"], endpoint["probed_at"])
            for key, endpoint in endpoints(report).items() if endpoint["full"]}
