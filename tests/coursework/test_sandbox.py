"""The sandbox of a replay: what hostile code can read, write, reach and leave behind."""

import shutil
import sys
import time
from pathlib import Path

import pytest
from archives.sandbox import Running, clean_environment, run

CONFINED = Running(quiet=True, timeout=20)
confined = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rebuilt").mkdir()
    (tmp_path / "claimed").mkdir()
    (tmp_path / "claimed/result.txt").write_text("0.81")
    return tmp_path / "rebuilt"


def said(code: str, folder: Path, running: Running = CONFINED) -> list[str]:
    """The last lines of Python code, which are shown because it fails."""
    return run([sys.executable, "-c", f"{code}\nraise SystemExit(1)"], folder, running)


@confined
@pytest.mark.parametrize(
    "path", ["../claimed/result.txt", str(Path(__file__)), str(Path.home() / ".bashrc"), "/etc/passwd"]
)
def test_it_reads_neither_claims_nor_sources_nor_homes(folder: Path, path: str) -> None:
    code = f"""
try: print(open({path!r}).read()[:9])
except OSError as error: print("refused", error.errno)"""
    assert said(code, folder)[0].startswith("refused")


@confined
@pytest.mark.parametrize("path", [sys.prefix, "/usr", "/etc", "/"])
def test_it_writes_nothing_but_its_own_folders(folder: Path, path: str) -> None:
    code = f"""
try: open({path!r} + "/mark", "w").write("x"); print("written")
except OSError: print("refused")"""
    said(code, folder)
    assert not Path(path, "mark").exists()
    said("open('own', 'w').write('x')", folder)
    assert (folder / "own").read_text() == "x"


@confined
def test_it_has_no_network(folder: Path) -> None:
    code = """import socket
try: socket.create_connection(("1.1.1.1", 53), timeout=2); print("connected")
except OSError: print("refused")"""
    assert said(code, folder) == ["refused"]


@confined
def test_what_leaves_the_session_ends_with_it(folder: Path) -> None:
    """A grandchild in a session of its own holds the pipe and would write later."""
    late = "import time; time.sleep(3); open('late', 'w').write('x')"
    code = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {late!r}], start_new_session=True); print(1)"
    )
    began = time.monotonic()
    assert said(code, folder) == ["1"]
    assert time.monotonic() - began < 3
    time.sleep(4)
    assert not (folder / "late").exists()


def test_a_child_that_holds_the_pipe_does_not_outlast_the_time_limit(folder: Path) -> None:
    running = Running(quiet=True, timeout=1, sandbox=False)
    began = time.monotonic()
    words = run(["bash", "-c", "setsid sleep 6 & sleep 6"], folder, running)
    assert words == ["it was stopped at the time limit of 1 s"]
    assert time.monotonic() - began < 4


@confined
def test_a_process_cannot_fill_the_memory_or_the_disk(folder: Path) -> None:
    assert said("bytearray(2**35)", folder)[-1].startswith("MemoryError")
    code = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); open('big', 'wb').truncate(2**31)"
    assert "File too large" in said(code, folder)[-1]


@pytest.mark.parametrize("sandbox", [pytest.param(True, marks=confined), False])
def test_no_variable_of_the_caller_is_seen(folder: Path, sandbox: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET", "PYTHONPATH", "GIT_DIR", "LD_PRELOAD_NOT"):
        monkeypatch.setenv(name, "mine-alone")
    words = said("import os; print(sorted(os.environ.items()))", folder, Running(quiet=True, sandbox=sandbox))
    assert "mine-alone" not in words[0]
    assert clean_environment(folder)["GIT_CEILING_DIRECTORIES"] == str(folder.parent)


def test_a_command_that_succeeds_says_nothing(folder: Path) -> None:
    assert run(["true"], folder, Running(sandbox=False)) == []
    assert run(["bash", "-c", "echo word; exit 3"], folder, Running(quiet=True, sandbox=False)) == ["word"]
    assert run(["no-such-program"], folder, Running(sandbox=False))[0].startswith("no-such-program: ")


@pytest.mark.parametrize("sandbox", [pytest.param(True, marks=confined), False])
def test_a_link_that_leads_out_of_the_folder_is_removed(folder: Path, sandbox: bool) -> None:
    """A linked result would be compared with itself, and a copy onto a link would be written outside."""
    (folder / "kept").mkdir()
    script = (
        "ln -s ../claimed/result.txt result.txt; ln -s ../claimed kept/claims; ln -s gone lost; mkfifo pipe; touch own"
    )
    assert run(["bash", "-c", script], folder, Running(quiet=True, timeout=20, sandbox=sandbox)) == []
    assert sorted(path.name for path in folder.rglob("*")) == ["kept", "own"]
    assert (folder.parent / "claimed/result.txt").read_text() == "0.81"
