"""Conversion of arrays to tidy tables, and of table columns to summary keys."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geoflow.ground.study import labels


def keyed(table: pd.DataFrame | pd.Series, by: Sequence[str], *columns: str, **named: str) -> dict[str, float]:
    """Summary entries `quantity/label/...` of each row, with labels from the columns or index levels `by`; quantities
    are `columns`, or `named`: quantity -> its column."""
    table = table.reset_index()
    rows = ["/".join(labels(row)) for row in table[list(by)].itertuples(index=False)]
    quantities = dict(zip(columns, columns, strict=True)) | named
    return {
        f"{quantity}/{row}": float(value)
        for quantity, column in quantities.items()
        for row, value in zip(rows, table[column], strict=True)
    }


def over_seeds(table: pd.DataFrame, *columns: str) -> dict[str, float]:
    """least_, median_ and most_<column>/<network> over the rows of each network."""
    groups = table.groupby("network", sort=False)[list(columns)]
    ends = {"least": groups.min(), "median": groups.median(), "most": groups.max()}
    return {
        f"{end}_{column}/{name}": float(value)
        for end, found in ends.items()
        for column in columns
        for name, value in found[column].items()
    }


def long_form(axes: Mapping[str, Iterable[Hashable]], **values: ArrayLike) -> pd.DataFrame:
    """Build a table with one row per entry of the arrays `values`, whose axes are `axes`: name -> coordinates."""
    places = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    return pd.DataFrame({name: np.ravel(array) for name, array in values.items()}, index=places).reset_index()
