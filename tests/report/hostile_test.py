#!/usr/bin/python3
"""hostile_test.py WRITE_REPORTS: whatever strangers wrote, and whatever it is written in (reports, letters, comparisons):
shown in a terminal it does nothing there, and it is valid UTF-8."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import unittest

LETTER = "hostile.letters/a.example.txt"
DIFFS = ("diff.txt", "diff.md", "diff.json", "diff.csv")
FORMATS = ("json", "jsonl", "csv", "endpoints.csv", "md", "html")
ACTS = {"Cc", "Cf", "Zl", "Zp"}
OWNER = "</td></script><script>alert(1)</script>"


class Hostile(unittest.TestCase):
    folder = None

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read().decode("utf-8-sig")

    def files(self):
        return ["hostile." + format for format in FORMATS] + ["endless." + format for format in FORMATS] + [LETTER, *DIFFS]

    def test_nothing_acts_on_a_terminal(self):
        for name in self.files():
            with self.subTest(name):
                allowed = "\n\r\t" if name.endswith("csv") else "\n"
                found = {character for character in set(self.read(name)) if unicodedata.category(character) in ACTS}
                self.assertLessEqual(found, set(allowed))

    def test_what_was_written_is_there(self):
        """Else nothing would have been tried."""
        for name in ["hostile." + format for format in FORMATS] + list(DIFFS):
            with self.subTest(name):
                self.assertIn("alert(1)", self.read(name).replace("\\", ""))
                self.assertRegex(self.read(name), "x1[bB]|u001B|\\\\x1b")

    def test_json_has_the_very_words(self):
        domain = json.loads(self.read("hostile.json"))["domains"][0]
        self.assertEqual({key: value for key, value in json.loads(self.read("hostile.jsonl")).items() if key != "session"}, domain)
        for key in ("owner", "note", "connector", "contact"):
            self.assertTrue(domain[key].startswith(OWNER), key)
        diff = json.loads(self.read("diff.json"))
        self.assertTrue(any(fact["fact"] == "owner" for target in diff["targets"] for fact in target["facts"]))

    def test_a_letter_has_only_its_own_head(self):
        head, body = self.read(LETTER).split("\n\n", 1)
        names = re.findall("^([A-Za-z-]+):", head, re.M)
        self.assertEqual(names, ["To", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"])
        self.assertTrue(all(line.startswith(" ") or re.match("[A-Za-z-]+: ", line) for line in head.split("\n")))
        self.assertLess(max(len(line) for line in (head + body).split("\n")), 998)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Hostile.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Hostile.folder], check=True)
        unittest.main()
