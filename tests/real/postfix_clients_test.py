"""Audits of one Postfix that treats clients by how often, how soon and by which name they come: postscreen, limits,
hidden keywords; and of its weak keys, small groups and several certificates at one address."""

import os
import smtplib

from certs import Authority
from expect import Case, NOT_SEEN, check_report, differences, lacks, no_claim, offers
from lab import main
import postfix
from postfix import CBC, DHE, DHE_SHA, ECDSA, GCM, TLS13, listen, postscreen

DEEP = {"postscreen_pipelining_enable": "yes", "postscreen_non_smtp_command_enable": "yes",
        "postscreen_bare_newline_enable": "yes", "postscreen_bare_newline_action": "enforce"}

# Host label → how the listener there is configured.
LISTENERS = {
    "mx-greet": postscreen("greet", postscreen_greet_wait="3s", postscreen_greet_banner="wait until we are ready"),
    "mx-deep": postscreen("deep", **DEEP),
    "mx-count": listen(smtpd_client_connection_count_limit="1"),
    "mx-rate": listen("1.0 1.1 1.2 1.3", [GCM, CBC], smtpd_client_connection_rate_limit="2"),
    "mx-sessions": listen("1.0 1.1 1.2 1.3", [GCM, CBC], smtpd_client_new_tls_session_rate_limit="1"),
    "mx-discard": listen(smtpd_discard_ehlo_keyword_address_maps="inline:{ 127.0.0.1=starttls }"),
    "mx-lockstep": listen(smtpd_forbid_unauth_pipelining="yes"),
    "mx-dual12": listen("1.2", [ECDSA, GCM], "dual"),
    "mx-dual13": listen("1.3", certificate="dual"),
    "mx-dual": listen("1.2 1.3", certificate="dual"),
    "mx-dh1024": listen("1.2", [DHE], smtpd_tls_dh1024_param_file="/etc/postfix/dh1024.pem"),
    "mx-dh1024-tls10": listen("1.0", [DHE_SHA], smtpd_tls_dh1024_param_file="/etc/postfix/dh1024.pem"),
    "mx-rsa1024": listen("1.2", [GCM], "weak"),
    "mx-sni-a": listen(tls_server_sni_maps="texthash:/etc/postfix/sni", smtpd_client_connection_count_limit="1"),
}
# What leads to each address: several names may.
NAMES = {"mx-count": ["mx-count", "mx-count-too"], "mx-sni-a": ["mx-sni-a", "mx-sni-b", "mx-sni-none"]}

DH = """-----BEGIN DH PARAMETERS-----
MIGHAoGBAP0eGiWLc6SL6nOMoSIr6ssgHiFKVhAGLDcTWFTt0efQ9y9/qXZh4H6a
lay0J7zGwLYOgGJ46LFGyOnjr4xIlw9vUFvpHLdplWLvCSr1KNMK583+VLYhcVpM
M1HxqAB83xp9Vbo3nMbaRXu8rNzgvVF0Tc+nHttXl0wUvZI60HTXAgEC
-----END DH PARAMETERS-----
"""
SNI = "".join(f"mx-sni-{name}.example /etc/postfix/sni-{name}.key, /etc/postfix/sni-{name}.pem\n" for name in "ab")


def mail(label, verdict, reason=None, **more):
    return Case(f"{label}.example", verdict, reason, **more)


def answer(**smtp):
    """An endpoint's "smtp" where nothing went wrong."""
    return {"smtp": {"starttls": "offered", "code": None, "injection": NOT_SEEN, **smtp}}


def pair(facts):
    """A listener with an RSA and an ECDSA certificate: it chooses, so either may be the one that is told of first."""
    prints = {facts["good"]["sha256"], facts["ecdsa"]["sha256"]}
    return {"certificate": {"sha256": prints},
            "endpoint": {"other_certificate": lambda other: other["sha256"] in prints}}


