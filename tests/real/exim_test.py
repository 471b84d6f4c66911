"""Audits of one Exim, built with GnuTLS, whose TLS settings are looked up by the address that a client came to."""

import os

from certs import Authority
from expect import Case, check_report, lacks, no_claim, offers
from lab import main, own

FLOOR = "version-below-floor"
NO_SUITE = "no-shared-suite"
TLS13 = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}


def priority(versions, *changes):
    """A GnuTLS priority string: these versions alone, then the changes."""
    return ":".join(["NORMAL", "-VERS-ALL"] + ["+VERS-TLS" + v for v in versions.split()] + list(changes)
                    + ["%SERVER_PRECEDENCE"])


def only(cipher, key_exchange, mac=None):
    """The changes that leave one cipher, key exchange and, where it has one, MAC."""
    return ("-CIPHER-ALL", "+" + cipher, "-KX-ALL", "+" + key_exchange,
            *(("-MAC-ALL", "+" + mac) if mac else ()))


# Host label → (priority string, certificate).
LISTENERS = {
    "mx-tls13": (priority("1.3"), "good"),
    "mx-tls12": (priority("1.2", *only("AES-256-GCM", "ECDHE-RSA")), "good"),
    "mx-tls11": (priority("1.1", *only("AES-256-CBC", "ECDHE-RSA", "SHA1")), "good"),
    "mx-tls10": (priority("1.0", *only("AES-128-CBC", "RSA", "SHA1")), "good"),
    "mx-all": (priority("1.0 1.1 1.2 1.3"), "good"),
    "mx-rc4": (priority("1.2", *only("ARCFOUR-128", "RSA", "SHA1")), "good"),
    "mx-rc4-tls10": (priority("1.0", *only("ARCFOUR-128", "ECDHE-RSA", "SHA1")), "good"),
    "mx-3des": (priority("1.0 1.1 1.2", *only("3DES-CBC", "RSA", "SHA1")), "good"),
    "mx-dhe": (priority("1.2", *only("AES-128-GCM", "DHE-RSA")), "good"),
    "mx-static": (priority("1.2", *only("AES-128-GCM", "RSA")), "good"),
    "mx-c028": (priority("1.2", *only("AES-256-CBC", "ECDHE-RSA", "SHA384")), "good"),
    "mx-ccm-tls13": (priority("1.3", "-CIPHER-ALL", "+AES-128-CCM"), "good"),
    "mx-chacha-tls13": (priority("1.3", "-CIPHER-ALL", "+CHACHA20-POLY1305"), "good"),
    "mx-p384": (priority("1.3", "-GROUP-ALL", "+GROUP-SECP384R1"), "good"),
    "mx-p521": (priority("1.3", "-GROUP-ALL", "+GROUP-SECP521R1"), "good"),
    "mx-ecdsa": (priority("1.2", *only("AES-256-GCM", "ECDHE-ECDSA")), "ecdsa"),
    "mx-self": (priority("1.2 1.3"), "self"),
    "mx-ask": (priority("1.2 1.3"), "good"),
    "mx-plain": (priority("1.2 1.3"), "good"),
    "mx-slow": (priority("1.2 1.3"), "good"),
    "mx-reject": (priority("1.2 1.3"), "good"),
    "mx-defer": (priority("1.2 1.3"), "good"),
    "mx-drop": (priority("1.2 1.3"), "good"),
    "mx-broken": (priority("1.2 1.3"), "missing"),
    "mx-dh512": (priority("1.2", *only("AES-128-GCM", "DHE-RSA"), "-GROUP-DH-ALL"), "good"),
    "mx-demand": (priority("1.2"), "good"),
    "mx-demand-tls13": (priority("1.3"), "good"),
    "mx-greet": (priority("1.2 1.3"), "good"),
    "mx-rate": (priority("1.2 1.3"), "good"),
    "mx-helo": (priority("1.2 1.3"), "good"),
}


