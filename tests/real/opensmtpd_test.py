"""Audits of three OpenSMTPDs: one as Debian's OpenSSL has it, one that allows old versions, one held at TLS 1.0.

Debian 12's OpenSMTPD 6.8.0 answers every TLS hello and then fails to use its private key: it does not get along with
OpenSSL 3 (OpenSMTPD issue 1171). A server that chooses a version and then breaks off is just what an audit must not
take for a good one, nor for one without TLS 1.2.
"""

import os

from certs import Authority
from expect import Case, anything, check_report, lacks, no_claim
from lab import main

TLS13 = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}
GCM = ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
CBC = ("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA")

# Instance → OpenSSL's protocol range and security level, smtpd's cipher list.
INSTANCES = {
    "modern": ("MinProtocol = TLSv1.2", 2, "HIGH:!aNULL"),
    "lenient": ("MinProtocol = TLSv1", 0, f"{GCM[0]}:{CBC[0]}:@SECLEVEL=0"),
    "old": ("MinProtocol = TLSv1\nMaxProtocol = TLSv1", 0, f"{CBC[0]}:@SECLEVEL=0"),
}

# Host label → instance, what follows `listen on ADDRESS port PORT`, and the certificate; "smtps" uses its own port.
LISTENERS = {
    "mx-may": ("modern", "tls", "good"),
    "mx-require": ("modern", "tls-require", "good"),
    "mx-ecdsa": ("modern", "tls", "ecdsa"),
    "mx-plain": ("modern", "", None),
    "mx-direct": ("modern", "smtps", "good"),
    "mx-submission": ("modern", "tls-require auth", "good"),
    "mx-known": ("modern", 'tls filter "nameless"', "good"),
    "mx-lenient": ("lenient", "tls", "good"),
    "mx-old": ("old", "tls", "good"),
    "mx-old-direct": ("old", "smtps", "good"),
}


def cases(lab):
    # How the failure is told (error, stage, tries) is not what this is about.
    told = {"error": anything, "stage": anything, "attempts": anything}
    direct = {"protocol": "smtps", "smtp": {"starttls": "not-applicable"}, **told}
    modern = {"verdict": "at-risk", "reason": "handshake-failed", "accepts": "1.2 1.3", "suites": {"TLSv1.3": TLS13},
              "tls": {"version": "TLSv1.3"}}
    old = {"verdict": "not-ready", "reason": "version-below-floor", "accepts": "1.0", "suites": {"TLSv1.0": CBC[1]},
           "tls": {"version": "TLSv1.0", "cipher": CBC[1], "group": None}}
    return [
        Case("may.example", endpoint=told, **modern),
        Case("require.example", klass="partner", endpoint=told, **modern),
        Case("ecdsa.example", endpoint=told, **modern),
        Case("plain.example", "plaintext", "no-starttls", klass="partner", tls=False,
             endpoint={"smtp": {"starttls": "not-offered"}, "certificate": None}),
        Case("known.example", endpoint=told, **modern),
        Case(f"submission://mx-submission.example:{lab.smtp_port}", klass="relay", route="direct",
             endpoint={"protocol": "submission", "smtp": {"starttls": "offered", "ehlo": lacks("AUTH")}, **told},
             **modern),
        Case(f"submission://mx-plain.example:{lab.smtp_port}", "plaintext", "no-starttls", klass="relay",
             route="direct", tls=False, endpoint={"protocol": "submission", "smtp": {"starttls": "not-offered"}}),
        Case("lenient.example", "at-risk", "handshake-failed", accepts="1.0 1.1 1.2 1.3", endpoint=told, suites={
            "TLSv1.0": CBC[1], "TLSv1.1": CBC[1], "TLSv1.2": {GCM[1], CBC[1]}, "TLSv1.3": TLS13}),
        Case("old.example", endpoint=told, **old),
        Case(f"smtps://mx-direct.example:{lab.smtps_port}", klass="relay", route="direct", endpoint=direct, **modern),
        Case(f"smtps://mx-old-direct.example:{lab.smtps_port}", klass="relay", route="direct", endpoint=direct, **old),
    ]


def write_config(tree, lab, instance, addresses):
    protocols, level, ciphers = INSTANCES[instance]
    lines = []
    for name in ("good", "ecdsa"):
        lines += [f'pki {name} cert "/etc/lab/{name}.pem"', f'pki {name} key "/etc/lab/{name}.key"']
    lines.append(f'smtp ciphers "{ciphers}"')
    lines.append('filter "nameless" phase connect match !rdns disconnect "554 5.7.1 who has no name has no business"')
    for label, (where, options, certificate) in LISTENERS.items():
        if where == instance:
            port = lab.smtps_port if options == "smtps" else lab.smtp_port
            pki = f"pki {certificate}" if certificate else ""
            lines.append(f"listen on {addresses[label]} port {port} {options} {pki} hostname {label}.example")
    lines += ['action "relay" relay', "match from any for local reject"]
    with open(os.path.join(tree, "etc/lab/smtpd.conf"), "w") as out:
        out.write("\n".join(lines) + "\n")
    with open(os.path.join(tree, "etc/lab/openssl.cnf"), "w") as out:
        out.write("openssl_conf = lab\n[lab]\nssl_conf = sections\n[sections]\nsystem_default = floor\n[floor]\n"
                  f"{protocols}\nCipherString = DEFAULT@SECLEVEL={level}\n")


def start_instance(lab, instance, leaves, addresses):
    tree = lab.root("opensmtpd", instance)
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/lab"), name)
    os.makedirs(os.path.join(tree, "var/lib/opensmtpd/empty"), exist_ok=True)
    write_config(tree, lab, instance, addresses)
    process = lab.start(instance, tree, "/usr/sbin/smtpd", "-d", "-f", "/etc/lab/smtpd.conf",
                        OPENSSL_CONF="/etc/lab/openssl.cnf")
    for label, (where, options, _) in LISTENERS.items():
        if where == instance:
            direct = options == "smtps"
            lab.await_line(process, addresses[label], lab.smtps_port if direct else lab.smtp_port, direct)


def test(lab):
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    lab.smtps_port = lab.port()
    leaves = {"good": authority.leaf([label + ".example" for label in LISTENERS]),
              "ecdsa": authority.leaf(["mx-ecdsa.example"], "ECDSA P-256")}
    addresses = {label: lab.address() for label in LISTENERS}
    for label, address in addresses.items():
        lab.domain(label.partition("-")[2], (10, label, address))
    lab.serve_names()
    for instance in INSTANCES:
        start_instance(lab, instance, leaves, addresses)
    lab.pause()
    table = cases(lab)
    found = check_report(table, *lab.audit(table, lab.trust_store))
    nameless = [Case("known.example", "unreachable", "smtp-rejected", tls=False, endpoint={
        "error": "smtp-rejected", "stage": "banner", "smtp": {"code": 554, "starttls": "unknown"},
        "versions": no_claim, "certificate": None})]
    # 127.0.0.1 has a name in the tree's hosts file, the lab's own addresses have none
    found += check_report(nameless, *lab.audit(nameless, lab.trust_store, options=["--source-address", lab.address()]))
    return found + lab.complaints()


main(test)