def cases(facts):
    good = {**facts["good"], "trust_error": None, "matches_host": True}
    own = {name: {**facts[name], "trust_error": None, "matches_host": True} for name in ("sni-a", "sni-b", "weak")}
    modern, seen = {"version": "TLSv1.3", "cipher": TLS13}, {"TLSv1.2": GCM[1], "TLSv1.3": TLS13}
    return [
        # Clients who wait get in
        mail("greet", "ready", accepts="1.2 1.3", certificate=good, endpoint={
            "timings_ms": {"banner": lambda ms: ms >= 2900},
            **answer(banner=lambda text: text.startswith("wait until we are ready"))}),
        mail("deep", "ready", accepts="1.2 1.3", certificate=good, endpoint=answer(ehlo=lacks("PIPELINING"))),
        mail("lockstep", "ready", accepts="1.2 1.3", certificate=good, endpoint={"other_certificate": None}),
        # One connection at a time for one client, whatever name it comes for
        mail("count", "ready", accepts="1.2 1.3", certificate=good),
        mail("count-too", "ready", accepts="1.2 1.3", certificate=good),
        mail("sni-a", "ready", accepts="1.2 1.3", certificate=own["sni-a"]),
        mail("sni-b", "ready", accepts="1.2 1.3", certificate=own["sni-b"]),
        mail("sni-none", "ready", accepts="1.2 1.3", certificate=good),
        # Two certificates: what a hello offers decides which is sent
        mail("dual", "ready", accepts="1.2 1.3", **pair(facts)),
        mail("dual12", "ready", accepts="1.2", suites={"TLSv1.2": {ECDSA[1], GCM[1]}}, **pair(facts)),
        mail("dual13", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, **pair(facts)),
        # Weak is not missing
        mail("dh1024", "at-risk", "no-shared-suite", accepts="1.2", suites={"TLSv1.2": DHE[1]}, certificate=good,
             endpoint={"dh_bits": 1024}),
        mail("dh1024-tls10", "not-ready", "version-below-floor", accepts="1.0", suites={"TLSv1.0": DHE_SHA[1]},
             certificate=good, endpoint={"dh_bits": 1024}),
        mail("rsa1024", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]}, certificate=own["weak"]),
        # Limits: the third connection gets 421 or 454. That says nothing of TLS, and takes back nothing
        mail("rate", "ready", accepts="1.2 1.3", otherwise="unknown", certificate=good, tls=modern, suites=seen,
             endpoint={"version_details": told("throttled")}),
        mail("sessions", "ready", accepts="1.2 1.3", otherwise="unknown", certificate=good, tls=modern, suites=seen,
             endpoint={"version_details": told("greylisted")}),
        mail("discard", "plaintext", "no-starttls", tls=False, endpoint={"smtp": {"starttls": "not-offered"}}),
    ]


def told(error):
    """The "version_details" of versions below TLS 1.2 that this error kept from being known."""
    return {version: {"error": error, "alert": None} for version in ("SSLv3", "TLSv1.0", "TLSv1.1")}


def limited_cases():
    """The limits again, within the minute that they hold for: nothing is known now, and nothing is said."""
    def limited(label, error, code, starttls):
        return mail(label, "unreachable", error, tls=False, endpoint={
            "error": error, "attempts": 2, "smtp": {"code": code, "starttls": starttls}, "versions": no_claim,
            "certificate": None})

    return [
        limited("rate", "throttled", 421, "unknown"),
        limited("sessions", "greylisted", 454, {"offered", "rejected"}),
    ]


def make_certificates(lab, tree):
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    names = {name + ".example" for label in LISTENERS for name in NAMES.get(label, [label])}
    leaves = {"good": authority.leaf(sorted(names)), "ecdsa": authority.leaf(sorted(names), "ECDSA P-256"),
              "weak": authority.leaf(["mx-rsa1024.example"], "RSA 1024"),
              "sni-a": authority.leaf(["mx-sni-a.example"]), "sni-b": authority.leaf(["mx-sni-b.example"])}
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/postfix"), name)
    return {name: leaf.facts for name, leaf in leaves.items()}


def test(lab):
    tree = lab.root("postfix")
    facts = make_certificates(lab, tree)
    addresses = {label: lab.address() for label in LISTENERS}
    for label, address in addresses.items():
        for host in NAMES.get(label, [label]):
            lab.domain(host[3:], (10, host, address))
    lab.serve_names()
    postfix.write_config(tree, [postfix.service(addresses[label], lab.smtp_port, options)
                                for label, options in LISTENERS.items()], {"dh1024.pem": DH, "sni": SNI})
    process = postfix.start(lab, tree)
    lab.await_line(process, addresses["mx-discard"], lab.smtp_port)  # and to the others we come for the first time
    lab.pause()
    table = cases(facts)
    found = check_report(table, *lab.audit(table, lab.trust_store))
    found += again(lab, addresses)
    hidden = [line for _, lines in lab.log_lines() for line in lines if "Connection concurrency limit" in line]
    return found + lab.complaints() + hidden


def again(lab, addresses):
    """What is different the second time, and from another address."""
    # A client that has passed all tests talks to smtpd itself
    passed = [mail("deep", "ready", accepts="1.2 1.3", endpoint=answer(ehlo=offers("PIPELINING")))]
    replies = [deliver(addresses["mx-deep"], lab.smtp_port) for _ in range(2)]
    found = differences("deep.example: RCPT TO", [450, 454], replies)
    table = limited_cases() + passed
    found += check_report(table, *lab.audit(table, lab.trust_store))
    elsewhere = [mail("discard", "ready", accepts="1.2 1.3")]
    return found + check_report(elsewhere, *lab.audit(elsewhere, lab.trust_store,
                                                      options=["--source-address", lab.address()]))


def deliver(address, port):
    """Takes a message as far as RCPT TO, as a mail server would; the reply's code."""
    with smtplib.SMTP(address, port, local_hostname="test.example", timeout=30) as client:
        client.ehlo()
        client.mail("someone@test.example")
        return client.rcpt("someone@deep.example")[0]


main(test)
