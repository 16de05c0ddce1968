"""Exceptions for errors that a user can fix. Commands print the message as one sentence and exit with status 2."""

from collections.abc import Iterable
from difflib import get_close_matches


class GeoflowError(Exception):
    """An error that a user can fix; the message says what was expected, what came and what to try, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))  # what came may be an array, which is printed on several lines


class InputError(GeoflowError, ValueError):
    """Bad input: an unknown name, a negative step, a wrong shape, an unknown key."""


class UnknownNameError(InputError, KeyError):
    """A table has no entry of this name; the message lists the nearest names."""

    __str__ = Exception.__str__  # KeyError.__str__ would put the sentence in quotes


class FileError(GeoflowError, OSError):
    """A file that cannot be written: the disk is full, the folder is read-only."""


class SolveError(GeoflowError, ArithmeticError):
    """A computation that cannot continue: the state overflowed, or an implicit solve did not converge.

    `step` is the index of the last successful step, if there is one.
    """

    step: int | None = None


def nearest(name: str, candidates: Iterable[str]) -> str:
    """End of an error message about an unknown name: the closest candidates, or all of a short list."""
    candidates = sorted(candidates)
    if not candidates:
        return "there are none."
    close = get_close_matches(name, candidates, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(repr(match) for match in close) + "?"
    if len(candidates) <= 8:
        return "choose one of " + ", ".join(candidates) + "."
    return f"there are {len(candidates)}, from {candidates[0]!r} to {candidates[-1]!r}."
