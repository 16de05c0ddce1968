"""What an attack is: a change of a valid archive, the level at which it is verified, and what must be said."""

from collections.abc import Callable
from dataclasses import dataclass

Members = dict[str, bytes]


@dataclass(frozen=True)
class Attack:
    """name: what a student did; words: part of results.json; expected: of a refusal the exit status 2, else 1.

    change: edits the members of the archive, and its manifest then agrees with them; write: makes the whole file in
    its place. level: integrity, consistency or replay. limit: seconds of the verification, measured with reserve for
    a busy machine.
    """

    name: str
    words: str
    expected: int = 1
    change: Callable[[Members], object] | None = None
    write: Callable[[Members], bytes] | None = None
    sealed: bool = True
    level: str = "integrity"
    limit: float = 300.0
