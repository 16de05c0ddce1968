"""Attacks by code that the marker trusted by mistake, or that LaTeX runs: the sandbox of a replay confines each."""

from collections.abc import Callable

from attacks import Attack, Members
from handing_in import RESULTS

ERRORS = f"{RESULTS}/errors.parquet"
TEX = "report/coursework/main.tex"
OUTSIDE = "/tmp/geoflow-hostile"


def python(code: str) -> Callable[[Members], object]:
    """A Snakefile that runs `code` first."""
    return lambda members: members.update({"Snakefile": f"{code}\n".encode() + members["Snakefile"]})


def shell(command: str) -> Callable[[Members], object]:
    """A rule that runs `command` instead of the step."""
    old, new = b'"cp {input} {output}"', f'"{command}"'.encode()
    return lambda members: members.update({"Snakefile": members["Snakefile"].replace(old, new)})


def replay(name: str, words: str, change: Callable[[Members], object], expected: int = 1) -> Attack:
    return Attack(name, words, expected, change, level="replay", limit=900.0)


REBUILDS = [
    replay("a workflow that copies its claims", ERRORS, shell("cp ../claimed/{output} {output}")),
    replay("a workflow that links to its claims", ERRORS, shell("ln -s ../claimed/{output} {output}")),
    replay("a workflow that writes outside", "holds", python(
        f"for path in ('{OUTSIDE}', '../claimed/x', '../x', '/etc/x', '/usr/x'):\n"
        "    try: open(path, 'w').close()\n"
        "    except OSError: pass"), 0),
    replay("a workflow that prints the environment and stops", "the rebuild failed", python(
        "import os, sys\nsys.exit(str(dict(os.environ)) + open('/proc/self/environ').read())")),
    replay("a workflow that reads the users and the keys", "the rebuild failed", python(
        "import sys\nsys.exit(open('/etc/shadow').read() + open('/root/.ssh/id_rsa').read())")),
    replay("a workflow that calls home", "the rebuild failed", python(
        "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)")),
    replay("processes that leave the session", "holds", python(
        "import subprocess\nfor _ in range(20): subprocess.Popen(['sleep', '1000'], start_new_session=True)"), 0),
    replay("a workflow that ends its parents", "replay", python(
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(1, signal.SIGKILL)")),
    replay("a workflow that never ends", "the time limit", python("while True: pass")),
    replay("a line of output without an end", "the rebuild failed", python(
        "import sys\nsys.stdout.write('x' * 10**8)\nsys.exit(1)")),
    replay("LaTeX that runs a program", "me.pdf", lambda members: members.update({
        TEX: members[TEX].replace(b"Orders", b"\\immediate\\write18{touch " + OUTSIDE.encode() + b"}Orders")})),
    replay("code that nobody trusted", "read them, then use --trust-code", python(f"open('{OUTSIDE}', 'w')")),
]  # fmt: skip
LIMITS = {"timeout": 240.0}
