"""Unbound, which validates, as the resolver in front of the lab's NSD."""

import os

from lab import dns_answers, wait_for

UNBOUND = """server:
  interface: {address}@{port}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  do-ip6: no
  chroot: ""
  username: ""
  directory: "/"
  pidfile: ""
  use-syslog: no
  logfile: ""
  num-threads: 1
  qname-minimisation: no
  module-config: "validator iterator"
{anchors}
remote-control:
  control-enable: no
{stubs}"""


def start_unbound(lab, tree, anchors):
    """Its address. `anchors`: DS records by the zone that they vouch for; example has none."""
    address, port = lab.address(), lab.port()
    stubs = "".join(f"stub-zone:\n  name: {origin}\n  stub-addr: {lab.network}.1@{lab.dns_port}\n"
                    for origin in ("example", *anchors))
    with open(os.path.join(tree, "unbound.conf"), "w") as out:
        out.write(UNBOUND.format(address=address, port=port, stubs=stubs, anchors="\n".join(
            f'  trust-anchor: "{anchor}"' for anchor in anchors.values())))
    process = lab.start("unbound", tree, "/usr/sbin/unbound", "-d", "-c", "/unbound.conf")
    wait_for(lambda: dns_answers(address, port), "unbound", process)
    return f"{address}:{port}"
