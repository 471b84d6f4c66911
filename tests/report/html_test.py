#!/usr/bin/python3
"""html_test.py WRITE_REPORTS: the HTML page is well-formed, reaches for nothing outside itself, and nothing that
strangers wrote is anything but text in it."""

import base64
import hashlib
import html.parser
import os
import re
import subprocess
import sys
import tempfile
import unittest

VOID = {"meta", "br"}
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "h4", "dl", "dt", "dd", "nav",
            "a", "main", "p", "ul", "li", "b", "br", "small", "span", "bdi", "figure", "figcaption", "svg", "desc", "text",
            "rect", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "section",
            "blockquote", "script"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "id", "class", "href", "aria-label", "aria-labelledby",
              "role", "viewbox", "width", "height", "x", "y", "text-anchor", "scope", "data-k", "colspan", "open"}
NOT_WITHIN = {"p": {"p", "ul", "div", "table", "dl", "blockquote", "section", "details", "h2", "h3", "h4", "figure"},
              "a": {"a"}, "summary": {"p", "div", "ul", "table", "details"}, "small": {"p", "div", "table"}}


class Page(html.parser.HTMLParser):
    """Every element with its attributes, and whatever is wrong with their nesting."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack = []
        self.elements = []
        self.errors = []
        self.text = {}
        self.declarations = []
        self.feed(text)
        self.close()
        if self.stack:
            self.errors.append("not closed: %s" % self.stack)

    def handle_decl(self, decl):
        self.declarations.append(decl)

    def handle_comment(self, data):
        self.errors.append("a comment: " + data[:40])

    def handle_pi(self, data):
        self.errors.append("an instruction: " + data[:40])

    def handle_starttag(self, tag, attrs):
        if len({name for name, _ in attrs}) != len(attrs):
            self.errors.append("an attribute twice in %s" % self.get_starttag_text())
        for outer in self.stack:
            if tag in NOT_WITHIN.get(outer, ()):
                self.errors.append("<%s> within <%s> at %s" % (tag, outer, self.getpos()))
        self.elements.append((tag, dict(attrs), self.stack[-1] if self.stack else None))
        if tag not in VOID:
            self.stack.append(tag)
            self.text.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        for tag in set(self.stack):
            self.text[tag][-1] += data

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.errors.append("</%s> closes another element at %s" % (tag, self.getpos()))

    def of(self, tag):
        return [attrs for name, attrs, _ in self.elements if name == tag]


def columns(text):
    """The number of columns of each row, by table."""
    for table in re.findall(r"<table.*?</table>", text, re.S):
        rows = []
        for row in re.findall(r"<tr>.*?</tr>", table, re.S):
            spans = [int(span) for span in re.findall(r'colspan="(\d+)"', row)]
            rows.append(len(re.findall(r"<t[hd][ >]", row)) - len(spans) + sum(spans))
        yield rows


class Html(unittest.TestCase):
    folder = None

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            text = file.read()
        return text, Page(text)

    def each(self):
        for name in ("sample.html", "empty.html", "hostile.html", "large.html"):
            with self.subTest(name):
                yield self.read(name)

    def test_well_formed(self):
        for text, page in self.each():
            self.assertEqual(page.errors, [])
            self.assertEqual(page.declarations, ["DOCTYPE html"])
            for rows in columns(text):
                self.assertEqual(len(set(rows)), 1, rows)

    def test_only_what_is_ours(self):
        for _, page in self.each():
            self.assertLessEqual({tag for tag, _, _ in page.elements}, ELEMENTS)
            self.assertLessEqual({name for _, attrs, _ in page.elements for name in attrs}, ATTRIBUTES)
            self.assertEqual(len(page.of("script")), 1)
            self.assertEqual(len(page.of("style")), 1)

    def test_ids_and_references(self):
        for _, page in self.each():
            ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
            self.assertEqual(len(ids), len(set(ids)))
            for link in page.of("a"):
                self.assertIn(link["href"][1:], ids)
                self.assertEqual(link["href"][0], "#")
            for _, attrs, _ in page.elements:
                for reference in attrs.get("aria-labelledby", "").split():
                    self.assertIn(reference, ids)

    def test_reaches_for_nothing(self):
        for text, page in self.each():
            for part in page.text["style"] + page.text["script"]:
                self.assertIsNone(re.search(r"url\(|@import|https?:|//[a-z]|fetch|XMLHttp|innerHTML|eval", part))
            policy = [meta["content"] for meta in page.of("meta") if meta.get("http-equiv")]
            self.assertEqual(policy, ["default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; "
                                      "form-action 'none'" % tuple(
                                          "sha256-" + base64.b64encode(hashlib.sha256(
                                              re.search("<%s>(.*?)</%s>" % (tag, tag), text, re.S).group(1).encode()
                                          ).digest()).decode() for tag in ("style", "script"))])

    def test_plots_can_be_read(self):
        _, page = self.read("sample.html")
        self.assertEqual([attrs["role"] for attrs in page.of("svg")], ["img", "img"])
        self.assertEqual(page.text["desc"],
                         ["Partners: 1 not ready, 1 pending. Opportunistic: 1 not ready, 1 unreachable, 1 no mail. "
                          "Relays: 1 pending. ",
                          "TLS 1.3: 0, TLS 1.2: 0, TLS 1.1: 0, TLS 1.0: 0, SSL 3.0: 0, none: 2, not known: 4."])

    def test_content(self):
        text, page = self.read("sample.html")
        self.assertEqual(page.text["h2"], ["Summary", "Problems", "Tree", "Partners", "Methods",
                                           "Limits of what was seen"])
        self.assertEqual(page.text["h3"], ['Connector To "Fabrikam"', "Connector not named"])
        self.assertIn("Please enable TLS 1.2 or newer.", page.text["blockquote"][-1])
        self.assertIn("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", text)
        order = [text.index(name, text.index('id="problems"')) for name in
                 ("fabrikam.example", "shared.example", "dead.example")]
        self.assertEqual(order, sorted(order))

    def test_large_sessions_are_counted(self):
        text, page = self.read("large.html")
        self.assertEqual(len(page.of("section")), 2)
        self.assertEqual(len([attrs for attrs in page.of("details") if attrs.get("class") == "due"]), 120)
        self.assertIn("120 of them are no partners and gave no answer that counts against them", text)
        self.assertIn("1078 not listed here: ", text)
        self.assertEqual(len(page.of("tr")), 6 + 1 + 120 + 122 * 3)
        self.assertNotIn("d8.example", text)
        self.assertIn("d0.example", text)

    def test_hostile_text_is_text(self):
        _, page = self.read("hostile.html")
        everything = page.text["html"][0]
        self.assertIn("contacted by 2026-01-01", everything)
        for part in ("</td></script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; |",
                     "# heading\n\n- item", "\\x1b[31m\\xff\\u{202e} --> ]]>"):
            self.assertGreater(everything.count(part), 5)
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", everything))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Html.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Html.folder], check=True)
        unittest.main()
