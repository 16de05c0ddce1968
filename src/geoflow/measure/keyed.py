"""Columns of a table as keys of a summary."""

from collections.abc import Sequence

import pandas as pd

from geoflow.ground.study import labels


def keyed(table: pd.DataFrame | pd.Series, by: Sequence[str], *columns: str, **named: str) -> dict[str, float]:
    """The keys `quantity/label/...` of each row, with labels from the columns or levels of the index `by`; quantities
    are `columns`, or `named` ones: quantity -> its column."""
    table = table.reset_index()
    rows = ["/".join(labels(row)) for row in table[list(by)].itertuples(index=False)]
    quantities = dict(zip(columns, columns, strict=True)) | named
    return {
        f"{quantity}/{row}": float(value)
        for quantity, column in quantities.items()
        for row, value in zip(rows, table[column], strict=True)
    }
