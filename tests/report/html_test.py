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

VOID = {"meta", "br", "wbr"}
GLOBAL = {"id", "class"}
ATTRIBUTES = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "style": set(),
    "body": set(), "header": set(), "nav": {"aria-label"}, "main": set(), "section": set(), "div": set(), "h1": set(),
    "h2": set(), "h3": set(), "h4": set(), "p": set(), "blockquote": set(), "ul": set(), "li": set(), "dl": set(),
    "dt": set(), "dd": set(), "a": {"href"}, "b": set(), "br": set(), "wbr": set(), "small": set(), "span": set(), "bdi": set(),
    "figure": set(), "figcaption": set(), "details": {"open"}, "summary": set(), "table": set(), "caption": set(),
    "thead": set(), "tbody": set(), "tr": set(), "th": {"scope"}, "td": {"colspan", "data-k"}, "script": set(),
    "svg": {"viewbox", "width", "height", "role", "aria-labelledby"}, "desc": set(),
    "text": {"x", "y", "text-anchor"}, "rect": {"x", "y", "width", "height"},
}
FLOW = {"p", "ul", "dl", "div", "table", "blockquote", "section", "details", "figure", "h1", "h2", "h3", "h4"}
PHRASING_ONLY = {"p", "h1", "h2", "h3", "h4", "span", "bdi", "small", "b", "a", "summary", "dt", "caption", "figcaption",
                 "title", "th"}
PARENTS = {"li": {"ul"}, "dt": {"dl"}, "dd": {"dl"}, "tr": {"thead", "tbody"}, "th": {"tr"}, "td": {"tr"},
           "thead": {"table"}, "tbody": {"table"}, "caption": {"table"}, "summary": {"details"}, "figcaption": {"figure"},
           "meta": {"head"}, "style": {"head"}, "title": {"head", "svg", "rect"}, "desc": {"svg"}, "text": {"svg"},
           "rect": {"svg"}, "head": {"html"}, "body": {"html"}, "main": {"body"}, "header": {"body"}}
CHILDREN = {"ul": {"li"}, "dl": {"dt", "dd"}, "tr": {"th", "td"}, "thead": {"tr"}, "tbody": {"tr"},
            "table": {"caption", "thead", "tbody"}, "html": {"head", "body"}}
FIRST = {"summary", "caption", "figcaption"}


