"""Postfix for the lab: one instance with many listeners, each with settings of its own."""

import os

from lab import own

# Suites by OpenSSL's name, which configures, and IANA's, which is reported.
DHE = ("DHE-RSA-AES256-GCM-SHA384", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384")
DHE_SHA = ("DHE-RSA-AES128-SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA")
STATIC = ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384")
STATIC_SHA = ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA")
C027 = ("ECDHE-RSA-AES128-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256")
C028 = ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")
GCM = ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
CBC = ("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")
CHACHA = ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")
CCM = ("AES128-CCM", "TLS_RSA_WITH_AES_128_CCM")
CCM8 = ("ECDHE-ECDSA-AES256-CCM8", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8")
CAMELLIA = ("ECDHE-RSA-CAMELLIA256-SHA384", "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384")
ECDSA = ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
TLS13 = "TLS_AES_256_GCM_SHA384"

NAMES = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
GROUPS = {"X25519": "X25519", "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1"}


def listen(versions="1.2 1.3", ciphers=(), certificate="good", groups=(), **options):
    """smtpd options of one listener; ciphers are the pairs above, strongest first."""
    options["smtpd_tls_protocols"] = " ".join(
        ["!SSLv2", "!SSLv3"] + ["!" + NAMES[v] for v in NAMES if v not in versions.split()])
    if ciphers:
        options["tls_high_cipherlist"] = ":".join(pair[0] for pair in ciphers) + ":@SECLEVEL=0"
    if groups:
        options["tls_eecdh_auto_curves"] = " ".join(GROUPS[group] for group in groups)
    options["certificate"] = certificate
    return options


def demand(versions="1.2 1.3", *arguments, **options):
    """As listen(), but without TLS the listener does nothing."""
    options = listen(versions, *arguments, **{"smtpd_tls_security_level": "encrypt", **options})
    return {**options, "smtpd_tls_mandatory_protocols": options["smtpd_tls_protocols"]}


def direct(versions="1.2 1.3", *arguments, **options):
    """As listen(), with TLS from the first byte."""
    return demand(versions, *arguments, smtpd_tls_wrappermode="yes", **options)


def postscreen(name, **options):
    """Options of a listener with postscreen before smtpd; each keeps what it learned of its clients by itself."""
    return listen(command="postscreen", postscreen_cache_map=f"btree:$data_directory/{name}", **options)


def smtpd_options(options):
    options = dict(options)
    certificate = options.pop("certificate")
    kinds = {"dual": ["good", "ecdsa"]}.get(certificate, [certificate])
    if not certificate:
        return {**options, "smtpd_tls_cert_file": "none", "smtpd_tls_chain_files": ""}
    options["smtpd_tls_chain_files"] = ", ".join(
        f"/etc/postfix/{kind}.key, /etc/postfix/{kind}.pem" for kind in kinds)
    return options


MAIN = """compatibility_level = 3.6
mail_owner = postfix
setgid_group = postdrop
default_privs = nobody
myhostname = postfix.lab.example
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_delay_reject = no
maillog_file = /var/log/postfix.log
import_environment = MAIL_CONFIG LANG=C OPENSSL_CONF=/etc/postfix/openssl.cnf
smtpd_tls_security_level = may
smtpd_tls_ciphers = high
smtpd_tls_mandatory_ciphers = high
cyrus_sasl_config_path = /etc/postfix
tls_preempt_cipherlist = yes
smtpd_tls_loglevel = 1
postscreen_access_list =
postscreen_greet_wait = 1s
postscreen_greet_action = enforce
postscreen_bare_newline_enable = no
postscreen_upstream_proxy_protocol =
"""
OPENSSL = """openssl_conf = lab
[lab]
ssl_conf = sections
[sections]
system_default = floor
[floor]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
"""
SASL = """pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
"""
SERVICES = """
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def service(address, port, options):
    """master.cf's lines for one listener as listen() makes it."""
    options = smtpd_options(options)
    command = options.pop("command", "smtpd")
    lines = [f"{address}:{port} inet n - n - {1 if command == 'postscreen' else '-'} {command}"]
    lines += [f"  -o {{ {name} = {value} }}" for name, value in options.items()]
    return "\n".join(lines)


def write_config(tree, services, files=None):
    """main.cf, master.cf with these services, and further files by name, into the tree."""
    common = "".join(f"{name} = {value}\n" for name, value in smtpd_options(listen()).items())
    texts = {"main.cf": MAIN + common, "master.cf": "\n".join(services) + SERVICES, "openssl.cnf": OPENSSL,
             "smtpd.conf": SASL}
    for name, text in {**texts, **(files or {})}.items():
        with open(os.path.join(tree, "etc/postfix", name), "w") as out:
            out.write(text)
    make_queue(tree)


def make_queue(tree):
    queue, data = os.path.join(tree, "var/spool/postfix"), os.path.join(tree, "var/lib/postfix")
    for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid",
                 "private", "public", "saved", "trace"):
        os.makedirs(os.path.join(queue, name), exist_ok=True)
        if name != "pid":
            own(os.path.join(queue, name), "postfix")
    os.makedirs(data, exist_ok=True)
    own(data, "postfix")


def start(lab, tree):
    """Starts the instance."""
    return lab.start("postfix", tree, "/usr/lib/postfix/sbin/master", "-d", "-c", "/etc/postfix")
