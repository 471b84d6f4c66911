"""Audits of one Dovecot (IMAP and POP3, STARTTLS and direct TLS) and one nginx (SMTP proxy, IMAP proxy, HTTPS)."""

import os

from certs import Authority
from expect import Case, NOT_SEEN, check_report
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
    "dc-plain": {"ssl": "no"},
}
DOVECOT_PORTS = {"imap": False, "imaps": True, "pop3": False, "pop3s": True}  # protocol → TLS from the first byte

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
    "owa": ("https", f"ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {GCM[0]}"),
    "owa-old": ("https", f"ssl_protocols TLSv1 TLSv1.1; ssl_ciphers {CBC[0]}:@SECLEVEL=0"),
    "owa-dhe": ("https", f"ssl_protocols TLSv1.2; ssl_ciphers {DHE[0]}; ssl_dhparam /etc/lab/dh.pem"),
}


def cases(lab, facts):
    good = {**facts["good"], "matches_host": True, "trust_error": None}

    def mail(label, *arguments, **more):
        return Case(f"{label}.example", *arguments, **more)

    def service(protocol, label, verdict, reason=None, **more):
        port = lab.nginx_ports[protocol] if label in NGINX else lab.dovecot_ports[protocol]
        starttls = "not-applicable" if protocol in ("https", "imaps", "pop3s") else "offered"
        endpoint = {"protocol": protocol, "port": port, "smtp": {"starttls": starttls, "injection": NOT_SEEN},
                    **more.pop("endpoint", {})}
        return Case(f"{protocol}://{label}.example:{port}", verdict, reason, klass="service", route="direct",
                    endpoint=endpoint, **more)

    modern = {"accepts": "1.2 1.3", "certificate": good, "tls": {"version": "TLSv1.3", "cipher": TLS13},
              "suites": {"TLSv1.2": GCM[1], "TLSv1.3": TLS13}}
    lenient = {**modern, "accepts": "1.0 1.1 1.2 1.3", "suites": {
        "TLSv1.0": CBC[1], "TLSv1.1": CBC[1], "TLSv1.2": GCM[1], "TLSv1.3": TLS13}}
    old = {"accepts": "1.0 1.1", "certificate": good, "suites": {"TLSv1.0": CBC[1], "TLSv1.1": CBC[1]},
           "tls": {"version": "TLSv1.1", "cipher": CBC[1]}}
    plain = {"tls": False, "endpoint": {"smtp": {"starttls": "not-offered"}, "certificate": None}}
    table = [
        mail("ngx", "ready", **modern),
        mail("tls13", "ready", accepts="1.3", certificate=good, suites={"TLSv1.3": TLS13}),
        mail("old", "not-ready", FLOOR, **old),
        mail("only", "ready", klass="partner", requirement="name", accepts="1.2", suites={"TLSv1.2": GCM[1]},
             certificate=good),
        mail("ccm", "at-risk", "no-shared-suite", accepts="1.3", suites={"TLSv1.3": "TLS_AES_128_CCM_SHA256"}),
        mail("chacha", "ready", accepts="1.3", suites={"TLSv1.3": "TLS_CHACHA20_POLY1305_SHA256"}, certificate=good),
        mail("p384", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, tls={"version": "TLSv1.3", "group": "P-384"}),
        mail("delay", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]},
             endpoint={"timings_ms": {"banner": lambda ms: ms >= 900}}),
        mail("ask", "ready", accepts="1.2 1.3", tls={"client_certificate_requested": True}),
        mail("plain", "plaintext", "no-starttls", **plain),
        service("imap", "ngx-imap", "ready", accepts="1.2", suites={"TLSv1.2": GCM[1]}, certificate=good),
        service("https", "owa", "ready", **modern),
        service("https", "owa-old", "not-ready", FLOOR, **old),
        service("https", "owa-dhe", "at-risk", "no-shared-suite", accepts="1.2", suites={"TLSv1.2": DHE[1]}),
    ]
    for protocol, direct in DOVECOT_PORTS.items():
        # Dovecot closes without an alert where it does not like a hello: that is no refusal.
        silent = {"otherwise": "unknown"}
        table += [
            service(protocol, "dc-modern", "ready", **modern, **silent),
            service(protocol, "dc-tls13", "ready", accepts="1.3", suites={"TLSv1.3": TLS13}, certificate=good, **silent),
            service(protocol, "dc-lenient", "ready", **lenient, **silent),
            service(protocol, "dc-expired", "ready", accepts="1.2 1.3", warnings=("dc-expired.example",),
                    certificate={**facts["expired"], "trust_error": bool}, **silent),
        ]
        if not direct:
            table.append(service(protocol, "dc-plain", "plaintext", "no-starttls", **plain))
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


