#!/usr/bin/python3
"""validate.py SCHEMA WRITE_SAMPLE DIFF_SCHEMA: reports and comparisons of test models keep to their schemas, the schemas
keep to the word lists, and they let nothing else through."""

import copy
import json
import os
import subprocess
import sys
import tempfile

from jsonschema import Draft7Validator

failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED: " + what)


def valid(validator, value, what):
    for error in validator.iter_errors(value):
        check(False, "%s: /%s: %s" % (what, "/".join(map(str, error.absolute_path)), error.message[:200]))


def objects(value, path=""):
    """Every object inside a JSON value, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from objects(inner, path + "/" + key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from objects(inner, "%s/%d" % (path, i))


def find(value, path):
    for part in path.strip("/").split("/") if path else []:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def strict(schema):
    """Each object of the schema is closed."""
    for path, value in objects(schema):
        if value.get("type") == "object":
            check(value.get("additionalProperties") is False, "open object in the schema at " + path)


def nothing_else_passes(validator, sample, surplus=()):
    """A key taken away is noticed unless it is one of those that need not occur; so is one too many."""
    optional = ("/ciphers", "/verdicts", "/partner", "/opportunistic", "/relay", "/service")
    for path, value in objects(sample):
        changed = copy.deepcopy(sample)
        find(changed, path)["surplus"] = 1
        check(not validator.is_valid(changed), "a surplus key passes at " + path)
        if path.endswith(optional):
            continue
        for key in set(value) - set(surplus):
            changed = copy.deepcopy(sample)
            del find(changed, path)[key]
            check(not validator.is_valid(changed), "a missing %s/%s passes" % (path, key))


REPORT_WORDS = (("/domains/0", "verdict"), ("/domains/0", "class"), ("/domains/0", "consequence"),
                ("/domains/0", "reason"), ("/domains/0", "route"), ("/domains/0/beside", "route"),
                ("/domains/0", "match"), ("/domains/0/contacts/0", "source"),
                ("/domains/0/zone", "status"), ("/domains/0/policy/tls_rpt", "status"), ("/domains/0", "floor"), ("/domains/0/other_connectors/0", "match"),
                ("/domains/0/hosts/0/endpoints/0", "stage"),
                ("/domains/0/hosts/0/endpoints/0/smtp", "starttls"),
                ("/domains/0/hosts/0/endpoints/0/versions", "TLSv1.2"))
DIFF_WORDS = (("/targets/0", "change"), ("/targets/0", "class"), ("/targets/0/verdict", "old"), ("/targets/0/reason", "new"),
              ("/targets/0/consequence", "old"), ("/endpoints/0", "change"), ("/endpoints/0", "protocol"),
              ("/endpoints/0/facts/0", "fact"), ("/old", "started_at"))


def wrong_words_fail(validator, sample, places):
    for path, key in places:
        changed = copy.deepcopy(sample)
        find(changed, path)[key] = "no-such-word"
        check(not validator.is_valid(changed), "a wrong word passes at %s/%s" % (path, key))


def comparisons(schema, diff, same, words):
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    valid(validator, diff, "diff.json")
    valid(validator, same, "same.json")
    check({target["change"] for target in diff["targets"]} == {"regressed", "newly-unknown", "appeared", "gone"},
          "diff.json: %s" % [target["change"] for target in diff["targets"]])
    check(not same["targets"] and not same["endpoints"], "same.json has differences")
    for name, definition in schema["definitions"].items():
        if "enum" in definition:
            check(words[name] == definition["enum"], "the words of '%s' in the schema of comparisons differ" % name)
    strict(schema)
    nothing_else_passes(validator, diff)
    wrong_words_fail(validator, diff, DIFF_WORDS)


def main(schema_path, write_sample, diff_schema_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(diff_schema_path, encoding="utf-8") as file:
        diff_schema = json.load(file)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        subprocess.run([write_sample, folder], check=True)

        def load(name):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return file.read()

        sample, empty, words = (json.loads(load(n)) for n in ("sample.json", "empty.json", "words.json"))
        diff, same = json.loads(load("diff.json")), json.loads(load("same.json"))
        lines = load("sample.jsonl").splitlines()

    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    line_validator = Draft7Validator(dict(schema["definitions"]["domain"], definitions=schema["definitions"]))
    valid(validator, sample, "sample.json")
    valid(validator, empty, "empty.json")
    check(len(lines) == len(sample["domains"]) == 6, "sample.jsonl has %d lines" % len(lines))
    for i, line in enumerate(lines):
        valid(line_validator, json.loads(line), "sample.jsonl:%d" % (i + 1))
    nothing_else_passes(line_validator, json.loads(lines[0]), ("session",))
    for name, expected in words.items():
        if name in ("change", "fact"):
            continue
        check(schema["definitions"][name]["enum"] == expected, "the words of '%s' differ" % name)
    strict(schema)
    nothing_else_passes(validator, sample)
    wrong_words_fail(validator, sample, REPORT_WORDS)
    comparisons(diff_schema, diff, same, words)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
