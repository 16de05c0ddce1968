"""Arrays as tidy tables."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def long_form(axes: Mapping[str, Iterable[object]], **values: ArrayLike) -> pd.DataFrame:
    """One row per entry of the arrays `values`, which have an axis for each of `axes`: name -> coordinates along it."""
    places = pd.MultiIndex.from_product(axes.values(), names=axes)
    return pd.DataFrame({name: np.ravel(array) for name, array in values.items()}, index=places).reset_index()
