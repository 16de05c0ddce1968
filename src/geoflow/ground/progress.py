"""Progress bars for computations that take longer than five seconds."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TextIO, TypeVar

T = TypeVar("T")

BAR = "{desc}: {percentage:3.0f}% {bar:20} {n}/{total}, about {remaining} left{postfix}"
LINE = "{desc}: {n} of {total} done in {elapsed}, about {remaining} left{postfix}"


class _Lines:
    """Output stream for tqdm that writes each report on a new line, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        if text.strip():
            self.stream.write(text.strip() + "\n")

    def flush(self) -> None:
        self.stream.flush()


class progress(Generic[T]):  # lower case, because it is used like a function
    """Iterate; after five seconds show a bar on a terminal, or print a line to a log every few seconds."""

    def __init__(self, iterable: Iterable[T], label: str) -> None:
        from tqdm import tqdm

        terminal = sys.stderr.isatty()
        self._bar: Any = tqdm(
            iterable,
            desc=label,
            delay=5,
            mininterval=0.2 if terminal else 5,
            bar_format=BAR if terminal else LINE,
            file=sys.stderr if terminal else _Lines(sys.stderr),
        )

    def __iter__(self) -> Iterator[T]:
        yield from self._bar

    def say(self, text: str) -> None:
        """Show `text` after the time left, starting with the next report."""
        self._bar.set_postfix_str(text, refresh=False)
