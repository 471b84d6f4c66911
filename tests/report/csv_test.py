#!/usr/bin/python3
"""csv_test.py WRITE_REPORTS: Python's csv module reads the CSV reports, and finds in them what JSON has."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest

COLUMNS = ("domain unicode class connector requirement tls_domain route verdict reason consequence explanation "
           "weakest_version strongest_version certificate_expiry operator hosts owner contact contact_state note "
           "warnings message due contacts elsewhere").split()
COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n")


def records(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf"), name
    lines = content.decode("utf-8-sig")
    rows = list(csv.reader(lines.splitlines(keepends=True), strict=True))
    assert len({len(row) for row in rows}) == 1, "rows of different lengths in " + name
    return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]


class Csv(unittest.TestCase):
    folder = None

    def sample(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return json.load(file)["domains"]

    def test_domains_are_those_of_json(self):
        header, rows = records(self.folder, "sample.csv")
        self.assertEqual(header, COLUMNS)
        domains = self.sample("sample.json")
        self.assertEqual(len(rows), len(domains))
        for row, domain in zip(rows, domains):
            for key in ("domain unicode class connector requirement tls_domain route verdict reason consequence "
                        "explanation owner contact contact_state message due").split():
                self.assertEqual(row[key], domain[key] or "", key)
            self.assertEqual(row["contacts"].lstrip("'"), "; ".join("%s (%s)" % (contact["address"], contact["source"])
                                                                    for contact in domain["contacts"]))
            self.assertEqual(row["hosts"].split(), [host["host"] for host in domain["hosts"]])
            self.assertEqual(int(row["warnings"]), len(domain["warnings"]))

    def test_endpoints_are_those_of_json(self):
        _, rows = records(self.folder, "sample.endpoints.csv")
        found = []
        for domain in self.sample("sample.json"):
            for beside in (False, True):
                hosts = (domain["beside"] or {"hosts": []})["hosts"] if beside else domain["hosts"]
                found += [(domain, host, endpoint, beside) for host in hosts for endpoint in host["endpoints"]]
        self.assertEqual(len(rows), len(found))
        for row, (domain, host, endpoint, beside) in zip(rows, found):
            self.assertEqual(row["domain"], domain["domain"])
            self.assertEqual(row["host"], host["host"])
            self.assertEqual(row["beside"], "yes" if beside else "no")
            for key in "address protocol verdict reason explanation stage error error_detail".split():
                self.assertEqual(row[key], endpoint[key] or "", key)
            for key in "owner contact contact_state due".split():
                self.assertEqual(row[key], domain[key] or "", key)
            for version, state in endpoint["versions"].items():
                self.assertEqual(row[version.lower()], state)
            self.assertEqual(row["certificate_sha256"], (endpoint["certificate"] or {"sha256": None})["sha256"] or "")

    def test_empty(self):
        self.assertEqual(records(self.folder, "empty.csv"), (COLUMNS, []))

    def test_nothing_computes(self):
        for name in ("hostile.csv", "hostile.endpoints.csv", "endless.csv", "endless.endpoints.csv"):
            _, rows = records(self.folder, name)
            self.assertEqual(len(rows), 1)
            for row in rows:
                for key, cell in row.items():
                    self.assertFalse(cell.lstrip(" ").startswith(COMPUTES), key)
                    self.assertFalse(set(cell) & {"\x1b", "\u202e"}, key)
            for row in rows if name.startswith("hostile") else ():
                for key in ("owner", "contact", "note", "connector", "elsewhere"):
                    self.assertIn("\r\n\\x1b[31m\\xff\\u{202e}", row[key])
                for key in ("banner", "error_detail", "certificate_subject", "certificate_issuer"):
                    self.assertIn("\r\n\\x1b[31m\\xff\\u{202e}", row.get(key, "\r\n\\x1b[31m\\xff\\u{202e}"))
                self.assertEqual((row["contact_state"], row["due"]), ("fixed", "2026-01-01"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Csv.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Csv.folder], check=True)
        unittest.main()
