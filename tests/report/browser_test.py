#!/usr/bin/python3
"""browser_test.py WRITE_REPORTS: Chromium (Debian's) takes the page's style and its script by their hashes, runs nothing
of what strangers wrote, and prints it. Not among the tests that always run: it needs a browser."""

import os
import re
import subprocess
import sys
import tempfile
import unittest


class Browser(unittest.TestCase):
    folder = None

    def chromium(self, *words):
        return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                               "--user-data-dir=" + os.path.join(self.folder, "profile"), *words],
                              capture_output=True, text=True, timeout=200, check=True)

    def page(self, name):
        return "file://" + os.path.join(self.folder, name)

    def test_our_script_runs_and_no_other(self):
        for name in ("sample.html", "hostile.html"):
            done = self.chromium("--dump-dom", self.page(name))
            self.assertEqual(len(re.findall("<th[^>]*><button", done.stdout)), 9)
            self.assertEqual(done.stdout.count("<script>"), 1)
            self.assertNotIn("Content Security Policy", done.stderr)

    def test_the_policy_holds(self):
        """Had a script come in after all, it would not run."""
        with open(os.path.join(self.folder, "hostile.html"), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(self.folder, "worse.html"), "w", encoding="utf-8") as file:
            file.write(text.replace("<main>", "<main><script>document.title = 'it ran'</script>"))
        done = self.chromium("--dump-dom", self.page("worse.html"))
        self.assertNotIn("<title>it ran", done.stdout)
        self.assertIn("Content Security Policy", done.stderr)

    def test_paper(self):
        path = os.path.join(self.folder, "sample.pdf")
        self.chromium("--print-to-pdf=" + path, self.page("sample.html"))
        self.assertGreater(os.path.getsize(path), 10000)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as Browser.folder:
        subprocess.run([os.path.abspath(sys.argv.pop(1)), Browser.folder], check=True)
        unittest.main()
