#!/usr/bin/python3
"""browser_test.py WRITE_REPORTS: Chromium (Debian's) opens the page: it asks for nothing besides, its script sorts, it is read
without one, in light and in dark, on a small screen and on paper, and nothing runs of what strangers wrote."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chromium import Chromium  # noqa: E402

PAGES = ("sample.html", "empty.html", "hostile.html", "large.html", "many.html", "partners.html", "endless.html")
VERDICTS = ("ready", "at-risk", "plaintext", "not-ready", "unreachable", "unknown", "no-mail", "pending")
COLOURS = """(function () {
  var box = document.createElement("span"), out = {}, root = getComputedStyle(document.documentElement);
  document.body.appendChild(box);
  %s.forEach(function (name) { box.className = name; out[name] = getComputedStyle(box).color; });
  box.remove();
  out.paper = root.backgroundColor; out.ink = root.color;
  return out;
})()"""


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


class Browser(unittest.TestCase):
    folder = None
    chromium = None

    def setUp(self):
        self.page = self.chromium.page()
        self.page.media("light")
        self.page.size(1280, 900)

    def tearDown(self):
        self.page.close()

    def path(self, name):
        return os.path.join(self.folder, name)

    def names(self):
        return self.page.ask("Array.from(document.querySelectorAll('.problems tbody tr'))"
                             ".map(function (row) { return row.cells[0].textContent; })")

    def sort_by(self, table, column):
        self.page.ask("document.querySelectorAll('.problems')[%d].tHead.rows[0].cells[%d].firstChild.click()"
                      % (table, column))

    def test_loads_without_a_word_or_a_request(self):
        for name in PAGES:
            page = self.chromium.page()
            page.open(self.path(name))
            self.assertEqual(page.complaints(), [], name)
            self.assertEqual(page.requests(), ["file://" + self.path(name)])
            self.assertRegex(page.ask("document.title"), "^Who is ready for TLS 1.[23]")
            self.assertEqual(page.ask("document.compatMode"), "CSS1Compat")
            self.assertEqual(page.ask("document.images.length + document.scripts.length"), 1)
            page.close()

    def test_the_policy_holds(self):
        """Had a script or a picture come in after all, it would not run and nothing would be asked for."""
        with open(self.path("hostile.html"), encoding="utf-8") as file:
            text = file.read()
        with open(self.path("worse.html"), "w", encoding="utf-8") as file:
            file.write(text.replace("<main>", "<main><script>document.title = 'it ran'</script>"
                                    "<img src=http://127.0.0.1:9/a.png onerror=\"document.title = 'it ran'\">"))
        self.page.open(self.path("worse.html"))
        self.assertNotEqual(self.page.ask("document.title"), "it ran")
        self.assertGreaterEqual(len(self.page.complaints()), 2)

    def test_sorts_all_lots_as_one(self):
        self.page.open(self.path("many.html"))
        before = self.names()
        self.assertEqual(len(before), 501)
        numbers = ["d%d.example" % number for number in range(0, 1001, 2)]
        self.sort_by(0, 0)
        self.assertEqual(self.names(), numbers)
        self.assertNotEqual(before, numbers)
        self.sort_by(2, 0)
        self.assertEqual(self.names(), numbers[::-1])
        self.assertEqual(self.page.ask("Array.from(document.querySelectorAll('.problems')).map(function (table) { return "
                                       "table.tHead.rows[0].cells[0].getAttribute('aria-sort') + table.tBodies[0].rows.length; })"),
                         ["descending200", "descending200", "descending101"])
        self.sort_by(1, 1)
        self.assertEqual(self.page.ask("document.querySelectorAll('[aria-sort]').length"), 3)
        self.assertEqual(self.names()[-1], "d0.example")
        self.assertEqual(self.page.complaints(), [])

    def test_sorts_by_what_is_worst(self):
        self.page.open(self.path("sample.html"))
        self.sort_by(0, 3)
        self.assertEqual(self.names()[-1], "dead.example")
        self.sort_by(0, 3)
        self.assertEqual(self.names()[0], "dead.example")

    def test_only_what_is_in_sight_is_laid_out(self):
        self.page.open(self.path("many.html"))
        seen = ("Array.from(document.querySelectorAll('.lot')).map(function (lot) { return "
                "lot.firstElementChild.checkVisibility({contentVisibilityAuto: true}); })")
        self.page.frame()
        self.assertIn(False, self.page.ask(seen))
        self.page.open(self.path("sample.html"))
        self.page.frame()
        self.assertNotIn(False, self.page.ask(seen))

    def test_is_read_without_script(self):
        self.page.call("Emulation.setScriptExecutionDisabled", value=True)
        for name in ("sample.html", "many.html"):
            self.page.open(self.path(name))
            text = self.page.call("DOM.getOuterHTML", nodeId=self.page.call("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
            self.assertNotIn("<button", text)
        self.page.open(self.path("sample.html"))
        shown = self.page.call("DOMSnapshot.captureSnapshot", computedStyles=[])
        words = " ".join(shown["strings"][index] for index in shown["documents"][0]["layout"]["text"] if index >= 0)
        for part in ("Who is ready for", "mail stops", "fabrikam.example", "promised by 2026-12-13", "Words to send:",
                     "Limits of what was seen"):
            self.assertIn(part, words)

    def test_a_link_leads_into_what_is_folded(self):
        self.page.open(self.path("sample.html"))
        name = self.page.ask("document.querySelector('details.due').id")
        self.assertFalse(self.page.ask("document.getElementById('%s').open" % name))
        other = self.chromium.page()
        other.open(self.path("sample.html"), "#" + name)
        self.assertTrue(other.ask("document.getElementById('%s').open" % name))
        other.close()

    def test_light_and_dark_can_be_read(self):
        classes = ["v-" + verdict for verdict in VERDICTS] + ["dim", "zero", "late", "refused", "state-unknown"]
        papers = []
        for scheme in ("light", "dark"):
            self.page.media(scheme)
            self.page.open(self.path("sample.html"))
            colours = self.page.ask(COLOURS % classes)
            papers.append(colours.pop("paper"))
            for name, colour in colours.items():
                self.assertGreaterEqual(contrast(colour, papers[-1]), 4.5, "%s in %s" % (name, scheme))
        self.assertGreater(luminance(papers[0]), 0.9)
        self.assertLess(luminance(papers[1]), 0.05)

    def test_small_screens_scroll_no_page_sideways(self):
        for width in (400, 1280):
            self.page.size(width, 900)
            for name in PAGES:
                self.page.open(self.path(name))
                self.assertLessEqual(self.page.ask("document.documentElement.scrollWidth"), width, name)

    def test_paper(self):
        for name, least in (("empty.html", 1), ("sample.html", 3), ("many.html", 10)):
            self.page.open(self.path(name))
            pdf = self.page.pdf()
            self.assertTrue(pdf.startswith(b"%PDF-"))
            self.assertGreaterEqual(len(re.findall(rb"/Type\s*/Page\b", pdf)), least, name)

    def test_paper_shows_what_is_due(self):
        shown = "document.querySelector('details.due > .body').checkVisibility()"
        self.page.open(self.path("sample.html"))
        self.assertFalse(self.page.ask(shown))
        self.page.media("light", "print")
        self.page.frame()
        self.assertTrue(self.page.ask(shown))
        self.assertEqual(self.page.ask("getComputedStyle(document.querySelector('nav')).display"), "none")

    def test_paper_of_many(self):
        """So many rows are on paper, in sight or not; the tree is not, and that is said."""
        self.page.open(self.path("many.html"))
        self.page.media("light", "print")
        self.page.frame()
        shown = "document.querySelector('%s').checkVisibility({contentVisibilityAuto: true})"
        self.assertTrue(self.page.ask(shown % ".sort > .lot:nth-child(2) tr:last-child"))
        self.assertFalse(self.page.ask(shown % ".sort > .lot:nth-child(3) tr:last-child"))
        self.assertTrue(self.page.ask(shown % ".paper"))
        self.assertFalse(self.page.ask(shown % ".tree"))
        self.page.media("light", "screen")
        self.page.frame()
        self.assertFalse(self.page.ask(shown % ".paper"))
        self.assertTrue(self.page.ask("document.querySelector('.tree').checkVisibility()"))

    def test_paper_of_many_partners(self):
        """Without a script, what is left out is hidden."""
        self.page.call("Emulation.setScriptExecutionDisabled", value=True)
        self.page.open(self.path("partners.html"))
        self.page.call("Emulation.setScriptExecutionDisabled", value=False)
        self.page.media("light", "print")
        self.page.frame()
        shown = "Array.from(document.querySelectorAll('%s')).filter(function (node) { return node.checkVisibility(); }).length"
        for words, count in ((".partner", 1000), (".partner table", 200), (".partner dl", 200), (".partner h4 + p", 1000),
                             ("h3", 1), (".paper", 2)):
            self.assertEqual(self.page.ask(shown % words), count, words)
        self.page.media("light", "screen")
        self.page.frame()
        for words, count in ((".partner", 1301), (".partner table", 1301), ("h3", 3), (".paper", 0)):
            self.assertEqual(self.page.ask(shown % words), count, words)

    def test_all_is_there_again_behind_printing(self):
        self.page.open(self.path("many.html"))
        before = self.page.ask("document.body.outerHTML.length")
        self.page.ask("window.during = 0; addEventListener('beforeprint', function () "
                      "{ window.during = document.body.outerHTML.length; }); scrollTo(0, 700)")
        self.page.pdf()
        self.assertLess(self.page.ask("window.during"), before / 2)
        self.assertEqual(self.page.ask("document.body.outerHTML.length"), before)
        self.assertEqual(self.page.ask("scrollY"), 700)
        self.assertEqual(len(self.names()), 501)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as Browser.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Browser.folder], check=True)
        Browser.chromium = Chromium(Browser.folder)
        try:
            unittest.main()
        finally:
            Browser.chromium.close()
