"""A screen in a terminal of its own (tests/tui/remote.c)."""

import subprocess


class Remote:
    def __init__(self, program, words, environment, lines=30, columns=150):
        self.process = subprocess.Popen(
            [program, str(lines), str(columns), *("%s=%s" % pair for pair in environment.items()), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.exit_code = None

    def command(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self, line):
        if line.startswith("exit "):
            self.exit_code = int(line.split()[1])

    def look(self):
        """The screen's lines."""
        self.command("look")
        lines = []
        while True:
            line = self.process.stdout.readline()
            if not line.startswith("|"):
                self.end(line)
                return lines
            lines.append(line[1:].rstrip("\n"))

    def text(self):
        return "\n".join(self.look())

    def send(self, text):
        self.command("send " + text.encode().hex())

    def kill(self):
        """The exit code: 137 when it was there to be killed."""
        self.command("kill")
        self.end(self.process.stdout.readline())
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        return self.exit_code

    def wait(self):
        self.command("wait")
        self.end(self.process.stdout.readline())
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        return self.exit_code
