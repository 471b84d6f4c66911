"""Audits of a Postfix that stands still, goes away, also between two connections of one audit, and comes back."""

import os
from concurrent.futures import ThreadPoolExecutor

from certs import Authority
from expect import Case, check_report, no_claim
from lab import main, wait_for
import postfix
from postfix import direct, listen

LISTENERS = {"mx-host": listen(), "mx-direct": direct()}
HURRY = ["--banner-timeout", "0.5", "--io-timeout", "0.5"]


def cases(lab, smtp, smtps):
    """The same two targets each time: what each comes out as."""
    return [Case("host.example", **smtp),
            Case(f"smtps://mx-direct.example:{lab.smtps_port}", klass="relay", route="direct", **smtps)]


def nothing_known(verdict, reason, error, stage, starttls, attempts=2):
    return {"verdict": verdict, "reason": reason, "tls": False, "endpoint": {
        "error": error, "stage": stage, "attempts": attempts, "versions": no_claim, "certificate": None,
        "smtp": {"banner": None, "starttls": starttls}}}


class Server:
    """The Postfix, to be started again and again."""

    def __init__(self, lab):
        self.lab = lab
        self.tree = lab.root("postfix")
        authority = Authority()
        lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
        leaf = authority.leaf([label + ".example" for label in LISTENERS])
        leaf.write(os.path.join(self.tree, "etc/postfix"), "good")
        self.certificate = {**leaf.facts, "trust_error": None, "matches_host": True}
        self.addresses = {label: lab.address() for label in LISTENERS}
        lab.domain("host", (10, "mx-host", self.addresses["mx-host"]))
        lab.record(f"mx-direct A {self.addresses['mx-direct']}")
        ports = {"mx-host": lab.smtp_port, "mx-direct": lab.smtps_port}
        postfix.write_config(self.tree, [postfix.service(self.addresses[label], ports[label], options)
                                         for label, options in LISTENERS.items()])

    def start(self):
        self.process = postfix.start(self.lab, self.tree)
        self.lab.await_line(self.process, self.addresses["mx-host"], self.lab.smtp_port)

    def goodbyes(self):
        """How many clients came, spoke TLS and said QUIT."""
        return sum("starttls=1 quit=1" in line for _, lines in self.lab.log_lines() for line in lines)


def leaves_midway(lab, server):
    """The server goes when the first connection, the handshake, is over: what that brought is kept."""
    before = server.goodbyes()
    table = [Case("host.example", "ready", accepts="1.3", otherwise="unknown", tls={"version": "TLSv1.3"},
                  certificate=server.certificate, endpoint={"version_details": {
                      version: {"error": "connect-refused", "alert": None} for version in ("SSLv3", "TLSv1.0")}})]
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(lab.audit, table, lab.trust_store, options=["--per-host-gap", "2"])
        wait_for(lambda: server.goodbyes() > before, "the first connection's end")
        lab.kill(server.process)
        return check_report(table, *report.result())


def test(lab):
    lab.smtps_port = lab.port()
    server = Server(lab)
    lab.serve_names()
    server.start()
    lab.pause()
    good = {"verdict": "ready", "accepts": "1.2 1.3", "certificate": server.certificate}
    well = cases(lab, good, {**good, "endpoint": {"smtp": {"starttls": "not-applicable"}}})
    found = check_report(well, *lab.audit(well, lab.trust_store)) + lab.complaints()

    lab.freeze(server.process)
    still = cases(lab, nothing_known("unreachable", "banner-timeout", "banner-timeout", "banner", "unknown"),
                  nothing_known("unknown", "tls-inconclusive", "io-timeout", "hello", "not-applicable", attempts=1))
    found += check_report(still, *lab.audit(still, lab.trust_store, options=HURRY))
    lab.thaw(server.process)
    found += check_report(well, *lab.audit(well, lab.trust_store))

    lab.kill(server.process)
    gone = cases(lab, nothing_known("unreachable", "connect-refused", "connect-refused", "connect", "unknown"),
                 nothing_known("unreachable", "connect-refused", "connect-refused", "connect", "not-applicable"))
    found += check_report(gone, *lab.audit(gone, lab.trust_store, options=HURRY))
    server.start()
    found += check_report(well, *lab.audit(well, lab.trust_store))
    return found + leaves_midway(lab, server)


main(test)
