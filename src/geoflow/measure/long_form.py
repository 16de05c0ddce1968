"""Arrays as tidy tables."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def long_form(axes: Mapping[str, Iterable[Hashable]], **values: ArrayLike) -> pd.DataFrame:
    """One row per entry of the arrays `values`, which have an axis for each of `axes`: name -> coordinates along it."""
    places = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    return pd.DataFrame({name: np.ravel(array) for name, array in values.items()}, index=places).reset_index()
