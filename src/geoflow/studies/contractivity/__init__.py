"""The studies of the chapter contractivity, one folder each."""

from geoflow.ground.study import Entry, Values


class Field(Values):
    """x' = -grad V(x) - S (x - x*): `potential` by name, with parameters; `skew` is the norm of S."""

    label: str
    potential: Entry
    skew: float = 0.0
