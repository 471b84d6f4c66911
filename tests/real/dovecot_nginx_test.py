"""Audits of one Dovecot (IMAP and POP3, STARTTLS and direct TLS) and one nginx (SMTP proxy, IMAP proxy, HTTPS)."""

import functools
import os

from certs import Authority
from expect import Case, NOT_SEEN, check_report, check_tree, lacks, no_claim, offers, versions
from lab import main

TLS13 = "TLS_AES_256_GCM_SHA384"
GCM = ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
CBC = ("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")
DHE = ("DHE-RSA-AES128-GCM-SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
FLOOR = "version-below-floor"

# Host label → Dovecot's settings for that address.
DOVECOT = {
    "dc-modern": {"ssl_min_protocol": "TLSv1.2", "ssl_cipher_list": GCM[0]},
    "dc-tls13": {"ssl_min_protocol": "TLSv1.3"},
    "dc-lenient": {"ssl_min_protocol": "TLSv1", "ssl_cipher_list": f"{GCM[0]}:{CBC[0]}:@SECLEVEL=0"},
    "dc-expired": {"ssl_cert": "</etc/lab/expired.pem", "ssl_key": "</etc/lab/expired.key"},
    "dc-required": {"ssl": "required"},
    "dc-greeting": {"ssl": "required", "login_greeting": "Mail for all of us. STARTTLS or nothing"},
    "dc-ask": {"ssl_verify_client_cert": "yes", "ssl_ca": "</etc/lab/good.pem"},
    "dc-plain": {"ssl": "no"},
}
# … and of a second one that OpenSSL's configuration holds at old versions.
OLD_DOVECOT = {"dc-old": {"ssl": "required", "ssl_min_protocol": "TLSv1", "ssl_cipher_list": f"{CBC[0]}:@SECLEVEL=0"}}
DOVECOT_PORTS = {"imap": False, "imaps": True, "pop3": False, "pop3s": True}  # protocol → TLS from the first byte

DEMAND = "ssl_verify_client on; ssl_client_certificate /etc/lab/good.pem"
# Host label → (protocol that nginx serves there, its directives).
NGINX = {
    "mx-ngx": ("smtp", "starttls on; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers " + GCM[0]),
    "mx-tls13": ("smtp", "starttls on; ssl_protocols TLSv1.3"),
    "mx-old": ("smtp", f"starttls on; ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "mx-only": ("smtp", "starttls only; ssl_protocols TLSv1.2; ssl_ciphers " + GCM[0]),
    "mx-ccm": ("smtp", "starttls on; ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_CCM_SHA256"),
    "mx-chacha": ("smtp", "starttls on; ssl_protocols TLSv1.3; "
                          "ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256"),
    "mx-p384": ("smtp", "starttls on; ssl_protocols TLSv1.3; ssl_ecdh_curve secp384r1"),
    "mx-delay": ("smtp", "starttls on; ssl_protocols TLSv1.2; smtp_greeting_delay 1s; ssl_ciphers " + GCM[0]),
    "mx-ask": ("smtp", "starttls on; ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client optional; "
                       "ssl_client_certificate /etc/lab/good.pem"),
    "mx-plain": ("smtp", "starttls off"),
    "ngx-imap": ("imap", "starttls on; ssl_protocols TLSv1.2; ssl_ciphers " + GCM[0]),
    "ngx-imap-only": ("imap", "starttls only; ssl_protocols TLSv1.3"),
    "ngx-imap-old": ("imap", f"starttls on; ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "ngx-imap-plain": ("imap", "starttls off"),
    "ngx-imaps": ("imaps", "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers " + GCM[0]),
    "ngx-pop3": ("pop3", "starttls on; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers " + GCM[0]),
    "ngx-pop3-only": ("pop3", "starttls only; ssl_protocols TLSv1.2; ssl_ciphers " + GCM[0]),
    "ngx-pop3-old": ("pop3", f"starttls on; ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "ngx-pop3-plain": ("pop3", "starttls off"),
    "ngx-pop3s": ("pop3s", f"ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "ngx-sub": ("submission", "starttls only; ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers " + GCM[0]),
    "ngx-smtps": ("smtps", "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers " + GCM[0]),
    "owa": ("https", f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {GCM[0]}"),
    "owa-old": ("https", f"ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "owa-tls12": ("https", f"ssl_protocols TLSv1.2; ssl_ciphers {GCM[0]}"),
    "owa-tls13": ("https", "ssl_protocols TLSv1.3"),
    "owa-client": ("https", f"ssl_protocols TLSv1.2; ssl_ciphers {GCM[0]}; " + DEMAND),
    "owa-client-tls13": ("https", "ssl_protocols TLSv1.3; " + DEMAND),
    "owa-named": ("https", f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {GCM[0]}; server_name owa-named.example"),
    "owa-plain": ("http", "keepalive_timeout 0"),
    "owa-dhe": ("https", f"ssl_protocols TLSv1.2; ssl_ciphers {DHE[0]}; ssl_dhparam /etc/lab/dh.pem"),
}


DIRECT = ("https", "imaps", "pop3s", "smtps")


def shapes(facts):
    """What many servers are alike in, by name: parts of a Case."""
    good = {**facts["good"], "matches_host": True, "trust_error": None}
    both = {"TLSv1.2": GCM[1], "TLSv1.3": TLS13}
    old = {"TLSv1.0": CBC[1], "TLSv1.1": CBC[1]}
    modern = {"accepts": "1.2 1.3", "certificate": good, "tls": {"version": "TLSv1.3", "cipher": TLS13}, "suites": both}
    return {
        "modern": modern,
        "lenient": {**modern, "accepts": "1.0 1.1 1.2 1.3", "suites": {**old, **both}},
        "tls12": {"accepts": "1.2", "certificate": good, "suites": {"TLSv1.2": GCM[1]}},
        "tls13": {"accepts": "1.3", "certificate": good, "suites": {"TLSv1.3": TLS13}},
        "old": {"accepts": "1.0 1.1", "certificate": good, "suites": old,
                "tls": {"version": "TLSv1.1", "cipher": CBC[1]}},
        "plain": {"tls": False, "endpoint": {"smtp": {"starttls": "not-offered"}, "certificate": None}},
    }


def service(lab, protocol, label, verdict, reason=None, **more):
    port = (lab.nginx_ports if label in NGINX or label == "owa-stranger" else lab.dovecot_ports)[protocol]
    klass = "relay" if protocol in ("submission", "smtps") else "service"
    smtp = {"starttls": "not-applicable" if protocol in DIRECT else "offered", "injection": NOT_SEEN}
    endpoint = more.pop("endpoint", {})
    endpoint = {"protocol": protocol, "port": port, **endpoint, "smtp": {**smtp, **endpoint.get("smtp", {})}}
    return Case(f"{protocol}://{label}.example:{port}", verdict, reason, klass=klass, route="direct",
                endpoint=endpoint, **more)


def mail_cases(modern, old, tls12, tls13, plain, **_):
    def mail(label, *arguments, **more):
        return Case(f"{label}.example", *arguments, **more)

    return [
        mail("ngx", "ready", **modern),
        mail("tls13", "ready", **tls13),
        mail("old", "not-ready", FLOOR, **old),
        mail("only", "ready", klass="partner", requirement="name", **tls12),
        mail("ccm", "at-risk", "no-shared-suite", accepts="1.3", suites={"TLSv1.3": "TLS_AES_128_CCM_SHA256"}),
        mail("chacha", "ready", **{**tls13, "suites": {"TLSv1.3": "TLS_CHACHA20_POLY1305_SHA256"}}),
        mail("p384", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, tls={"version": "TLSv1.3", "group": "P-384"}),
        mail("delay", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]},
             endpoint={"timings_ms": {"banner": lambda ms: ms >= 900}}),
        mail("ask", "ready", accepts="1.2 1.3", tls={"client_certificate_requested": True}),
        mail("plain", "plaintext", "no-starttls", **plain),
    ]


def nginx_cases(ask, modern, old, tls12, tls13, plain, **_):
    return [
        ask("imap", "ngx-imap", "ready", **tls12),
        ask("imap", "ngx-imap-only", "ready", **tls13, endpoint={"smtp": {"ehlo": offers("LOGINDISABLED")}}),
        ask("imap", "ngx-imap-old", "not-ready", FLOOR, **old),
        ask("imap", "ngx-imap-plain", "plaintext", "no-starttls", **plain),
        ask("imaps", "ngx-imaps", "ready", **modern),
        ask("pop3", "ngx-pop3", "ready", **modern),
        ask("pop3", "ngx-pop3-only", "ready", **tls12),
        ask("pop3", "ngx-pop3-old", "not-ready", FLOOR, **old),
        ask("pop3", "ngx-pop3-plain", "plaintext", "no-starttls", **plain),
        ask("pop3s", "ngx-pop3s", "not-ready", FLOOR, **old),
        ask("submission", "ngx-sub", "ready", **modern),
        ask("smtps", "ngx-smtps", "ready", **modern),
        ask("https", "owa", "ready", **modern),
        ask("https", "owa-tls12", "ready", **tls12, tls={"client_certificate_requested": False}),
        ask("https", "owa-tls13", "ready", **tls13),
        # A demand for a client certificate is a fact; it is HTTP that would be refused
        ask("https", "owa-client", "ready", **tls12, tls={"client_certificate_requested": True}),
        ask("https", "owa-client-tls13", "ready", **tls13, tls={"client_certificate_requested": True}),
        # One name is served here; who asks for another one, or for none, is told unrecognized_name
        ask("https", "owa-named", "ready", **modern),
        ask("https", "owa-stranger", "unknown", "tls-inconclusive", tls=False, endpoint={
            "error": "tls-alert", "certificate": None, "versions": {
                "SSLv3": {"refused", "unknown"}, "TLSv1.0": "refused", "TLSv1.1": "refused", "TLSv1.2": "unknown",
                "TLSv1.3": "unknown"}}),
        # HTTP where HTTPS is expected
        ask("https", "owa-plain", "unknown", "tls-inconclusive", tls=False, endpoint={
            "error": "not-tls", "versions": no_claim, "certificate": None}),
        ask("https", "owa-old", "not-ready", FLOOR, **old),
        ask("https", "owa-dhe", "at-risk", "no-shared-suite", accepts="1.2", suites={"TLSv1.2": DHE[1]}),
    ]


def dovecot_cases(ask, protocol, direct, facts, modern, lenient, old, tls13, plain, **_):
    # Dovecot closes without an alert where it does not like a hello: that is no refusal.
    silent = {"otherwise": "unknown"}
    good = {"accepts": "1.2 1.3", "certificate": modern["certificate"], **silent}
    table = [
        ask(protocol, "dc-modern", "ready", **modern, **silent),
        ask(protocol, "dc-tls13", "ready", **tls13, **silent),
        ask(protocol, "dc-lenient", "ready", **lenient, **silent),
        ask(protocol, "dc-required", "ready", **good),
        ask(protocol, "dc-ask", "ready", **good, tls={"client_certificate_requested": True}),
        ask(protocol, "dc-old", "not-ready", FLOOR, **old, endpoint={"versions": {
            **versions("1.0 1.1", "refused"), "SSLv3": "unknown"}}),
        ask(protocol, "dc-expired", "ready", accepts="1.2 1.3", warnings=("dc-expired.example",),
            certificate={**facts["expired"], "trust_error": bool}, **silent),
    ]
    if protocol == "imap":
        table.append(ask(protocol, "dc-greeting", "ready", **good, endpoint={"smtp": {
            "banner": lambda text: "STARTTLS or nothing" in text, "ehlo": offers("LOGINDISABLED"),
            "ehlo_tls": lacks("LOGINDISABLED")}}))
    if not direct:
        table.append(ask(protocol, "dc-plain", "plaintext", "no-starttls", **plain))
    return table


def cases(lab, facts):
    alike = shapes(facts)
    ask = functools.partial(service, lab)
    table = mail_cases(**alike) + nginx_cases(ask, **alike)
    for protocol, direct in DOVECOT_PORTS.items():
        table += dovecot_cases(ask, protocol, direct, facts, **alike)
    return table


DOVECOT_CONF = """
protocols = imap pop3
log_path = /var/log/dovecot.log
base_dir = /run/dovecot
state_dir = /run/dovecot
ssl = yes
ssl_min_protocol = TLSv1.2
ssl_cert = </etc/lab/good.pem
ssl_key = </etc/lab/good.key
ssl_prefer_server_ciphers = yes
mail_location = maildir:/tmp/mail
import_environment = TZ OPENSSL_CONF=/etc/lab/openssl.cnf
passdb {{
  driver = static
  args = password=none
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}}
service imap-login {{
  {imap}
}}
service pop3-login {{
  {pop3}
}}
{locals}
"""
NGINX_CONF = """
daemon off;
user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /var/log/nginx.log info;
load_module /usr/lib/nginx/modules/ngx_mail_module.so;
events {{}}
mail {{
  server_name nginx.lab.example;
  auth_http 127.0.0.1:9/never;
  ssl_certificate /etc/lab/good.pem;
  ssl_certificate_key /etc/lab/good.key;
  ssl_prefer_server_ciphers on;
  {mail}
}}
http {{
  access_log off;
  ssl_certificate /etc/lab/good.pem;
  ssl_certificate_key /etc/lab/good.key;
  ssl_prefer_server_ciphers on;
  {http}
}}
"""
OPENSSL = """openssl_conf = lab
[lab]
ssl_conf = sections
[sections]
system_default = floor
[floor]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=1
"""


def write(tree, name, text):
    os.makedirs(os.path.join(tree, "etc/lab"), exist_ok=True)
    with open(os.path.join(tree, "etc/lab", name), "w") as out:
        out.write(text)


def start_dovecot(lab, name, hosts, addresses, leaves, openssl):
    tree = lab.root("dovecot", name)
    for leaf_name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/lab"), leaf_name)
    where = " ".join(addresses[label] for label in hosts)
    listeners = {}
    for protocol, direct in DOVECOT_PORTS.items():
        tls = "ssl = yes\n" if direct else ""
        listeners.setdefault(protocol[:4], []).append(
            f"inet_listener {protocol} {{\n address = {where}\n port = {lab.dovecot_ports[protocol]}\n {tls}}}")
    blocks = []
    for label, settings in hosts.items():
        lines = "".join(f"  {key} = {value}\n" for key, value in settings.items())
        blocks.append(f"local {addresses[label]} {{\n{lines}}}")
    write(tree, "dovecot.conf", DOVECOT_CONF.format(
        imap="\n".join(listeners["imap"]), pop3="\n".join(listeners["pop3"]), locals="\n".join(blocks)))
    write(tree, "openssl.cnf", openssl)
    process = lab.start(name, tree, "/usr/sbin/dovecot", "-F", "-c", "/etc/lab/dovecot.conf",
                        OPENSSL_CONF="/etc/lab/openssl.cnf")
    for label in hosts:
        for protocol, direct in DOVECOT_PORTS.items():
            lab.await_line(process, addresses[label], lab.dovecot_ports[protocol], direct)


def nginx_server(label, where, protocol, directives):
    """(section, server block) of nginx's configuration."""
    tls = " ssl" if protocol in DIRECT else ""
    if protocol in ("https", "http"):
        return "http", f"server {{ listen {where}{tls}; {directives}; }}"
    spoken = {"submission": "smtp"}.get(protocol, protocol.removesuffix("s"))
    return "mail", f"server {{ listen {where}{tls}; protocol {spoken}; {directives}; }}"


def start_nginx(lab, addresses, leaves):
    tree = lab.root("nginx")
    os.makedirs(os.path.join(tree, "var/lib/nginx"), exist_ok=True)
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/lab"), name)
    write(tree, "openssl.cnf", OPENSSL)
    write(tree, "dh.pem", DH)
    blocks = {"mail": [], "http": []}
    for label, (protocol, directives) in NGINX.items():
        where = f"{addresses[label]}:{lab.nginx_ports[protocol]}"
        section, block = nginx_server(label, where, protocol, directives)
        blocks[section].append(block)
    stranger = f"{addresses['owa-named']}:{lab.nginx_ports['https']}"
    blocks["http"].append(f"server {{ listen {stranger} ssl default_server; ssl_reject_handshake on; "
                          f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {GCM[0]}; }}")
    write(tree, "nginx.conf", NGINX_CONF.format(mail="\n  ".join(blocks["mail"]), http="\n  ".join(blocks["http"])))
    process = lab.start("nginx", tree, "/usr/sbin/nginx", "-c", "/etc/lab/nginx.conf",
                        OPENSSL_CONF="/etc/lab/openssl.cnf")
    for label, (protocol, _) in NGINX.items():
        lab.await_line(process, addresses[label], lab.nginx_ports[protocol], protocol in ("http", *DIRECT))


# RFC 7919's ffdhe2048, as PKCS #3.
DH = """-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""


def test(lab):
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    lab.dovecot_ports = {protocol: lab.port() for protocol in DOVECOT_PORTS}
    lab.nginx_ports = {protocol: lab.port() for protocol in ("imap", "imaps", "pop3", "pop3s", "submission", "smtps",
                                                             "https")}
    lab.nginx_ports.update(smtp=lab.smtp_port, http=lab.nginx_ports["https"])
    labels = [*DOVECOT, *OLD_DOVECOT, *NGINX]
    leaves = {"good": authority.leaf([label + ".example" for label in labels]),
              "expired": authority.leaf(["dc-expired.example"], days=(-90, -2))}
    addresses = {label: lab.address() for label in labels}
    for label, address in addresses.items():
        lab.record(f"{label} A {address}")
        if label.startswith("mx-"):
            lab.record(f"{label[3:]} MX 10 {label}")
    lab.record(f"owa-stranger A {addresses['owa-named']}")
    lab.serve_names()
    start_dovecot(lab, "dovecot", DOVECOT, addresses, leaves, OPENSSL)
    start_dovecot(lab, "dovecot-old", OLD_DOVECOT, addresses, leaves, OPENSSL + "MaxProtocol = TLSv1.1\n")
    start_nginx(lab, addresses, leaves)
    lab.pause()
    table = cases(lab, {name: leaf.facts for name, leaf in leaves.items()})
    found = check_report(table, *lab.audit(table, lab.trust_store))
    return found + check_tree(table, lab.tree(table, lab.trust_store)) + lab.complaints()


main(test)
