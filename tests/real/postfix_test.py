"""Audits of one Postfix with many listeners: each has its own protocols, ciphers, groups and certificate."""

import os

from certs import Authority
from expect import Case, NOT_SEEN, check_report, check_tree, lacks, no_claim, offers
from lab import main
import postfix
from postfix import (C027, C028, CAMELLIA, CBC, CCM, CCM8, CHACHA, DHE, DHE_SHA, ECDSA, GCM, STATIC, STATIC_SHA, TLS13,
                     demand, direct, listen)

# Every listener: the host label under example → how it is configured.
LISTENERS = {
    "mx-tls13": listen("1.3"),
    "mx-tls12": listen("1.2", [GCM]),
    "mx-tls11": listen("1.1", [CBC]),
    "mx-tls10": listen("1.0", [CBC]),
    "mx-all": listen("1.0 1.1 1.2 1.3", [GCM, CBC]),
    "mx-tls11-12": listen("1.1 1.2", [GCM, CBC]),
    "mx-tls10-12": listen("1.0 1.2", [GCM, CBC]),
    "mx-dhe": listen("1.2", [DHE]),
    "mx-dhe-tls10": listen("1.0", [DHE_SHA]),
    "mx-static": listen("1.2", [STATIC]),
    "mx-static-sha": listen("1.2", [STATIC_SHA]),
    "mx-c027": listen("1.2", [C027]),
    "mx-c028": listen("1.2", [C028]),
    "mx-chacha": listen("1.2", [CHACHA]),
    "mx-ccm": listen("1.2", [CCM]),
    "mx-ccm8": listen("1.2", [CCM8], "ecdsa"),
    "mx-camellia": listen("1.2", [CAMELLIA]),
    "mx-anonymous": listen("1.0 1.1 1.2 1.3", certificate=None),
    "mx-ecdsa": listen("1.2 1.3", [ECDSA], "ecdsa"),
    "mx-ecdsa-tls12": listen("1.2", [ECDSA], "ecdsa"),
    "mx-dual": listen("1.2", [ECDSA, GCM], "dual"),
    "mx-p384": listen("1.3", groups=["P-384"]),
    "mx-p521": listen("1.3", groups=["P-521"]),
    "mx-p384-tls12": listen("1.2", [GCM], groups=["P-384"]),
    "mx-self": listen(certificate="self"),
    "mx-expired": listen(certificate="expired"),
    "mx-future": listen(certificate="future"),
    "mx-wrong": listen(certificate="wrong"),
    "mx-short": listen(certificate="short"),
    "mx-wild": listen(certificate="wild"),
    "mx-ask": listen(smtpd_tls_ask_ccert="yes"),
    "mx-require": demand(),
    "mx-plain": listen(smtpd_tls_security_level="none"),
    "mx-hidden": listen(smtpd_discard_ehlo_keywords="starttls"),
    "mx-reject": listen(smtpd_client_restrictions="reject"),
    "mx-defer": listen(smtpd_client_restrictions="defer"),
    "mx-helo": listen(smtpd_discard_ehlo_keywords="pipelining, chunking, dsn, etrn"),
    "mx-postscreen": postfix.postscreen("postscreen"),
}
SASL = {"smtpd_sasl_auth_enable": "yes"}
# Where users and applications send, by host label. A submission port has STARTTLS, an smtps port TLS from the first
# byte, unless someone mistook one for the other.
SUBMISSION = {
    "sub-demand": demand(smtpd_tls_auth_only="yes", **SASL),
    "sub-may": listen("1.2", [GCM], smtpd_tls_auth_only="yes", **SASL),
    "sub-clear": listen(smtpd_tls_auth_only="no", **SASL),
    "sub-tls13": demand("1.3"),
    "sub-old": demand("1.0 1.1", [CBC]),
    "sub-plain": listen(smtpd_tls_security_level="none", **SASL),
    "sub-direct": direct(),
}
SMTPS = {
    "mx-wrapper": direct(),
    "smtps-tls12": direct("1.2", [GCM], smtpd_tls_auth_only="yes", **SASL),
    "smtps-tls13": direct("1.3"),
    "smtps-old": direct("1.0", [CBC]),
    "smtps-dhe": direct("1.2", [DHE]),
    "smtps-ask": direct(smtpd_tls_ask_ccert="yes"),
    "smtps-plain": listen(smtpd_tls_security_level="none"),
}

FLOOR = "version-below-floor"
NO_SUITE = "no-shared-suite"


