"""LaTeX tables of single experiments, for the studies that define one here."""

from collections.abc import Callable, Iterator, Mapping

from geoflow.ground import Results
from geoflow.pipeline import latex

Rows = Iterator[tuple[str, ...]]
DEFECTS = {"symplecticity": r"$J^{\top} W J - W$", "symmetry": "symmetry", "loop": "loop"}


def kept(results: Results) -> Rows:
    """Errors of each method: invariants over the run, symplectic form and symmetry of a step, loop."""
    table = results.table("kept")
    invariants = [name for name in table.columns if name not in {"method", *DEFECTS}]
    yield ("Method", *(latex.escape(name.replace("_", " ")) for name in invariants), *DEFECTS.values())
    for row in table.to_dict("records"):
        yield (latex.escape(row["method"]), *(latex.number(row[name]) for name in [*invariants, *DEFECTS]))


def planet_costs(results: Results) -> Rows:
    """Evaluations for each accuracy; the splittings into Kepler motion and kicks come last."""
    accuracies = results.values["accuracies"]
    yield "Method", "Order", *(rf"{latex.exact(accuracy)}\,au" for accuracy in accuracies)
    for row in results.table("costs").to_dict("records"):
        costs = (row[f"evaluations_{k}"] for k in range(len(accuracies)))
        name = latex.escape(row["method"]) + (", Kepler drift" if row["split"] else "")
        yield name, latex.number(row["order"]), *(latex.integer(cost) for cost in costs)


def radius_controls(results: Results) -> Rows:
    """The bound, then the factor minus one at the bound and 1 % above: proved, searched, and proved over V(t, x)."""
    proved = ("at $2r$: proved", "found", r"1\,\% above: proved", "found", "proved, $V(t,x)$")
    yield "Method", "$2r$", *proved
    columns = ("bound", "at_bound", "at_bound_searched", "above", "above_searched", "above_staged")
    for row in results.table("controls").to_dict("records"):
        yield latex.escape(row["method"]), *(latex.number(row[column]) for column in columns)


LISTED: Mapping[str, Callable[[Results], Rows]] = {
    "first_integrals": kept,
    "planet_costs": planet_costs,
    "radius_controls": radius_controls,
}


def listing(results: Results) -> str:
    """The table of one experiment."""
    head, *rows = LISTED[results.config["study"]](results)
    return latex.tabular("l" + "r" * (len(head) - 1), head, rows, breaks=False)
