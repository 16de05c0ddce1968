"""The rows of the table of all methods in the report."""

import math
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from geoflow.pipeline import latex
from geoflow.theory.order_conditions import HIGHEST

CATALOGUE = (
    "lrrrrrrrrl",
    ("Method", "$p$", "trees", "free", "driven", "symplectic", "symmetric", "quadratic", "energy", "on"),
)


def catalogue_rows(table: Any) -> Iterator[tuple[str, ...]]:
    """One row per method, below the name of its family; the negative controls come last."""
    usual = {table[column].mode()[0] for column in ("problem", "driven")}
    for title, group in _groups(table):
        yield (rf"\multicolumn{{{len(CATALOGUE[1])}}}{{l}}{{\emph{{{latex.escape(title)}}}}}",)
        for row in group.to_dict("records"):
            yield (
                latex.escape(row["method"]),
                latex.number(row["declared"]),
                _by_trees(row["order_conditions"], row["declared"]),
                latex.fixed(row["order"]),
                latex.fixed(row["order_driven"]),
                _answered(row["symplectic"], row["symplecticity"]),
                _answered(row["symmetric"], row["symmetry"]),
                _magnitude(row["quadratic"]),
                _magnitude(row["energy"]),
                _unusual([row["problem"], row["driven"] or row["not_driven"]], usual),
            )


def _unusual(problems: Iterable[str], usual: Collection[str]) -> str:
    """The problems that differ from those of most methods, or the reason why there is none; two take two lines."""
    named = [latex.escape(one) for one in problems if one not in usual]
    lines = r" \\ ".join(named)
    return rf"\begin{{tabular}}[t]{{@{{}}l@{{}}}}{lines}\end{{tabular}}" if len(named) > 1 else lines


def _groups(table: Any) -> Iterator[tuple[str, Any]]:
    yield from table[~table["control"]].groupby("family", sort=False)
    yield "negative controls", table[table["control"]]


def _by_trees(order: float, declared: float) -> str:
    """The order by the tree conditions, which are known up to HIGHEST."""
    more = order == HIGHEST and declared > HIGHEST
    return (r"\ensuremath{\ge}\," if more else "") + latex.number(order)


def _answered(derived: float, defect: float) -> str:
    """The measured defect, with a dot if it vanishes by the coefficients."""
    return (r"$\bullet$\,\," if derived == 1 else "") + _magnitude(defect)


def _magnitude(value: float) -> str:
    """The nearest power of ten."""
    if not math.isfinite(value):
        return "--"
    if value == 0:
        return "0"
    return rf"\ensuremath{{10^{{{math.floor(math.log10(value) + 0.5)}}}}}"