def cases(lab, facts):
    """The table: what each domain should come out as. `facts` maps certificate names to their facts."""
    good = {**facts["good"], "trust_error": None, "matches_host": True}

    def at(version, pair, **more):
        return {"version": "TLSv" + version, "cipher": pair if isinstance(pair, str) else pair[1], **more}

    def mail(label, verdict, reason=None, **more):
        return Case(f"{label}.example", verdict, reason, **more)

    return [
        # Versions
        mail("tls13", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, certificate=good,
             tls=at("1.3", TLS13, client_certificate_requested=False)),
        mail("tls12", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]}, certificate=good,
             tls=at("1.2", GCM, group="X25519")),
        mail("tls11", "not-ready", FLOOR, accepts="1.1", suites={"TLSv1.1": CBC[1]}, certificate=good,
             tls=at("1.1", CBC, group="X25519")),
        mail("tls10", "not-ready", FLOOR, accepts="1.0", suites={"TLSv1.0": CBC[1]}, certificate=good,
             tls=at("1.0", CBC, group="X25519")),
        mail("tls10-partner", "not-ready", FLOOR, klass="partner", accepts="1.0", endpoint={"shared_by": 6}),
        mail("all", "ready", accepts="1.0 1.1 1.2 1.3", certificate=good, tls=at("1.3", TLS13),
             suites={"TLSv1.0": CBC[1], "TLSv1.1": CBC[1], "TLSv1.2": GCM[1], "TLSv1.3": TLS13}),
        mail("tls11-12", "ready", accepts="1.1 1.2", suites={"TLSv1.1": CBC[1], "TLSv1.2": GCM[1]},
             tls=at("1.2", GCM), certificate=good),
        mail("tls10-12", "ready", accepts="1.0 1.2", suites={"TLSv1.0": CBC[1], "TLSv1.2": GCM[1]},
             tls=at("1.2", GCM), certificate=good),
        # Suites: what BoringSSL lacks must not look like a missing version
        mail("dhe", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": DHE[1]}, certificate=good),
        mail("dhe-partner", "at-risk", NO_SUITE, klass="partner", accepts="1.2", endpoint={"shared_by": 2}),
        mail("dhe-tls10", "not-ready", FLOOR, accepts="1.0", suites={"TLSv1.0": DHE_SHA[1]}),
        mail("static", "ready", accepts="1.2", suites={"TLSv1.2": STATIC[1]}, certificate=good,
             tls=at("1.2", STATIC, group=None)),
        mail("static-sha", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": STATIC_SHA[1]}, certificate=good,
             tls=at("1.2", STATIC_SHA, group=None)),
        mail("c027", "ready", accepts="1.2", suites={"TLSv1.2": C027[1]}, certificate=good),
        mail("c028", "ready", accepts="1.2", suites={"TLSv1.2": C028[1]}, certificate=good),
        mail("c028-chain", "ready", klass="partner", requirement="chain", accepts="1.2", certificate=good),
        mail("chacha", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": CHACHA[1]}, certificate=good,
             tls=at("1.2", CHACHA)),
        mail("ccm", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": CCM[1]}, certificate=good),
        mail("ccm8", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": CCM8[1]},
             certificate=facts["ecdsa"]),
        mail("camellia", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": CAMELLIA[1]}, certificate=good),
        mail("anonymous", "at-risk", NO_SUITE, accepts="1.0 1.1 1.2", tls=False, certificate=None, suites={
            "TLSv1.2": lambda suite: "_anon_" in suite}),
        mail("ecdsa", "ready", accepts="1.2 1.3", suites={"TLSv1.2": ECDSA[1], "TLSv1.3": TLS13},
             certificate=facts["ecdsa"], tls=at("1.3", TLS13)),
        mail("ecdsa-tls12", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": ECDSA[1]},
             certificate=facts["ecdsa"], tls=at("1.2", ECDSA)),
        mail("dual", "ready", accepts="1.2", suites={"TLSv1.2": {ECDSA[1], GCM[1]}}),
        # Groups: a HelloRetryRequest is an answer
        mail("p384", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, certificate=good,
             tls=at("1.3", TLS13, group="P-384")),
        mail("p521", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, certificate=good,
             tls=at("1.3", TLS13, group="P-521")),
        mail("p384-tls12", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]}, certificate=good,
             tls=at("1.2", GCM, group="P-384")),
        # Certificates: facts for all, verdicts only where the requirement says so
        mail("self", "ready", accepts="1.2 1.3", certificate={**facts["self"], "matches_host": True,
             "trust_error": bool}, warnings=("mx-self.example",)),
        mail("self-partner", "ready", klass="partner", accepts="1.2 1.3"),
        mail("self-chain", "not-ready", "certificate-untrusted", klass="partner", requirement="chain",
             accepts="1.2 1.3"),
        mail("expired", "ready", accepts="1.2 1.3", certificate={**facts["expired"], "trust_error": bool},
             warnings=("mx-expired.example",)),
        mail("expired-chain", "not-ready", "certificate-expired", klass="partner", requirement="chain",
             accepts="1.2 1.3"),
        mail("expired-none", "ready", klass="partner", requirement="none", accepts="1.2 1.3"),
        mail("future-chain", "not-ready", "certificate-expired", klass="partner", requirement="chain",
             accepts="1.2 1.3", certificate={**facts["future"], "trust_error": bool}),
        mail("short-chain", "not-ready", "certificate-untrusted", klass="partner", requirement="chain",
             accepts="1.2 1.3", certificate={**facts["short"], "trust_error": bool}),
        mail("wrong", "ready", accepts="1.2 1.3", certificate={**facts["wrong"], "trust_error": None,
             "matches_host": False}),
        mail("wrong-name", "not-ready", "certificate-name-mismatch", klass="partner", requirement="name",
             accepts="1.2 1.3"),
        mail("wrong-chain", "ready", klass="partner", requirement="chain", accepts="1.2 1.3"),
        mail("wrong-tls-domain", "ready", klass="partner", requirement="name", tls_domain="elsewhere.example",
             accepts="1.2 1.3", certificate={"matches_host": False, "matches_tls_domain": True}),
        mail("good-tls-domain", "not-ready", "certificate-name-mismatch", klass="partner", requirement="name",
             tls_domain="elsewhere.example", accepts="1.3",
             certificate={"matches_host": True, "matches_tls_domain": False}),
        mail("good-name", "ready", klass="partner", requirement="name", accepts="1.3"),
        mail("wild-name", "ready", klass="partner", requirement="name", accepts="1.2 1.3",
             certificate={**facts["wild"], "matches_host": True}),
        mail("ask", "ready", accepts="1.2 1.3", certificate=good,
             tls={"version": "TLSv1.3", "client_certificate_requested": True}),
        # Dialogue
        mail("require", "ready", accepts="1.2 1.3", certificate=good),
        mail("helo", "ready", accepts="1.2 1.3", certificate=good),
        mail("postscreen", "ready", accepts="1.2 1.3", certificate=good),
        mail("plain", "plaintext", "no-starttls", tls=False, endpoint={
            "smtp": {"starttls": "not-offered"}, "certificate": None, "error": None}),
        mail("plain-partner", "plaintext", "no-starttls", klass="partner"),
        mail("hidden", "plaintext", "no-starttls", tls=False, endpoint={"smtp": {"starttls": "not-offered"}}),
        mail("reject", "unreachable", "smtp-rejected", tls=False, endpoint={
            "error": "smtp-rejected", "smtp": {"code": 554, "starttls": "unknown"}, "versions": no_claim}),
        mail("defer", "unreachable", "greylisted", tls=False, endpoint={
            "error": "greylisted", "attempts": 2, "smtp": {"code": 450, "starttls": "unknown"}, "versions": no_claim}),
        mail("refused", "unreachable", "connect-refused", tls=False, endpoint={
            "error": "connect-refused", "stage": "connect", "versions": no_claim}),
        # Routes
        mail("mixed", "at-risk", "some-endpoints-below-floor"),
        mail("mixed-partner", "at-risk", "some-endpoints-below-floor", klass="partner"),
        mail("half-dead", "ready", warnings=("mx-refused.example",)),
        mail("both-old", "not-ready", FLOOR),
        mail("two-addresses", "at-risk", "some-endpoints-below-floor"),
        mail("mx-tls13", "ready", route="implicit-mx", accepts="1.3"),
        mail("null", "no-mail", "null-mx", route="null-mx"),
        mail("missing", "no-mail", "nxdomain", route="none"),
        mail("empty", "no-mail", "no-address", route="none"),
        mail("lost", "unreachable", "mx-no-address"),
        mail("alias", "ready", accepts="1.3", warnings=("CNAME",)),
        mail("many", "ready", domain_facts={"hosts": lambda hosts: len(hosts) == 1 + len(LOST)}),
        mail("smart", "not-ready", FLOOR, klass="partner", smart_host="mx-tls10.example", route="smart-host",
             accepts="1.0"),
        # Endpoints by URL
        Case(f"submission://mx-tls10.example:{lab.smtp_port}", "not-ready", FLOOR, klass="relay", route="direct",
             accepts="1.0", endpoint={"protocol": "submission"}),
        Case(f"smtp://mx-tls12.example:{lab.smtp_port}", "ready", klass="relay", route="direct", accepts="1.2",
             suites={"TLSv1.2": GCM[1]}),
        *relays(lab, good),
    ]


