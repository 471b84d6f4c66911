"""Postfix as the server that scanners are measured against: one instance, many addresses, and names that share them.

Prints a line "RESOLVER PORT TRUST-STORE" and the addresses, a line each, then "end"; runs until standard input ends.
Says FAIL and why when it can't. Wants root and what tests/real/unpack.sh made.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "real"))

from certs import Authority  # noqa: E402
from lab import main  # noqa: E402
import postfix  # noqa: E402

ADDRESSES = 20
DOMAINS = int(os.environ.get("MXSCOPE_BENCH_DOMAINS", "300"))


def serve(lab):
    tree = lab.root("postfix")
    authority = Authority()
    lab.trust_store = authority.write_bundle(lab.path("ca.pem"))
    authority.leaf(["*.example"]).write(os.path.join(tree, "etc/postfix"), "good")
    addresses = [lab.address() for _ in range(ADDRESSES)]
    for number in range(DOMAINS):
        lab.domain(f"domain-{number}", (10, f"mx-{number}", addresses[number % ADDRESSES]))
    lab.serve_names()
    postfix.write_config(tree, [postfix.service(address, lab.smtp_port, postfix.listen()) for address in addresses])
    process = postfix.start(lab, tree)
    for address in addresses:
        lab.await_line(process, address, lab.smtp_port)
    print(lab.resolver, lab.smtp_port, lab.trust_store)
    print("\n".join(addresses + ["end"]), flush=True)
    sys.stdin.read()
    return []


main(serve)
