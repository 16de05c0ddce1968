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


def over_seeds(table: pd.DataFrame) -> dict[str, float]:
    """least_, median_ and most_<column>/<network> of a table with one row per network and seed."""
    groups = table.drop(columns="seed").groupby("network", sort=False)
    summary: dict[str, float] = {}
    for end, found in (("least", groups.min()), ("median", groups.median()), ("most", groups.max())):
        summary |= keyed(found, ["network"], **{f"{end}_{column}": str(column) for column in found})
    return summary


def long_form(axes: Mapping[str, Iterable[Hashable]], **values: ArrayLike) -> pd.DataFrame:
    """Build a table with one row per entry of the arrays `values`, whose axes are `axes`: name -> coordinates."""
    places = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    return pd.DataFrame({name: np.ravel(array) for name, array in values.items()}, index=places).reset_index()
