"""The studies of the chapter hamiltonian, one folder each."""

from dataclasses import dataclass


@dataclass
class Run:
    """A method, and the step size h with which it runs, in the problem's unit of time."""

    method: str
    h: float
