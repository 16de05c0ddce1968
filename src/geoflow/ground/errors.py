"""The two kinds of refusal. A command prints the message as one sentence and exits with 2."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from traceback import walk_tb


class GeoflowError(Exception):
    """Something that a user can put right; the message says what was expected, what came, what to try."""


class InputError(GeoflowError, ValueError):
    """Bad input: an unknown name, a negative step, a wrong shape, an unknown key."""


class UnknownNameError(InputError, KeyError):
    """A table has no entry of this name; the message holds the nearest ones."""

    __str__ = Exception.__str__  # that of KeyError would quote the sentence


class SolveError(GeoflowError, ArithmeticError):
    """A computation that cannot go on: the state overflowed, an implicit solve did not converge.

    `step` is the number of the last step that was still good, where there is one.
    """

    step: int | None = None


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the closest candidates, or all of a short list."""
    candidates = sorted(candidates)
    if not candidates:
        return "there are none."
    close = get_close_matches(name, candidates, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(repr(match) for match in close) + "?"
    if len(candidates) <= 8:
        return "choose one of " + ", ".join(candidates) + "."
    return f"there are {len(candidates)}, from {candidates[0]!r} to {candidates[-1]!r}."


@contextmanager
def sentences() -> Iterator[None]:
    """Print an error that has a sentence as `geoflow: SENTENCE` on stderr and exit with 2."""
    try:
        yield
    except Exception as error:
        if not (said := sentence(error)):
            raise
        print(f"geoflow: {said}", file=sys.stderr)
        sys.exit(2)


def sentence(error: Exception) -> str:
    """The message of a GeoflowError; of any error while a module is imported, after its file and line.

    Empty for other errors, which are defects of the program and keep their stack trace.
    """
    where = _place_of_import(error)
    if isinstance(error, GeoflowError):
        said = str(error)
    elif where:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        said = f"{type(error).__name__}: {' '.join(text.split())}"
    else:
        return ""
    return f"{where}: {said}" if where else said


def _place_of_import(error: Exception) -> str:
    """The statement at the top of a module of geoflow, such as the entry of a table, that raised the error."""
    if isinstance(error, SyntaxError) and str(error.filename).endswith(".py"):
        return place_in(str(error.filename), error.lineno or 1)
    lines = [
        place_in(frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if frame.f_code.co_name == "<module>"
        and str(frame.f_globals.get("__name__")).startswith("geoflow.")
    ]
    return lines[-1] if lines else ""


def place_in(file: str, line: int) -> str:
    """A line of a file, which is named as seen from here if it lies below."""
    near = os.path.relpath(file)
    return f"{file if near.startswith(os.pardir) else near}, line {line}"
