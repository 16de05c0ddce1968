"""Fields of the studies of contractivity, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from geoflow.ground.study import POTENTIALS, Entry


@dataclass
class Field:
    """x' = -grad V(x) - S (x - x*): `potential` by name, with parameters; `skew` is the norm of S."""

    named: ClassVar[Mapping[str, str]] = {"potential": POTENTIALS}
    label: str
    potential: Entry
    skew: float = 0.0
