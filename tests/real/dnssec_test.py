"""Audits through Unbound, which validates: what it vouches for, what it cannot, and what it refuses to hand out.

NSD behind it serves one zone without signatures and three with: sound ones, ones that a record was changed under, and
ones whose time is over.
"""

import os
import re

from certs import Authority
from expect import Case, check_report
from lab import Failure, main
import postfix
from postfix import listen
from unbound import start_unbound

VOUCHED, NOT_VOUCHED = {"status": "ok", "authenticated": True}, {"status": "ok", "authenticated": False}
FAILED = {"status": "servfail", "authenticated": False}


def zones(lab, address):
    """The three zones that get signatures."""
    common = ["mail MX 10 mx", f"mx A {address}", "null MX 0 .", "empty TXT nothing", "moved MX 10 mx-moved",
              f"mx-moved A {address}", "abroad MX 10 mx.example."]
    return {origin: lab.zone_text(origin, common) for origin in ("secure", "bogus", "lapsed")}


def cases(validated):
    """What comes out through Unbound, or from NSD itself, who vouches for nothing and has no doubts."""
    def mail(domain, *verdict, dns, host=None, **more):
        facts = {"dns": dns}
        if host:
            facts["hosts"] = lambda hosts: [h["dns"]["authenticated"] for h in hosts] == [host == "vouched"]
        return Case(domain, *verdict, domain_facts=facts, **more)

    ours = VOUCHED if validated else NOT_VOUCHED
    signed = "vouched" if validated else "not vouched"
    table = [
        mail("mail.example", "ready", dns=NOT_VOUCHED, host="not vouched", accepts="1.2 1.3"),
        mail("abroad.example", "ready", dns=NOT_VOUCHED, host=signed, accepts="1.2 1.3"),
        mail("mail.secure", "ready", dns=ours, host=signed, accepts="1.2 1.3"),
        mail("abroad.secure", "ready", dns=ours, host="not vouched", accepts="1.2 1.3"),
        mail("null.secure", "no-mail", "null-mx", dns=ours, route="null-mx"),
        mail("missing.secure", "no-mail", "nxdomain", dns={**ours, "status": "nxdomain"}, route="none"),
        mail("empty.secure", "no-mail", "no-address", dns={**ours, "status": "no-data"}, route="none"),
    ]
    if not validated:
        return table + [mail("mail.lapsed", "ready", dns=NOT_VOUCHED, host="not vouched", accepts="1.2 1.3")]
    lost = {"reason": "dns-servfail", "dns": FAILED, "route": "none"}
    return table + [
        mail("mail.bogus", "ready", dns=VOUCHED, host="vouched", accepts="1.2 1.3"),
        # MX record, null MX, address of the exchange: changed after they were signed
        mail("abroad.bogus", "unreachable", **lost),
        mail("null.bogus", "unreachable", **lost),
        mail("moved.bogus", "unreachable", "dns-servfail", dns=VOUCHED, host="not vouched"),
        # A denial is no better than its signature
        *[mail(f"{label}.lapsed", "unreachable", **lost) for label in ("mail", "null", "missing", "empty")],
    ]


def tamper(text, address):
    """The signed zone bogus with three of its records changed and their signatures kept."""
    for label, honest, forged in (("abroad", "10 mx.example.", "10 mx.secure."),
                                  ("null", "0 .", "10 mx.secure."), ("mx-moved", address, "127.66.0.1")):
        pattern = rf"^({label}\.bogus\.\s.*\s(?:MX|A)\s+){re.escape(honest)}$"
        text, count = re.subn(pattern, rf"\g<1>{forged}", text, flags=re.MULTILINE)
        if count != 1:
            raise Failure(f"the signed zone has {count} records like {pattern}")
    return text


def sign(lab, tree, origin, text, *options):
    """(signed zone, its DS record)."""
    with open(os.path.join(tree, origin), "w") as out:
        out.write(text)
    key = lab.run(tree, "/usr/bin/ldns-keygen", "-a", "ECDSAP256SHA256", "-k", origin)
    lab.run(tree, "/usr/bin/ldns-signzone", *options, "-f", f"/{origin}.signed", f"/{origin}", f"/{key}")
    with open(os.path.join(tree, f"{origin}.signed")) as signed, open(os.path.join(tree, key + ".ds")) as anchor:
        return signed.read(), anchor.read().strip()


def start_postfix(lab, address):
    tree = lab.root("postfix")
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    names = ["mx.example", "mx.secure", "mx.bogus", "mx.lapsed"]
    authority.leaf(names).write(os.path.join(tree, "etc/postfix"), "good")
    postfix.write_config(tree, [postfix.service(address, lab.smtp_port, listen())])
    lab.await_line(postfix.start(lab, tree), address, lab.smtp_port)


def test(lab):
    address = lab.address()
    lab.domain("mail", (10, "mx", address))
    lab.record("abroad MX 10 mx.secure.")
    tree = lab.root("unbound")
    signed, anchors = {}, {}
    for origin, text in zones(lab, address).items():
        days = ["-i", "20200101", "-e", "20200201"] if origin == "lapsed" else []
        signed[origin], anchors[origin] = sign(lab, tree, origin, text, *days)
    signed["bogus"] = tamper(signed["bogus"], address)
    lab.serve_names(signed)
    start_postfix(lab, address)
    unbound = start_unbound(lab, tree, anchors)
    lab.pause()
    found = check_report(cases(False), *lab.audit(cases(False), lab.trust_store))
    lab.resolver = unbound
    return found + check_report(cases(True), *lab.audit(cases(True), lab.trust_store)) + lab.complaints()


main(test)