def cases(lab, facts):
    good = {**facts["good"], "matches_host": True, "trust_error": None}

    def mail(label, verdict, reason=None, **more):
        return Case(f"{label}.example", verdict, reason, **more)

    def one(version, suite, **more):
        return {"accepts": version, "suites": {"TLSv" + version: suite}, "certificate": good,
                "tls": {"version": "TLSv" + version, "cipher": suite}, **more}

    return [
        mail("tls13", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, certificate=good, tls={"version": "TLSv1.3"}),
        mail("tls12", "ready", **one("1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")),
        mail("tls11", "not-ready", FLOOR, **one("1.1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")),
        mail("tls10", "not-ready", FLOOR, klass="partner", **one("1.0", "TLS_RSA_WITH_AES_128_CBC_SHA")),
        mail("all", "ready", accepts="1.0 1.1 1.2 1.3", certificate=good, tls={"version": "TLSv1.3"}),
        mail("rc4", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": "TLS_RSA_WITH_RC4_128_SHA"}),
        mail("rc4-tls10", "not-ready", FLOOR, accepts="1.0", suites={"TLSv1.0": "TLS_ECDHE_RSA_WITH_RC4_128_SHA"}),
        mail("3des", "at-risk", NO_SUITE, accepts="1.0 1.1 1.2", certificate=good, suites={
            "TLSv1.0": "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLSv1.1": "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLSv1.2": "TLS_RSA_WITH_3DES_EDE_CBC_SHA"}),
        mail("dhe", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"}),
        mail("static", "ready", **one("1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256")),
        mail("c028", "ready", accepts="1.2", suites={"TLSv1.2": "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"}),
        mail("ccm-tls13", "at-risk", NO_SUITE, accepts="1.3", suites={"TLSv1.3": "TLS_AES_128_CCM_SHA256"}),
        mail("chacha-tls13", "ready", **one("1.3", "TLS_CHACHA20_POLY1305_SHA256")),
        mail("p384", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, tls={"version": "TLSv1.3", "group": "P-384"}),
        mail("p521", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, tls={"version": "TLSv1.3", "group": "P-521"}),
        mail("ecdsa", "at-risk", NO_SUITE, accepts="1.2", certificate=facts["ecdsa"],
             suites={"TLSv1.2": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"}),
        mail("self", "not-ready", "certificate-untrusted", klass="partner", requirement="chain", accepts="1.2 1.3",
             certificate={**facts["self"], "trust_error": bool}),
        mail("ask", "ready", accepts="1.2 1.3", tls={"client_certificate_requested": True}),
        mail("plain", "plaintext", "no-starttls", tls=False, endpoint={"smtp": {"starttls": "not-offered"}}),
        mail("slow", "ready", accepts="1.2 1.3", endpoint={"timings_ms": {"banner": lambda ms: ms >= 900}}),
        mail("reject", "unreachable", "smtp-rejected", tls=False, endpoint={
            "error": "smtp-rejected", "smtp": {"code": 550}, "versions": no_claim}),
        mail("defer", "unreachable", "greylisted", tls=False, endpoint={
            "error": "greylisted", "attempts": 2, "smtp": {"code": 451}, "versions": no_claim}),
        mail("drop", "unreachable", "throttled", tls=False, endpoint={
            "error": "throttled", "smtp": {"code": 421}, "versions": no_claim}),
        # STARTTLS is offered, but Exim cannot load the certificate and answers 454 each time
        mail("broken", "unreachable", "greylisted", tls=False, endpoint={
            "error": "greylisted", "attempts": 2, "smtp": {"starttls": {"offered", "rejected"}, "code": 454},
            "versions": no_claim}),
        mail("dh512", "at-risk", NO_SUITE, accepts="1.2", suites={"TLSv1.2": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
             endpoint={"dh_bits": 512}),
        # No client certificate, no handshake: with TLS 1.3 that comes out only after we took it for done
        mail("demand", "at-risk", "handshake-failed", accepts="1.2", certificate=good,
             tls={"client_certificate_requested": True, "completed": False}),
        mail("demand-tls13", "at-risk", "handshake-failed", accepts="1.3", certificate=good,
             tls={"client_certificate_requested": True, "completed": False}),
        # Only the first connection is kept waiting
        mail("greet", "ready", accepts="1.2 1.3", certificate=good,
             endpoint={"timings_ms": {"banner": lambda ms: ms >= 5900}}),
        # The third connection is one too many: what the first two brought stays
        mail("rate", "ready", accepts="1.2 1.3", otherwise="unknown", certificate=good, tls={"version": "TLSv1.3"},
             endpoint={"version_details": {version: {"error": "throttled", "alert": None}
                                           for version in ("SSLv3", "TLSv1.0", "TLSv1.1")}}),
        mail("helo", "ready", accepts="1.2 1.3", certificate=good),
        Case(f"smtps://mx-tls12.example:{lab.smtps_port}", "ready", klass="relay", route="direct", accepts="1.2",
             suites={"TLSv1.2": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}, certificate=good,
             endpoint={"protocol": "smtps", "smtp": {"starttls": "not-applicable"}}),
        Case(f"smtps://mx-rc4-tls10.example:{lab.smtps_port}", "not-ready", FLOOR, klass="relay", route="direct",
             accepts="1.0", suites={"TLSv1.0": "TLS_ECDHE_RSA_WITH_RC4_128_SHA"},
             endpoint={"protocol": "smtps", "smtp": {"starttls": "not-applicable"}}),
        Case(f"smtps://mx-tls13.example:{lab.smtps_port}", "ready", klass="relay", route="direct", accepts="1.3",
             suites={"TLSv1.3": TLS13}, certificate=good, endpoint={"smtp": {"starttls": "not-applicable"}}),
        Case(f"submission://mx-all.example:{lab.submission_port}", "ready", klass="relay", route="direct",
             accepts="1.0 1.1 1.2 1.3", certificate=good, tls={"version": "TLSv1.3"}, endpoint={
                 "protocol": "submission", "smtp": {"starttls": "offered", "ehlo": lacks("AUTH"),
                                                    "ehlo_tls": offers("AUTH")}}),
        Case(f"submission://mx-tls11.example:{lab.submission_port}", "not-ready", FLOOR, klass="relay", route="direct",
             **one("1.1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"), endpoint={"protocol": "submission"}),
        Case(f"submission://mx-plain.example:{lab.submission_port}", "plaintext", "no-starttls", klass="relay",
             route="direct", tls=False, endpoint={"smtp": {"starttls": "not-offered", "ehlo": lacks("AUTH")}}),
    ]


def later_cases():
    """What comes out when the limit is used up, and under a name that the server does not take from us."""
    def nothing(label, error, code, **endpoint):
        return Case(f"{label}.example", "unreachable", error, tls=False, endpoint={
            "error": error, "smtp": {"code": code, "starttls": "unknown"}, "versions": no_claim, "certificate": None,
            **endpoint})

    return [
        nothing("rate", "throttled", 421, stage="banner", attempts=2),
        nothing("helo", "smtp-rejected", 550, stage="ehlo", attempts=1),
    ]


CONFIG = """
primary_hostname = exim.lab.example
local_interfaces = {addresses}
daemon_smtp_ports = {smtp} : {smtps} : {submission}
tls_on_connect_ports = {smtps}
pid_file_path = /run/exim.pid
log_file_path = /var/log/%slog
log_selector = +tls_cipher +smtp_connection +smtp_protocol_error +smtp_syntax_error
host_lookup =
rfc1413_hosts =
smtp_accept_max = 200
smtp_accept_queue = 0
recipient_unqualified_hosts =
tls_advertise_hosts = ${{if eq{{$received_ip_address}}{{{plain}}}{{}}{{*}}}}
tls_try_verify_hosts = ${{if eq{{$received_ip_address}}{{{ask}}}{{*}}{{}}}}
tls_require_ciphers = ${{lookup{{$received_ip_address}}lsearch{{/etc/lab/ciphers}}}}
tls_certificate = /etc/lab/${{lookup{{$received_ip_address}}lsearch{{/etc/lab/certificates}}}}.pem
tls_privatekey = /etc/lab/${{lookup{{$received_ip_address}}lsearch{{/etc/lab/certificates}}}}.key
tls_verify_certificates = /etc/lab/good.pem
tls_verify_hosts = ${{lookup{{$received_ip_address}}lsearch{{/etc/lab/demanding}}{{*}}}}
tls_dhparam = ${{lookup{{$received_ip_address}}lsearch{{/etc/lab/groups}}{{$value}}{{none}}}}
smtp_enforce_sync = true
acl_smtp_connect = connect
acl_smtp_helo = hello
acl_smtp_rcpt = nobody

begin acl
connect:
  deny condition = ${{if eq{{$received_ip_address}}{{{reject}}}}}
       message = we do not talk to strangers
  defer condition = ${{if eq{{$received_ip_address}}{{{defer}}}}}
       message = come back later
  defer condition = ${{if eq{{$received_ip_address}}{{{drop}}}}}
       message = 421 too many connections
  accept condition = ${{if eq{{$received_ip_address}}{{{slow}}}}}
       delay = 1s
  defer condition = ${{if eq{{$received_ip_address}}{{{rate}}}}}
       ratelimit = 2.5 / 1h / strict / per_conn
       message = 421 slow down
  accept condition = ${{if eq{{$received_ip_address}}{{{greet}}}}}
         !ratelimit = 1.5 / 1h / strict / per_conn / greet
         delay = 6s
  accept
hello:
  deny condition = ${{if eq{{$received_ip_address}}{{{helo}}}}}
       condition = ${{if !eq{{$sender_helo_name}}{{test.example}}}}
       message = that is not your name
  accept
nobody:
  deny

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = no
  server_advertise_condition = ${{if and {{{{eq{{$received_port}}{{{submission}}}}} {{def:tls_in_cipher}}}}}}
"""


# Labels of mx- hosts that the configuration names.
MARKED = ("plain", "ask", "reject", "defer", "drop", "slow", "greet", "rate", "helo")
DH = """-----BEGIN DH PARAMETERS-----
MEYCQQDngIAiIqOQJ1oBsxTc4W8Wnl9a/RXdkSCxcmMBLpVSSRdJETzpeFHLcqM6
IQgw0sJQE5sXDe++ClA5O+GgfPsPAgEC
-----END DH PARAMETERS-----
"""


def write_config(tree, lab, addresses):
    folder = os.path.join(tree, "etc/lab")
    os.makedirs(folder, exist_ok=True)
    marked = {name: addresses["mx-" + name] for name in MARKED}
    texts = {"demanding": "".join(f"{addresses[label]}: *\n" for label in LISTENERS if label.startswith("mx-demand")),
             "groups": f"{addresses['mx-dh512']}: /etc/lab/dh512.pem\n{addresses['mx-dhe']}: ffdhe2048\n",
             "dh512.pem": DH}
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    with open(os.path.join(folder, "exim.conf"), "w") as out:
        out.write(CONFIG.format(addresses=" : ".join(addresses[label] for label in LISTENERS), smtp=lab.smtp_port,
                                smtps=lab.smtps_port, submission=lab.submission_port, **marked))
    for name, column in (("ciphers", 0), ("certificates", 1)):
        with open(os.path.join(folder, name), "w") as out:
            for label, listener in LISTENERS.items():
                out.write(f"{addresses[label]}: {listener[column]}\n")
    for name in ("var/log", "var/spool/exim4"):
        os.makedirs(os.path.join(tree, name), exist_ok=True)
        own(os.path.join(tree, name), "Debian-exim")


def make_certificates(lab, tree):
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    hosts = [label + ".example" for label in LISTENERS]
    leaves = {"good": authority.leaf(hosts), "ecdsa": authority.leaf(["mx-ecdsa.example"], "ECDSA P-256"),
              "self": authority.leaf(["mx-self.example"], signer="self")}
    for name, leaf in leaves.items():
        for path in leaf.write(os.path.join(tree, "etc/lab"), name):
            own(path, "Debian-exim")
    return {name: leaf.facts for name, leaf in leaves.items()}


def test(lab):
    tree = lab.root("exim")
    lab.smtps_port, lab.submission_port = lab.port(), lab.port()
    facts = make_certificates(lab, tree)
    addresses = {label: lab.address() for label in LISTENERS}
    for label, address in addresses.items():
        lab.domain(label.partition("-")[2], (10, label, address))
    lab.serve_names()
    write_config(tree, lab, addresses)
    process = lab.start("exim", tree, "/usr/sbin/exim4", "-bdf", "-C", "/etc/lab/exim.conf")
    lab.await_line(process, addresses["mx-plain"], lab.smtp_port)  # to the others we come for the first time
    lab.pause()
    table = cases(lab, facts)
    found = check_report(table, *lab.audit(table, lab.trust_store))
    later = later_cases()
    found += check_report(later, *lab.audit(later, lab.trust_store, options=["--helo-name", "other.example"]))
    return found + lab.complaints()


main(test)
