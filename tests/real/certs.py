"""Certificates for the lab, and what an audit should say of each."""

import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
KEYS = {
    "RSA 1024": lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),
    "RSA 2048": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ECDSA P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ECDSA P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
}


def name_of(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Certificate:
    """A leaf with its key and chain as PEM text, and `facts`: its part of mxscope's JSON."""

    def __init__(self, certificate, key, chain, facts):
        self.chain = pem(certificate) + "".join(chain)
        self.key = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()).decode()
        self.facts = facts

    def write(self, folder, name):
        """Writes NAME.pem (chain) and NAME.key into the folder; returns both paths."""
        os.makedirs(folder, exist_ok=True)
        paths = []
        for suffix, text in ((".pem", self.chain), (".key", self.key)):
            paths.append(os.path.join(folder, name + suffix))
            with open(paths[-1], "w") as out:
                out.write(text)
        os.chmod(paths[1], 0o600)
        return paths


class Authority:
    """A CA with one intermediate below it."""

    def __init__(self, title="Lab Root"):
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        self.keys = {}
        self.root_key, self.middle_key = KEYS["RSA 2048"](), KEYS["RSA 2048"]()
        self.root_name, self.middle_name = name_of(title), name_of(title + " Intermediate")
        self.root = self.authority(self.root_name, self.root_key, self.root_name, self.root_key)
        self.middle = self.authority(self.middle_name, self.middle_key, self.root_name, self.root_key)

    def authority(self, subject, key, issuer, issuer_key):
        builder = self.builder(subject, key, issuer, self.now - 30 * DAY, self.now + 3650 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return builder.sign(issuer_key, hashes.SHA256())

    @staticmethod
    def builder(subject, key, issuer, start, end):
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end))

    def write_bundle(self, path):
        with open(path, "w") as out:
            out.write(pem(self.root))
        return path

    def leaf(self, names, kind="RSA 2048", signer="middle", days=(-1, 90), chain=True):
        """A server certificate. `signer` is root, middle or self; `days` from now to its two dates; without
        `chain` the intermediate is not sent."""
        key = self.keys.setdefault(kind, KEYS[kind]())
        subject = name_of(names[0])
        issuer, issuer_key = {"root": (self.root_name, self.root_key), "middle": (self.middle_name, self.middle_key),
                              "self": (subject, key)}[signer]
        start, end = (self.now + days[0] * DAY, self.now + days[1] * DAY)
        builder = self.builder(subject, key, issuer, start, end)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        certificate = builder.sign(issuer_key, hashes.SHA256())
        sends_middle = signer == "middle" and chain
        ecdsa_signed = signer == "self" and kind.startswith("ECDSA")
        facts = {
            "subject": f"CN={names[0]}", "names": list(names), "key": kind,
            "issuer": "CN=" + issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value,
            "not_before": stamp(start), "not_after": stamp(end),
            "signature": "ecdsa-with-SHA256" if ecdsa_signed else "sha256WithRSAEncryption",
            "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
            "trusted": (sends_middle or signer == "root") and days[0] < 0 < days[1],
            "days_left": lambda left: days[1] - 1 <= left <= days[1],
        }
        return Certificate(certificate, key, [pem(self.middle)] if sends_middle else [], facts)