class Page(html.parser.HTMLParser):
    """Every element with its attributes, and whatever is wrong with their nesting."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack = []
        self.children = []
        self.elements = []
        self.errors = []
        self.parts = {}
        self.declarations = []
        self.feed(text)
        self.close()
        self.text = {tag: ["".join(parts) for parts in every] for tag, every in self.parts.items()}
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
        self.check_place(tag)
        self.elements.append((tag, dict(attrs), self.stack[-1] if self.stack else None))
        if self.children:
            self.children[-1] += 1
        if tag not in VOID:
            self.stack.append(tag)
            self.children.append(0)
            self.parts.setdefault(tag, []).append([])

    def check_place(self, tag):
        parent = self.stack[-1] if self.stack else None
        if tag in FLOW and PHRASING_ONLY & set(self.stack):
            self.errors.append("<%s> within %s at %s" % (tag, self.stack, self.getpos()))
        if tag in ("a", "p", "main", "svg") and tag in self.stack:
            self.errors.append("<%s> within itself at %s" % (tag, self.getpos()))
        if parent not in PARENTS.get(tag, {parent}) or tag not in CHILDREN.get(parent, {tag}):
            self.errors.append("<%s> within <%s> at %s" % (tag, parent, self.getpos()))
        if tag in FIRST and self.children[-1]:
            self.errors.append("<%s> is not the first at %s" % (tag, self.getpos()))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        if data.strip() and self.stack and self.stack[-1] in CHILDREN:
            self.errors.append("text in <%s> at %s" % (self.stack[-1], self.getpos()))
        for tag in set(self.stack):
            self.parts[tag][-1].append(data)

    def handle_endtag(self, tag):
        if self.children:
            self.children.pop()
        if not self.stack or self.stack.pop() != tag:
            self.errors.append("</%s> closes another element at %s" % (tag, self.getpos()))

    def of(self, tag):
        return [attrs for name, attrs, _ in self.elements if name == tag]


def columns(text):
    """The number of columns of each row, by table."""
    for table in re.findall(r"<table.*?</table>", text, re.S):
        rows = []
        for row in re.findall(r"<tr[ >].*?</tr>", table, re.S):
            spans = [int(span) for span in re.findall(r'colspan="(\d+)"', row)]
            rows.append(len(re.findall(r"<t[hd][ >]", row)) - len(spans) + sum(spans))
        yield rows


class Html(unittest.TestCase):
    folder = None
    pages = {}

    def read(self, name):
        if name not in self.pages:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                text = file.read()
            self.pages[name] = text, Page(text)
        return self.pages[name]

    def each(self):
        for name in ("sample.html", "empty.html", "hostile.html", "large.html", "many.html", "partners.html", "endless.html"):
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
            self.assertLessEqual({tag for tag, _, _ in page.elements}, set(ATTRIBUTES))
            for tag, attrs, _ in page.elements:
                self.assertLessEqual(set(attrs), ATTRIBUTES[tag] | GLOBAL, tag)
            self.assertEqual(len(page.of("script")), 1)
            self.assertEqual(len(page.of("style")), 1)

    def test_head(self):
        for text, page in self.each():
            self.assertLess(text.index('<meta charset="utf-8">'), 1024)
            self.assertEqual([attrs["lang"] for attrs in page.of("html")], ["en"])
            self.assertEqual(page.of("meta")[0], {"charset": "utf-8"})
            self.assertTrue(page.text["title"][0].strip())
            for tag in ("title", "body", "header", "nav", "main", "h1"):
                self.assertEqual(len([parent for name, _, parent in page.elements
                                      if name == tag and parent not in ("svg", "rect")]), 1, tag)

    def test_headings_in_order(self):
        for _, page in self.each():
            levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
            self.assertEqual(levels[0], 1)
            for before, level in zip(levels, levels[1:]):
                self.assertLessEqual(level, before + 1)
            for tag in ("h1", "h2", "h3", "h4", "caption", "figcaption", "summary", "a"):
                for words in page.text.get(tag, ()):
                    self.assertTrue(words.strip(), tag)

    def test_only_known_references_and_values(self):
        for text, page in self.each():
            body = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)
            self.assertEqual(set(re.findall(r"&[^;]{0,8};?", body)) - {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}, set())
            for attrs in page.of("th"):
                self.assertIn(attrs["scope"], ("col", "row"))
            for attrs in page.of("td"):
                self.assertRegex(attrs.get("colspan", "1"), "^[0-9]+$")

    def test_ids_and_references(self):
        for _, page in self.each():
            ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
            self.assertEqual(len(ids), len(set(ids)))
            for one in ids:
                self.assertRegex(one, "^[a-z][a-z0-9-]*$")
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
        for number, attrs in enumerate(page.of("svg")):
            named = [inner.get("id") for tag, inner, parent in page.elements if parent == "svg" and tag in ("title", "desc")]
            self.assertEqual(attrs["aria-labelledby"].split(), named[number * 2:number * 2 + 2])
        self.assertEqual(page.text["desc"],
                         ["Partners: 1 not ready, 1 pending. Opportunistic: 1 not ready, 1 unreachable, 1 no mail. "
                          "Relays: 1 pending. ",
                          "TLS 1.3: 0, TLS 1.2: 0, TLS 1.1: 0, TLS 1.0: 0, SSL 3.0: 0, none: 2, not known: 4."])

    def test_content(self):
        text, page = self.read("sample.html")
        self.assertEqual(page.text["h2"], ["Summary", "Campaign", "Problems", "Tree", "Partners", "Methods",
                                           "Limits of what was seen"])
        self.assertEqual(page.text["h3"], ['Connector To "Fabrikam"', "Connector not named"])
        self.assertIn("Please enable TLS 1.2 or newer.", page.text["blockquote"][-1])
        self.assertIn("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", text)
        text = text.replace("<wbr>", "")
        order = [text.index(name, text.index('id="problems"')) for name in
                 ("fabrikam.example", "shared.example", "dead.example")]
        self.assertEqual(order, sorted(order))

    def test_large_sessions_are_counted(self):
        text, page = self.read("large.html")
        self.assertEqual(len(page.of("section")), 2)
        self.assertEqual(len([attrs for attrs in page.of("details") if attrs.get("class") == "due"]), 0)
        self.assertEqual(page.of("body")[0]["class"], "large")
        self.assertIn("1200 of 41 targets: is:problem class:partner", text)
        self.assertIn("120 of them are no partners and gave no answer that counts against them", text)
        self.assertIn("1078 not listed here: ", text)
        self.assertEqual(len(page.of("tr")), 4 + 8 + 1 + 120 + 122 * 2)
        self.assertNotIn("d8.example", text)
        self.assertIn("d0.example", text)

    def test_lots(self):
        """Many rows stand in several tables that are sorted as one; no lot is empty."""
        text, page = self.read("many.html")
        lots = text[text.index('<div class="sort">'):text.index('id="tree"')].replace(" off", "").split('<div class="wide lot">')[1:]
        self.assertEqual([lot.count("<tr>") - 1 for lot in lots], [200, 200, 101])
        self.assertEqual(len([attrs for attrs in page.of("div") if attrs.get("class") == "lot"]), 1 + 3)

    def test_paper_has_room_for_some(self):
        """Of those who fall short so many in full, of others a line, and no more than that."""
        text, page = self.read("partners.html")
        sections = [(attrs["class"].split()[1:], name) for attrs, name in
                    zip(page.of("section"), re.findall("<h4><bdi>(p[0-9]+)", text))]
        self.assertEqual(len(sections), 1300)  # and one without a connector
        full = [name for words, name in sections if not words]
        self.assertEqual(full, ["p%04d" % number for number in range(0, 800, 4)])
        self.assertEqual([name for words, name in sections if "off" in words], ["p%04d" % number for number in range(1000, 1300)])
        self.assertEqual(re.findall('<h3( class="off")?>Connector ([^<]*)', text), [("", "To all"), (' class="off"', "To the last"), (' class="off"', "not named")])
        self.assertEqual([attrs["class"] for attrs in page.of("p") if attrs.get("class") == "paper"], ["paper"] * 2)
        self.assertIn("On paper is all about the 200 for whose mail it is worst, and a line for up to 1000 others.", text)
        many = self.read("many.html")[0]
        self.assertIn("On paper are the first 400 of 501.", many)
        self.assertEqual(many.count('<div class="wide lot off">'), 1)
        for name in ("sample.html", "large.html"):
            self.assertNotIn("On paper are the first", self.read(name)[0])
        self.assertNotIn("On paper", self.read("sample.html")[0])

    def test_certificates_that_end_soon(self):
        text, page = self.read("partners.html")
        self.assertIn("Certificates that end soon", page.text["h2"])
        self.assertIn("1 target has to have a valid certificate and has one that ends within 30 days", text)
        row = re.search('id="expiring".*?<tbody>\\s*(<tr>.*?</tr>)', text, re.S).group(1)
        self.assertIn('>soon.<wbr>example</bdi>', row)
        self.assertIn('<td class="word">2026-11-28</td><td>10</td>', row)
        self.assertNotIn('id="expiring"', self.read("sample.html")[0])

    def test_beside_the_route(self):
        """What stands beside a route is told apart from what mail meets."""
        text = self.read("sample.html")[0]
        table = text[text.index("Beside the route: mail does not go there."):].split("</table>")[0]
        self.assertEqual(len(re.findall('<tr class="beside"><td class="name">', table)), 1)
        self.assertNotIn("<tr><td class=", table)

    def test_campaign(self):
        text, page = self.read("hostile.html")
        self.assertIn("1 target, 1 of them open: 1 overdue, 0 due within 7 days.", text)
        for caption in ("By state", "Open, by owner", "Overdue, or due within 7 days", "State and probe disagree"):
            self.assertIn(caption, page.text["caption"])
        self.assertIn("2026-11-01 ready, 2026-11-16 not ready", page.text["dd"])
        self.assertNotIn("campaign", self.read("empty.html")[0].split("<main>")[1])

    def test_hostile_text_is_text(self):
        _, page = self.read("hostile.html")
        everything = page.text["html"][0]
        self.assertIn("fixed by 2026-01-01", everything)
        for part in ("</td></script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; |",
                     "# heading\n\n- item", "\\x1b[31m\\xff\\u{202e} --> ]]>"):
            self.assertGreater(everything.count(part), 5)
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", everything))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Html.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Html.folder], check=True)
        unittest.main()
