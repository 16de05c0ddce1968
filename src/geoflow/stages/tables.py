"""Stage tables: the verdict on every claim, and declared against measured order, for the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoflow.results import Results, read_table, renamed_when_complete
from geoflow.stages import latex
from geoflow.stages.entry import arguments, sentences


def claim_rows(claims: Any) -> Iterator[tuple[str, ...]]:
    """One row a claim: text, value, expected, verdict; each experiment starts with its name."""
    for experiment, group in claims.groupby("experiment", sort=False):
        yield (rf"\multicolumn{{4}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
        for claim in group.itertuples(index=False):
            limits = [("<", claim.below), (">", claim.above)]
            expected = ", ".join(
                rf"\ensuremath{{{sign}}} {latex.number(limit)}"
                for sign, limit in limits
                if limit == limit
            )
            verdict = "holds" if claim.holds else r"\textbf{fails}"
            yield latex.escape(claim.text), latex.number(claim.value), expected, verdict


def order_rows(experiment: str, orders: Any) -> Iterator[tuple[str, ...]]:
    """One row a method: declared order, measured order, its confidence interval."""
    yield (rf"\multicolumn{{4}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
    for row in orders.itertuples(index=False):
        interval = f"[{latex.fixed(row.low)}, {latex.fixed(row.high)}]"
        declared = latex.number(row.declared)
        yield latex.escape(row.method), declared, latex.fixed(row.measured), interval


def main() -> None:
    """`results=FOLDER orders=NAME,NAME out=FOLDER`."""
    given = arguments("results", "orders", "out")
    results, out = Path(given["results"]), Path(given["out"])
    head = ("Claim", "Value", "Expected", "Verdict")
    columns = r"p{0.56\textwidth}rll"
    claims = latex.tabular(columns, head, claim_rows(read_table(results / "claims.parquet")))
    names = filter(None, given["orders"].split(","))
    rows = [
        row for name in names for row in order_rows(name, Results(results / name).table("orders"))
    ]
    orders = latex.tabular("lrrl", ("Method", "Declared", "Measured", r"95\,\% interval"), rows)
    with renamed_when_complete(out / "claims.tex", out / "orders.tex") as (one, other):
        one.write_text(claims)
        other.write_text(orders)


if __name__ == "__main__":
    with sentences():
        main()
