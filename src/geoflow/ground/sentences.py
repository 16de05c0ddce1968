"""Error handling of all commands: an error that a user can fix is printed as one sentence, without a stack trace."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from traceback import walk_tb

from geoflow.ground.errors import GeoflowError

DISTRIBUTION = "geoflow-gni"  # on PyPI the name geoflow belongs to another project
# Libraries that only a part of geoflow needs, and the extra that installs them.
EXTRAS = {
    "networks": ("torch", "sklearn", "pyautoattack"),
    "proofs": ("PEPit", "cvxpy"),
    "figures": ("matplotlib", "seaborn"),
    "pipeline": ("argcomplete", "hydra", "omegaconf", "optuna", "pyarrow", "threadpoolctl"),
    "tensorboard": ("tensorboard",),
}


@contextmanager
def sentences() -> Iterator[None]:
    """Print an error as one sentence and exit: status 2 for an error, 130 after Ctrl-C.

    Errors of the operating system and of the interpreter that input can cause are also printed as
    sentences. Any other exception is a defect of geoflow and keeps its stack trace.
    """
    try:
        yield
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        print("geoflow: stopped by Ctrl-C; run the same command again to resume.", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        if not (said := sentence(error)):
            raise
        print(f"geoflow: {said}", file=sys.stderr)
        sys.exit(2)


def exit_status(command: Callable[[], int | None]) -> int:
    """Exit status of a command: its return value, or the status of its error."""
    try:
        with sentences():
            return int(command() or 0)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def sentence(error: Exception) -> str:
    """Message for an error: what came, and what to try; empty for a defect of geoflow.

    For any error that is raised while a module is imported, the message gives the file and line.
    """
    for extra, libraries in EXTRAS.items():
        if isinstance(error, ModuleNotFoundError) and error.name in libraries:
            return f"{error.name} is not installed; try: pip install '{DISTRIBUTION}[{extra}]'"
    where = _place_of_import(error)
    said = _message(error)
    if where and not said:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        said = f"{type(error).__name__}: {' '.join(text.split())}"
    return f"{where}: {said}" if where and said else said


def _message(error: Exception) -> str:
    match error:
        case GeoflowError():
            return str(error)
        case OSError(filename=str(name), strerror=str(reason)):
            return f"{name}: {reason.lower()}; check that the file exists and is accessible."
        case OSError():
            return f"{error}; check the input files."
        case UnicodeError():
            return f"expected text in UTF-8, got other bytes ({error}); save the file as UTF-8."
        case RecursionError():
            return "the input is nested too deeply; expected a few levels of lists and keys."
        case MemoryError():
            return f"there is not enough memory ({error}); try fewer steps, samples or members."
    return ""


def _place_of_import(error: Exception) -> str:
    """Location of the module-level statement of geoflow, such as a table entry, or of the own code that failed."""
    if isinstance(error, SyntaxError) and str(error.filename).endswith(".py"):
        return place_in(str(error.filename), error.lineno or 1)
    lines = [
        place_in(frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        for name in [str(frame.f_globals.get("__name__"))]
        if name.startswith("geoflow." if frame.f_code.co_name == "<module>" else "geoflow.own.")
    ]
    return lines[-1] if lines else ""


def place_in(file: str, line: int) -> str:
    """Location "FILE, line N"; the path is relative if the file is below the current directory."""
    near = os.path.relpath(file)
    return f"{file if near.startswith(os.pardir) else near}, line {line}"


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Format the rows of a table as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{word:<{w}}" for word, w in zip(row, widths, strict=True)).rstrip() for row in rows]
