"""Whom to write to, as NSD has it and Unbound hands it on: the SOA of a zone, also for a name within one, and TLS-RPT.

No mail server runs: all domains have a null MX.
"""

from certs import Authority
from expect import Case, check_report
from lab import main
from unbound import start_unbound

OWN = ["@ MX 0 .", "below MX 0 .", '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls%2Brua@contoso.example," '
       '"https://tlsrpt.contoso.example/v1"']
SHARED = ["plain MX 0 .", "two MX 0 .", '_smtp._tls.two TXT "v=TLSRPTv1; rua=mailto:one@two.example"',
          '_smtp._tls.two TXT "v=TLSRPTv1; rua=mailto:two@two.example"', "broken MX 0 .",
          '_smtp._tls.broken TXT "v=TLSRPTv1; rua=mailto:a%0d%0ab@broken.example"', "long MX 0 .",
          "_smtp._tls.long TXT " + " ".join('"' + "x" * 250 + '"' for _ in range(12)),
          '_smtp._tls.long TXT "v=TLSRPTv1; rua=mailto:tls@long.example"']


def partner(domain, contacts, zone, tls_rpt):
    """A domain that takes no mail, so that nobody is its postmaster."""
    named = [{"source": source, "address": address} for source, address in contacts]
    return Case(domain, "no-mail", "null-mx", klass="partner", route="null-mx",
                domain_facts={"contacts": named, "zone": zone, "policy": {"tls_rpt": tls_rpt}})


def cases():
    """The zone of all that is registered in example is nobody's, and a name within contoso.example is in that."""
    soa, ours = ("soa", "a.nurse@it.contoso.example"), {"status": "ok", "name": "contoso.example",
                                                         "mailbox": "a.nurse@it.contoso.example"}
    nobody, none = {"status": "no-data", "name": None, "mailbox": None}, {"record": None, "rua": []}
    return [
        partner("contoso.example", [soa, ("tls-rpt", "tls+rua@contoso.example")], ours,
                {"status": "ok", "rua": ["mailto:tls%2Brua@contoso.example", "https://tlsrpt.contoso.example/v1"]}),
        partner("below.contoso.example", [soa], ours, {"status": "nxdomain", **none}),
        partner("plain.example", [], nobody, {"status": "nxdomain", **none}),
        partner("two.example", [], nobody, {"status": "ok", **none}),
        partner("broken.example", [], nobody, {"status": "ok", **none}),
        partner("long.example", [("tls-rpt", "tls@long.example")], nobody, {"status": "ok"}),
        Case("missing.example", "no-mail", "nxdomain", klass="partner", route="none",
             domain_facts={"contacts": [], "zone": nobody | {"status": "nxdomain"},
                           "policy": {"tls_rpt": {"status": "nxdomain", **none}}}),
    ]


def test(lab):
    for line in SHARED:
        lab.record(line)
    zone = lab.zone_text("contoso.example", OWN).replace(" hostmaster ", r" a\.nurse.it ")
    lab.record("contoso NS ns")
    lab.serve_names({"contoso.example": zone})
    unbound = start_unbound(lab, lab.root("unbound"), {})
    lab.pause()
    trust_store = Authority().write_bundle(lab.path("ca.pem"))
    found = check_report(cases(), *lab.audit(cases(), trust_store))
    lab.resolver = unbound
    return found + check_report(cases(), *lab.audit(cases(), trust_store))


main(test)
