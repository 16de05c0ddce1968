"""Time left, for whatever takes longer than five seconds."""

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")

BAR = "{desc}: {percentage:3.0f}% {bar:20} {n}/{total}, about {remaining} left"
LINE = "{desc}: {n} of {total} done in {elapsed}, about {remaining} left"


class _Lines:
    """A stream for tqdm that ends each report with a new line, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        if text.strip():
            self.stream.write(text.strip() + "\n")

    def flush(self) -> None:
        self.stream.flush()


def progress(iterable: Iterable[T], label: str) -> Iterator[T]:
    """Iterate; after five seconds show a bar on a terminal, or now and then a line in a log."""
    from tqdm import tqdm

    terminal = sys.stderr.isatty()
    yield from tqdm(
        iterable,
        desc=label,
        delay=5,
        mininterval=0.2 if terminal else 5,
        bar_format=BAR if terminal else LINE,
        file=sys.stderr if terminal else _Lines(sys.stderr),
    )
