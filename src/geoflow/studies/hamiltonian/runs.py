"""One run of one method: what several studies of this chapter take a list of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import METHODS


@dataclass
class Run:
    """A method, and the step size h with which it runs, in the problem's unit of time."""

    named: ClassVar[Mapping[str, str]] = {"method": METHODS}
    method: str
    h: float