def relays(lab, good):
    """Submission and smtps: never opportunistic, so that mail stops where a domain's would go out in clear."""
    def starttls(**smtp):
        return {"protocol": "submission", "port": lab.submission_port,
                "smtp": {"starttls": "offered", "code": None, "injection": NOT_SEEN, **smtp}}

    def case(url, *arguments, **more):
        return Case(url, *arguments, klass="relay", route="direct", **more)

    def submission(label, *arguments, **more):
        return case(f"submission://{label}.example:{lab.submission_port}", *arguments, **more)

    def smtps(label, *arguments, **more):
        endpoint = {"protocol": "smtps", "port": lab.smtps_port, "smtp": {
            "starttls": "not-applicable", "code": None, "injection": NOT_SEEN}}
        return case(f"smtps://{label}.example:{lab.smtps_port}", *arguments, endpoint=endpoint, **more)

    return [
        submission("sub-demand", "ready", accepts="1.2 1.3", certificate=good, tls={"version": "TLSv1.3"},
                   endpoint=starttls(ehlo=lacks("AUTH"), ehlo_tls=offers("AUTH"))),
        submission("sub-may", "ready", accepts="1.2", certificate=good, tls={"version": "TLSv1.2", "cipher": GCM[1]},
                   suites={"TLSv1.2": GCM[1]}, endpoint=starttls(ehlo=lacks("AUTH"), ehlo_tls=offers("AUTH"))),
        submission("sub-clear", "ready", accepts="1.2 1.3", certificate=good,
                   endpoint=starttls(ehlo=offers("AUTH"), ehlo_tls=offers("AUTH"))),
        submission("sub-tls13", "ready", accepts="1.3", certificate=good, suites={"TLSv1.3": TLS13},
                   endpoint=starttls()),
        submission("sub-old", "not-ready", FLOOR, accepts="1.0 1.1", certificate=good, tls={"version": "TLSv1.1"},
                   suites={"TLSv1.0": CBC[1], "TLSv1.1": CBC[1]}, endpoint=starttls()),
        submission("sub-plain", "plaintext", "no-starttls", tls=False, endpoint={
            **starttls(starttls="not-offered", ehlo=offers("AUTH"), ehlo_tls=None), "certificate": None,
            "error": None}),
        smtps("mx-wrapper", "ready", accepts="1.2 1.3", certificate=good, tls={"version": "TLSv1.3"}),
        smtps("smtps-tls12", "ready", accepts="1.2", certificate=good, suites={"TLSv1.2": GCM[1]}),
        smtps("smtps-tls13", "ready", accepts="1.3", certificate=good, suites={"TLSv1.3": TLS13}),
        smtps("smtps-old", "not-ready", FLOOR, accepts="1.0", certificate=good, suites={"TLSv1.0": CBC[1]},
              tls={"version": "TLSv1.0", "cipher": CBC[1], "group": "X25519"}),
        smtps("smtps-dhe", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": DHE[1]}, certificate=good),
        smtps("smtps-ask", "ready", accepts="1.2 1.3", tls={"client_certificate_requested": True}),
    ]


def mistaken(lab):
    """One kind of port taken for the other: no TLS was met there, which does not say that there is none."""
    def case(url, *verdict, **endpoint):
        return Case(url, *verdict, klass="relay", route="direct", tls=False, endpoint={
            "versions": no_claim, "certificate": None, **endpoint})

    return [
        case(f"submission://sub-direct.example:{lab.submission_port}", "unreachable", "banner-timeout",
             error="banner-timeout", stage="banner", attempts=2, smtp={"starttls": "unknown", "banner": None}),
        case(f"smtps://smtps-plain.example:{lab.smtps_port}", "unknown", "tls-inconclusive",
             error="not-tls", stage="hello", smtp={"starttls": "not-applicable"}),
    ]


# Exchanges without an address, too many for one UDP answer.
LOST = [f"mx-{number}-of-a-farm-with-long-names-but-without-any-address" for number in range(40)]

# Domains that do not have exactly the one exchange mx-LABEL.
EXCHANGES = {
    "tls10-partner": ["mx-tls10"], "dhe-partner": ["mx-dhe"], "self-partner": ["mx-self"], "self-chain": ["mx-self"],
    "c028-chain": ["mx-c028"], "expired-chain": ["mx-expired"],
    "expired-none": ["mx-expired"], "future-chain": ["mx-future"],
    "short-chain": ["mx-short"], "wrong-name": ["mx-wrong"], "wrong-chain": ["mx-wrong"],
    "wrong-tls-domain": ["mx-wrong"], "good-tls-domain": ["mx-tls13"], "good-name": ["mx-tls13"],
    "wild-name": ["mx-wild"], "plain-partner": ["mx-plain"], "mixed": ["mx-tls13", "mx-tls10"],
    "mixed-partner": ["mx-tls13", "mx-tls10"], "half-dead": ["mx-tls12", "mx-refused"],
    "both-old": ["mx-tls10", "mx-tls11"], "lost": ["mx-nowhere"], "alias": ["mx-alias"],
    "two-addresses": ["mx-both"], "many": ["mx-tls13", *LOST],
}
ROUTELESS = ("mx-tls13", "null", "missing", "empty", "smart")


def write_zone(lab, table, addresses):
    for label, address in addresses.items():
        lab.record(f"{label} A {address}")
    lab.record(f"mx-both A {addresses['mx-tls12']}")
    lab.record(f"mx-both A {addresses['mx-tls10']}")
    lab.record("mx-alias CNAME mx-tls13")
    lab.record("null MX 0 .")
    lab.record("empty TXT nothing")
    for case in table:
        label = case.domain.partition(".")[0]
        if "://" in case.domain or label in ROUTELESS:
            continue
        for preference, host in enumerate(EXCHANGES.get(label, ["mx-" + label])):
            lab.record(f"{label} MX {10 * (1 + preference)} {host}")


def make_certificates(lab, tree):
    """Writes the certificates into the tree; their facts by name."""
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    hosts = [label + ".example" for label in [*LISTENERS, *SUBMISSION, *SMTPS]]
    leaves = {
        "good": authority.leaf(hosts),
        "ecdsa": authority.leaf(hosts, "ECDSA P-256"),
        "self": authority.leaf(["mx-self.example"], signer="self"),
        "expired": authority.leaf(["mx-expired.example"], days=(-90, -2)),
        "future": authority.leaf(["mx-future.example"], days=(3, 90)),
        "wrong": authority.leaf(["elsewhere.example"], signer="root"),
        "short": authority.leaf(["mx-short.example"], chain=False),
        "wild": authority.leaf(["*.example"], signer="root"),
    }
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/postfix"), name)
    return {name: leaf.facts for name, leaf in leaves.items()}


def test(lab):
    tree = lab.root("postfix")
    lab.smtps_port, lab.submission_port = lab.port(), lab.port()
    facts = make_certificates(lab, tree)
    table = cases(lab, facts)
    labels = [*LISTENERS, *SUBMISSION, *SMTPS, "mx-refused"]
    addresses = {label: lab.address() for label in labels}
    write_zone(lab, table, addresses)
    lab.serve_names()
    rooms = ((lab.smtp_port, LISTENERS), (lab.submission_port, SUBMISSION), (lab.smtps_port, SMTPS))
    postfix.write_config(tree, [postfix.service(addresses[label], port, options)
                                for port, listeners in rooms for label, options in listeners.items()])
    process = postfix.start(lab, tree)
    for label in LISTENERS:
        lab.await_line(process, addresses[label], lab.smtp_port)
    lab.pause()
    found = check_report(table, *lab.audit(table, lab.trust_store))
    found += check_tree(table, lab.tree(table, lab.trust_store))
    ready = [case for case in table if case.domain in ("tls13.example", "all.example")]
    found += check_report(ready, *lab.audit(ready, lab.trust_store))
    risky = [case for case in table if case.domain in ("dhe.example", "tls13.example")]
    found += check_report(risky, *lab.audit(risky, lab.trust_store))
    found += check_report(risky, *lab.audit(risky, lab.trust_store, fail_on="at-risk"), fail_on="at-risk")
    old = [case for case in table if case.domain == "tls10.example"]
    found += check_report(old, *lab.audit(old, lab.trust_store, fail_on="never"), fail_on="never")
    found += lab.complaints()
    wrong_ports = mistaken(lab)  # a TLS hello is no SMTP: from here on the servers may complain
    return found + check_report(wrong_ports, *lab.audit(wrong_ports, lab.trust_store,
                                                        options=["--banner-timeout", "0.5"]))


main(test)
