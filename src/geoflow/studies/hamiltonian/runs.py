"""One run of one method: what several studies of this chapter take a list of."""

from dataclasses import dataclass


@dataclass
class Run:
    """A method, and the step size h with which it runs, in the problem's unit of time."""

    method: str
    h: float
