"""The table of our certified and attacked accuracies and of published certified accuracies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geoflow.figures.palette import look
from geoflow.ground import Results
from geoflow.pipeline import latex

DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}
INDENT = r"\quad "
KINDS = {"certified": "certified", "attacked": "under our attacks", "cross_checked": "and AutoAttack"}


def columns(runs: Sequence[Results]) -> list[float]:
    """All eps > 0 of the runs."""
    return sorted({e for run in runs for e in run.values["eps"] if e > 0})


def rows(
    runs: Sequence[Results], literature: Sequence[Mapping[str, str]], radii: Sequence[float]
) -> Iterator[tuple[str, ...]]:
    """Per data set: our networks (a title with the clean accuracy and up to three rows), then the published ones."""
    width = len(radii) + 1
    for name, title in DATASETS.items():
        own = [run for run in runs if run.values["dataset"]["name"] == name]
        published = [row for row in literature if row["dataset"] == name]
        if own or published:
            yield (rf"\multicolumn{{{width}}}{{l}}{{\emph{{{title}}}}}",)
        for run in own:
            yield from _ours(run, radii, width)
        for row in published:
            cited = rf"~\citep{{{row['source']}}}" if row["source"] else ""
            values = [row["certified"] if _same(row["eps"], e) else "" for e in radii]
            yield (_title(latex.escape(row["method"]) + cited, row["clean"], width),)
            yield INDENT + "certified", *values


def _title(name: str, clean: str, width: int) -> str:
    return rf"\multicolumn{{{width}}}{{l}}{{{name}{f', clean {clean}' if clean else ''}}}"


def _ours(run: Results, radii: Sequence[float], width: int) -> Iterator[tuple[str, ...]]:
    """Means over the seeds in percent, with the widest binomial interval of a single seed."""
    table = run.table("accuracy")
    for network in dict.fromkeys(table["network"]):
        yield (_title(look(network).label, _clean(table, network), width),)
        for kind, words in KINDS.items():
            own = table[(table["network"] == network) & (table["kind"] == kind)]
            if own.empty:
                continue
            cells = [_cell(own[[_same(e, radius) for e in own["eps"]]]) for radius in radii]
            images = f", {int(own['images'].iloc[0])} images" if kind == "cross_checked" else ""
            yield INDENT + words + images, *cells


def _clean(table: Any, network: str) -> str:
    own = table[(table["network"] == network) & (table["kind"] == "attacked") & (table["eps"] == 0)]
    return f"{100 * own['accuracy'].mean():.1f}" if len(own) else ""


def _cell(own: Any) -> str:
    if own.empty:
        return ""
    half = 50 * (own["high"] - own["low"]).max()
    return rf"{100 * own['accuracy'].mean():.1f} \scriptsize$\pm${half:.1f}"


def _same(one: str | float, other: float) -> bool:
    return abs(float(one) - other) < 1e-3


def radius(eps: float) -> str:
    """The radius as LaTeX, as a multiple of 1/255 if it is one."""
    whole = round(eps * 255)
    return f"${whole}/255$" if eps < 0.5 and abs(eps * 255 - whole) < 1e-3 else f"${eps:g}$"


def table(runs: Sequence[Results], literature: Sequence[Mapping[str, str]]) -> str:
    """The whole table as LaTeX, small enough for a page."""
    radii = columns(runs) or sorted({float(row["eps"]) for row in literature})
    head = ("", *(radius(e) for e in radii))
    text = latex.tabular("l" + "r" * len(radii), head, rows(runs, literature, radii), breaks=False)
    return r"{\footnotesize\setlength{\tabcolsep}{3pt}" + "\n" + text + "}\n"
