#!/usr/bin/python3
"""markdown_test.py WRITE_REPORTS: GitHub's own reader (Debian's cmark-gfm) makes of the Markdown report the tables that
were meant, and nothing of what strangers wrote in it."""

import html.parser
import os
import subprocess
import sys
import tempfile
import unittest


class Reader(html.parser.HTMLParser):
    """Counts elements, and takes the cells of tables."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.count = {}
        self.rows = []
        self.links = []
        self.headings = []
        self.open = None
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th", "h1", "h2", "h3"):
            self.text = ""
        if tag == "a":
            self.links.append(dict(attrs).get("href", ""))

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.text)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(self.text)


def read(folder, name):
    command = ["cmark-gfm", "--unsafe"]
    for extension in ("table", "autolink", "strikethrough", "tasklist"):
        command += ["-e", extension]
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        text = file.read()
    reader = Reader()
    reader.feed(subprocess.run(command, input=text, encoding="utf-8", stdout=subprocess.PIPE, check=True).stdout)
    return text, reader


class Markdown(unittest.TestCase):
    folder = None

    def test_sample(self):
        _, page = read(self.folder, "sample.md")
        self.assertEqual(page.headings, ["Who is ready for TLS 1.2 or better?", "Summary", "Campaign", "Problems",
                                         "Partners by connector", "Connector To \"Fabrikam\"",
                                         "Connector not named", "Methods", "Limits of what was seen"])
        self.assertEqual(page.count["table"], 9)
        problems = page.rows.index(["Target", "Class", "Mail", "Verdict", "TLS", "Certificate ends", "Owner",
                                    "Contact", "State", "Due", "Why"])
        self.assertEqual([row[:4] for row in page.rows[problems + 1:problems + 4]],
                         [["fabrikam.example", "partner", "mail stops", "not ready"],
                          ["shared.example", "opportunistic", "mail may go in clear", "not ready"],
                          ["dead.example", "opportunistic", "not known", "unreachable"]])
        self.assertEqual(page.rows[problems + 1][6:9], ["J\u00f6rg", "postmaster@it.example", "promised"])
        self.assertIn(["fabrikam.example", "J\u00f6rg", "postmaster@it.example", "promised", "2026-12-13", "",
                       "broken \\xff byte"], page.rows)
        self.assertIn(["promised", "1", "1", "1", "0", "0"], page.rows)
        self.assertIn(["J\u00f6rg", "1", "1", "0", "0"], page.rows)
        self.assertIn(["nobody", "1", "0", "0", "0"], page.rows)
        self.assertIn(["All", "2", "0", "0", "1", "0", "0", "1", "2"], page.rows)

    def test_words_to_send(self):
        text, _ = read(self.folder, "sample.md")
        self.assertIn("- To **fabrikam.example**: Your gateway gw.fabrikam.example (192.0.2.14) offers", text)
        self.assertIn("\nWarnings:\n\n- **fabrikam.example**: ", text)

    def test_certificates_that_end_soon(self):
        _, page = read(self.folder, "partners.md")
        self.assertIn("Certificates that end soon", page.headings)
        self.assertIn(["soon.example", "2026-11-28", "10", "ready", "TLS with a trusted certificate required", ""], page.rows)

    def test_empty(self):
        _, page = read(self.folder, "empty.md")
        self.assertEqual(page.count["table"], 3)
        self.assertIn("Problems", page.headings)

    def test_hostile_text_is_text(self):
        _, page = read(self.folder, "hostile.md")
        self.assertLessEqual(set(page.count), {"h1", "h2", "h3", "p", "ul", "li", "strong", "table", "thead", "tbody",
                                               "tr", "td", "th", "a"})
        _, endless = read(self.folder, "endless.md")
        self.assertLessEqual(set(endless.count), set(page.count))
        self.assertEqual([link for link in page.links if not link.startswith("mailto:")], [])
        self.assertEqual(page.count["h3"], 1)
        self.assertEqual(page.count["table"], 11)
        self.assertGreater(page.count["strong"], 1)
        self.assertIn(["noted as fixed, and still falls short", "fixed", "not ready"], [row[1:4] for row in page.rows])
        self.assertIn("Seen otherwise elsewhere", page.headings)
        note = page.rows[-1][-1]
        for part in ("</td></script><script>alert(1)</script>", "\"'&amp; | `x` ``y [a](javascript:alert(3))",
                     "<http://evil.example> http://evil.example www.evil.example *b* _i_ ~s~ # h  # heading",
                     "\\x1b[31m\\xff\\u{202e} -->"):
            self.assertIn(part, note)

    def test_hostile_text_of_a_comparison_is_text(self):
        _, page = read(self.folder, "diff.md")
        self.assertLessEqual(set(page.count), {"h1", "h2", "h3", "p", "ul", "li", "strong", "a"})
        self.assertEqual([link for link in page.links if not link.startswith("mailto:")], [])

    def test_every_row_has_its_cells(self):
        for name in ("sample.md", "hostile.md"):
            text, _ = read(self.folder, name)
            columns = 0
            for line in text.split("\n"):
                cells = line.replace("\\|", "").count("|")
                self.assertIn(cells, (0, columns) if line.startswith("|") and columns else (0, cells))
                columns = cells


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Markdown.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Markdown.folder], check=True)
        unittest.main()
