"""The boundary of every command: what a user can put right is one sentence, never a stack trace."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from geoflow.ground.errors import GeoflowError


@contextmanager
def sentences() -> Iterator[None]:
    """Print what went wrong as one sentence and exit: 2 for an error, 130 after Ctrl-C.

    Errors of the operating system and of the interpreter that input can cause become sentences here,
    in one place; any other exception is a defect of geoflow and keeps its stack trace.
    """
    try:
        yield
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        print("geoflow: stopped by Ctrl-C; start it again to go on.", file=sys.stderr)
        sys.exit(130)
    except (GeoflowError, OSError, UnicodeError, RecursionError, MemoryError) as error:
        print(f"geoflow: {sentence_of(error)}", file=sys.stderr)
        sys.exit(2)


def exit_status(command: Callable[[], int | None]) -> int:
    """The exit status of a command: what it returns, or that of its sentence."""
    try:
        with sentences():
            return int(command() or 0)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def sentence_of(error: BaseException) -> str:
    """What to say of an error: what came, and what to try."""
    match error:
        case GeoflowError():
            return " ".join(str(error).split())
        case OSError(filename=str(name), strerror=str(reason)):
            return f"{name}: {reason.lower()}; check that the file is there and may be used."
        case UnicodeError():
            return f"expected text in UTF-8, got other bytes ({error}); save the file as UTF-8."
        case RecursionError():
            return "the input is nested too deeply; expected a few levels of lists and keys."
        case MemoryError():
            return f"there is not enough memory ({error}); try fewer steps, samples or members."
    return f"{error}; check the files and words that were given."
