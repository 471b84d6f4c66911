"""What an audit should say: cases as data, and the comparison with mxscope's JSON."""

from dataclasses import dataclass, field
from typing import Optional

from lab import VERSIONS

CONSEQUENCES = {
    True: {"ready": "encrypted", "at-risk": "intermittent", "not-ready": "stops", "plaintext": "stops"},
    False: {"ready": "encrypted", "at-risk": "sometimes-plaintext", "not-ready": "sometimes-plaintext",
            "plaintext": "plaintext"},
}
FAILING = ("not-ready", "plaintext")
NOT_SEEN = {"no", "not-tested"}


@dataclass
class Case:
    """One target and what to expect of it. `accepts` names the versions that the server takes ("1.2 1.3"); all
    others must be `otherwise`. None: the server says nothing about versions."""
    domain: str
    verdict: str
    reason: Optional[str] = None
    klass: str = "opportunistic"
    requirement: Optional[str] = None
    tls_domain: Optional[str] = None
    smart_host: Optional[str] = None
    route: str = "mx"
    accepts: Optional[str] = None
    otherwise: str = "refused"
    suites: dict = field(default_factory=dict)     # version → IANA name, or a set of names
    tls: Optional[dict] = None                     # subset of the endpoint's "tls"; False: must be null
    certificate: Optional[dict] = None             # subset of the endpoint's "certificate"
    endpoint: dict = field(default_factory=dict)   # subset of the one endpoint
    domain_facts: dict = field(default_factory=dict)  # subset of the domain
    warnings: tuple = ()                           # words that must stand in some warning

    def demands_tls(self):
        return self.requirement != "none" if self.requirement else self.klass != "opportunistic"

    def consequence(self):
        if self.verdict == "no-mail":
            return "none"
        return CONSEQUENCES[self.demands_tls()].get(self.verdict, "unknown")


def versions(accepts, otherwise):
    """The whole "versions" object when just these are accepted."""
    accepted = {"TLSv" + word for word in accepts.split()}
    return {name: "accepted" if name in accepted else otherwise for name in VERSIONS}


def no_claim(states):
    """True when no version is said to be accepted or refused: a server that did not get to TLS says neither."""
    return all(state in ("unknown", "not-tested") for state in states.values())


def anything(_):
    """For what a case says nothing about."""
    return True


def offers(word):
    """True for lines of EHLO of which one begins with the word."""
    return lambda lines: lines is not None and any(line.split()[:1] == [word] for line in lines)


def lacks(word):
    """True for lines of EHLO of which none does."""
    return lambda lines: bool(lines) and not offers(word)(lines)


def differences(path, expected, actual):
    """Where `actual` departs from `expected`: objects are compared by the keys expected, sets hold allowed values,
    functions decide."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: expected an object, got {actual!r}"]
        return [text for key, value in expected.items()
                for text in (differences(f"{path}.{key}", value, actual[key]) if key in actual
                             else [f"{path}.{key}: missing"])]
    if callable(expected):
        return [] if expected(actual) else [f"{path}: unexpected {actual!r}"]
    if isinstance(expected, (set, frozenset)):
        return [] if actual in expected else [f"{path}: expected one of {sorted(expected)}, got {actual!r}"]
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {actual!r}"]


def endpoint_expectation(case):
    wanted = dict(case.endpoint)
    if case.accepts is not None:
        wanted.setdefault("versions", versions(case.accepts, case.otherwise))
        wanted.setdefault("stage", "done")
        wanted.setdefault("error", None)
        wanted.setdefault("attempts", 1)
        wanted.setdefault("smtp", {"starttls": "offered", "code": None, "injection": NOT_SEEN})
        accepted = {name for name, state in wanted["versions"].items() if state == "accepted"}
        wanted.setdefault("ciphers", lambda actual: {k for k, v in actual.items() if v} == accepted)
    return wanted


def check_endpoint(case, path, endpoint):
    found = differences(path, endpoint_expectation(case), endpoint)
    found += differences(path, {"verdict": case.verdict, "reason": case.reason}, endpoint)
    found += differences(f"{path}.ciphers", case.suites, endpoint["ciphers"] or {})
    if case.tls is False:
        found += differences(f"{path}.tls", None, endpoint["tls"])
    elif case.tls is not None:
        found += differences(f"{path}.tls", case.tls, endpoint["tls"])
    if case.certificate is not None:
        found += differences(f"{path}.certificate", case.certificate, endpoint["certificate"])
    return found


def check_case(case, domain, one_endpoint):
    path = f"{case.domain} ({case.klass}{', ' + case.requirement if case.requirement else ''})"
    found = differences(path, {"verdict": case.verdict, "reason": case.reason, "consequence": case.consequence(),
                               "route": case.route, "class": case.klass}, domain)
    found += differences(path, case.domain_facts, domain)
    if not domain.get("explanation"):
        found.append(f"{path}: no explanation")
    text = " / ".join(domain["warnings"])
    found += [f"{path}: no warning says {word!r}: {text!r}" for word in case.warnings if word not in text]
    if one_endpoint:
        endpoints = [endpoint for host in domain["hosts"] for endpoint in host["endpoints"]]
        if len(endpoints) != 1:
            return found + [f"{path}: expected one endpoint, got {len(endpoints)}"]
        found += check_endpoint(case, path, endpoints[0])
    return found


def check_report(cases, status, report, fail_on=None):
    """All differences between the cases and a whole report with its exit code."""
    fails = {None: FAILING, "at-risk": FAILING + ("at-risk",), "never": ()}[fail_on]
    wanted = 1 if any(case.verdict in fails for case in cases) else 0
    counts = {}
    for case in cases:
        group = counts.setdefault(case.klass, {})
        group[case.verdict] = group.get(case.verdict, 0) + 1
    found = differences("exit code", wanted, status)
    found += differences("report", {"format": "mxscope", "version": 1, "complete": True,
                                    "summary": {"targets": len(cases), "verdicts": counts}}, report)
    domains = {(d["domain"], d["class"]): d for d in report["domains"]}
    for case in cases:
        domain = domains.get((case.domain, case.klass))
        if domain is None:
            found.append(f"{case.domain} ({case.klass}): not in the report")
            continue
        single = case.accepts is not None or bool(case.endpoint)
        found += check_case(case, domain, single)
    return found


def check_tree(cases, screen):
    """The screen's rows, unfolded to the last, must say of each domain and address what the JSON report says."""
    rows = [line.split("\u2502")[0] for line in screen.splitlines()]
    found = []
    for case in cases:
        words = case.verdict.replace("-", " ")
        mine = [index for index, row in enumerate(rows) if f" {case.domain} " in row]
        if not any(f" {words} " in rows[index] for index in mine):
            found.append(f"{case.domain}: no row of the tree says {words!r}: {[rows[index] for index in mine]}")
        if case.accepts and case.klass == "opportunistic" and len(mine) == 1:
            newest = case.accepts.split()[-1]
            below = rows[mine[0] + 1:mine[0] + 3]
            if not any(f" {newest} " in row for row in below):
                found.append(f"{case.domain}: no address row shows TLS {newest}: {below}")
    return found
