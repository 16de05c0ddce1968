"""The studies of the chapter hamiltonian, one folder each."""

from geoflow.ground.study import Values


class Run(Values):
    """A method and its step size h, in the problem's unit of time."""

    method: str
    h: float
