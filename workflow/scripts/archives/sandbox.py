"""Run the code of an untrusted archive: bubblewrap gives it namespaces of its own and no network.

The sandbox sees the system's programs, this Python and the data sets, all read-only. It can write to the given
folders only. Everything that it starts ends with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geoflow.ground import InputError

SHOWN = 12  # last lines of a command that fails
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache",
    "/etc/texmf", "/var/lib/texmf", "/var/lib/tex-common",
)  # fmt: skip
LIMITS = (f"--as={16 * 2**30}", f"--fsize={2**30}", "--nproc=4096", "--core=0")
"""Of each process: bytes of virtual memory (importing torch takes a third), bytes of a file, number of processes."""
PASSED = ("GEOFLOW_DATASETS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "MKL_CBWR")
"""Variables of the caller that a replay sees: where the data sets are, and what decides the last bits of a sum."""


@dataclass(frozen=True)
class Running:
    """How to run a replay.

    cores: passed to Snakemake; timeout: seconds per command, or None for no limit; quiet: hide the output;
    sandbox: run in bubblewrap; trust_code: accept code of the archive that differs from this clone; clone: the
    repository whose workflow and sources are used.
    """

    cores: int = 1
    timeout: float | None = 3600.0
    quiet: bool = False
    sandbox: bool = True
    trust_code: bool = False
    clone: Path = Path(__file__).resolve().parents[3]


def require_sandbox(running: Running) -> None:
    """Raise InputError if the code of an archive would run with the rights of the caller and nobody asked for it."""
    if running.sandbox and not shutil.which("bwrap"):
        raise InputError(
            "replay: expected bubblewrap (the program bwrap), which confines the code of an archive; there is none; "
            "install the package bubblewrap, or use --unsafe on a machine with nothing to lose."
        )


def run(command: Sequence[str], folder: Path, running: Running) -> list[str]:
    """Run `command` in `folder`; return its last lines if it fails or exceeds the time limit, else nothing."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    environment = clean_environment(home)
    confined = [*confine(folder, home), *command] if running.sandbox else list(command)
    try:
        process = subprocess.Popen(
            confined, cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        return [f"{confined[0]}: {error.strerror}"]
    last: deque[str] = deque(maxlen=SHOWN)
    # A process that leaves the session may hold the pipe open: waiting for its end would have no limit.
    reader = threading.Thread(target=_read, args=(process, last, running.quiet), daemon=True)
    reader.start()
    try:
        status = process.wait(running.timeout)
        reader.join(1)
    except subprocess.TimeoutExpired:
        status = 1
        last.append(f"it was stopped at the time limit of {running.timeout:g} s")
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    drop_links(folder)
    return list(last) if status else []


def drop_links(folder: Path) -> None:
    """Remove links and special files: they could lead a comparison to the claims, or a later copy out of `folder`."""
    for where, folders, files in os.walk(folder):
        for path in (Path(where, name) for name in (*folders, *files)):
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                path.unlink()


def confine(folder: Path, home: Path) -> list[str]:
    """The start of a command that runs in a sandbox, which can write to `folder` and `home` only."""
    python = {str(Path(prefix).resolve()) for prefix in (sys.prefix, sys.base_prefix)}
    data = os.environ.get("GEOFLOW_DATASETS")
    readable = [path for path in (*SYSTEM, *sorted(python), *([data] if data else [])) if Path(path).exists()]
    isolated = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--tmpfs", "/tmp"]
    binds = [word for path in readable for word in ("--ro-bind", path, path)]
    binds += [word for path in (str(folder), str(home)) for word in ("--bind", path, path)]
    devices = ["--proc", "/proc", "--dev", "/dev", "--chdir", str(folder)]
    return ["bwrap", *isolated, *binds, *devices, "--", "prlimit", *LIMITS, "--"]


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a command of a replay: no variable of the caller, except those in PASSED."""
    search = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {
        "PATH": search,
        "HOME": str(home),
        "LOGNAME": "replay",  # the sandbox has no list of users
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GEOFLOW_CACHE": str(home / "compiled"),
        "GIT_CEILING_DIRECTORIES": str(home.parent),  # the commit of a repository around it is not that of the results
        **{name: os.environ[name] for name in PASSED if name in os.environ},
    }


def _read(process: "subprocess.Popen[str]", last: "deque[str]", quiet: bool) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        last.append("".join(c if c.isprintable() else "?" for c in line.rstrip()))
        if not quiet:
            print(last[-1], file=sys.stderr)