def start_dovecot(lab, addresses, leaves):
    tree = lab.root("dovecot")
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/lab"), name)
    where = " ".join(addresses[label] for label in DOVECOT)
    listeners = {}
    for protocol, direct in DOVECOT_PORTS.items():
        tls = "ssl = yes\n" if direct else ""
        listeners.setdefault(protocol[:4], []).append(
            f"inet_listener {protocol} {{\n address = {where}\n port = {lab.dovecot_ports[protocol]}\n {tls}}}")
    blocks = []
    for label, settings in DOVECOT.items():
        lines = "".join(f"  {name} = {value}\n" for name, value in settings.items())
        blocks.append(f"local {addresses[label]} {{\n{lines}}}")
    write(tree, "dovecot.conf", DOVECOT_CONF.format(
        imap="\n".join(listeners["imap"]), pop3="\n".join(listeners["pop3"]), locals="\n".join(blocks)))
    write(tree, "openssl.cnf", OPENSSL)
    process = lab.start("dovecot", tree, "/usr/sbin/dovecot", "-F", "-c", "/etc/lab/dovecot.conf",
                        OPENSSL_CONF="/etc/lab/openssl.cnf")
    for label in DOVECOT:
        for protocol, direct in DOVECOT_PORTS.items():
            lab.await_line(process, addresses[label], lab.dovecot_ports[protocol], direct)


def start_nginx(lab, addresses, leaves):
    tree = lab.root("nginx")
    os.makedirs(os.path.join(tree, "var/lib/nginx"), exist_ok=True)
    for name, leaf in leaves.items():
        leaf.write(os.path.join(tree, "etc/lab"), name)
    write(tree, "openssl.cnf", OPENSSL)
    write(tree, "dh.pem", DH)
    blocks = {"mail": [], "http": []}
    for label, (protocol, directives) in NGINX.items():
        where = f"listen {addresses[label]}:{lab.nginx_ports[protocol]}"
        if protocol == "https":
            blocks["http"].append(f"server {{ {where} ssl; {directives}; }}")
        else:
            blocks["mail"].append(f"server {{ {where}; protocol {protocol}; {directives}; }}")
    write(tree, "nginx.conf", NGINX_CONF.format(mail="\n  ".join(blocks["mail"]), http="\n  ".join(blocks["http"])))
    process = lab.start("nginx", tree, "/usr/sbin/nginx", "-c", "/etc/lab/nginx.conf",
                        OPENSSL_CONF="/etc/lab/openssl.cnf")
    for label, (protocol, _) in NGINX.items():
        lab.await_line(process, addresses[label], lab.nginx_ports[protocol], protocol == "https")


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
    lab.nginx_ports = {"smtp": lab.smtp_port, "imap": lab.port(), "https": lab.port()}
    labels = [*DOVECOT, *NGINX]
    leaves = {"good": authority.leaf([label + ".example" for label in labels]),
              "expired": authority.leaf(["dc-expired.example"], days=(-90, -2))}
    addresses = {label: lab.address() for label in labels}
    for label, address in addresses.items():
        lab.record(f"{label} A {address}")
        if label.startswith("mx-"):
            lab.record(f"{label[3:]} MX 10 {label}")
    lab.serve_names()
    start_dovecot(lab, addresses, leaves)
    start_nginx(lab, addresses, leaves)
    lab.pause()
    table = cases(lab, {name: leaf.facts for name, leaf in leaves.items()})
    return check_report(table, *lab.audit(table, lab.trust_store)) + lab.complaints()


main(test)
