"""Debian's Chromium without a screen, spoken to over a pipe (Chrome DevTools Protocol): no port is opened, no name is
resolved, its profile is a folder of the caller's."""

import base64
import json
import os
import select
import subprocess
import time

PATIENCE = 120  # seconds for one answer; a browser that hangs is an error
WORDS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--disable-default-apps", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]


class Chromium:
    """One browser; each page() is a tab of its own, with all that it said and asked for in `events`."""

    def __init__(self, profile):
        to_read, self.to = os.pipe()
        self.of, to_write = os.pipe()
        environment = dict(os.environ, HOME=profile, XDG_CONFIG_HOME=profile, XDG_CACHE_HOME=profile)
        for name in ("http_proxy", "https_proxy", "all_proxy", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec chromium "$@" 3<&%d 4>&%d' % (to_read, to_write), "sh", *WORDS,
             "--user-data-dir=" + os.path.join(profile, "chromium"), "about:blank"],
            pass_fds=(to_read, to_write), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.rest = b""
        self.number = 0
        self.events = []

    def _message(self):
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.rest:
            if not select.select([self.of], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("chromium says nothing")
            some = os.read(self.of, 1 << 20)
            if not some:
                raise EOFError("chromium has left")
            self.rest += some
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **words):
        self.number += 1
        message = {"id": self.number, "method": method, "params": words}
        if session:
            message["sessionId"] = session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.to, text):]
        while True:
            answer = self._message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, session, method):
        """The event, which may have come before; it is taken out."""
        while True:
            for event in self.events:
                if event.get("sessionId") == session and event["method"] == method:
                    self.events.remove(event)
                    return event["params"]
            self.events.append(self._message())

    def page(self):
        return Page(self)

    def close(self):
        """Also when it has gone wrong: the process is not left behind."""
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (OSError, EOFError, RuntimeError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.of)


class Page:
    def __init__(self, chromium):
        self.chromium = chromium
        self.target = chromium.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = chromium.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.call(part + ".enable")
        chromium.events.clear()

    def call(self, method, **words):
        return self.chromium.call(method, self.session, **words)

    def close(self):
        self.chromium.call("Target.closeTarget", targetId=self.target)

    def open(self, path, fragment=""):
        self.call("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        self.chromium.wait(self.session, "Page.loadEventFired")

    def ask(self, expression):
        """What an expression of JavaScript gives in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def media(self, scheme="light", kind=""):
        self.call("Emulation.setEmulatedMedia", media=kind, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def frame(self):
        """Until all that was asked for is painted: what is in sight is known only then."""
        self.call("Page.captureScreenshot")

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def _said(self, method):
        return [event["params"] for event in self.chromium.events
                if event.get("sessionId") == self.session and event["method"] == method]

    def complaints(self):
        """What stands in the console that is no mere information."""
        entries = [entry["entry"]["text"] for entry in self._said("Log.entryAdded")
                   if entry["entry"]["level"] in ("error", "warning")]
        entries += [str(call["args"]) for call in self._said("Runtime.consoleAPICalled")]
        return entries + [thrown["exceptionDetails"]["text"] for thrown in self._said("Runtime.exceptionThrown")]

    def requests(self):
        return [request["request"]["url"] for request in self._said("Network.requestWillBeSent")]
