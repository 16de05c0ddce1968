"""The table of our certified and attacked accuracies and of published certified accuracies."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from geoflow.figures.palette import look
from geoflow.ground import Results
from geoflow.pipeline import latex

DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "cifar10": "CIFAR-10 (published values only)"}
INDENT = r"\quad "
KINDS = {"certified": "certified", "attacked": "under our attacks", "cross_checked": "and AutoAttack"}
MARKS = {"deterministic": "", "probabilistic": r"\textsuperscript{p}"}
# Where our values have intervals, the published ones leave their place free.
INTERVAL = r" \scriptsize$\pm$"
SPACE = rf"\phantom{{{INTERVAL}0.0}}"


def columns(runs: Sequence[Results], literature: Sequence[Mapping[str, str]]) -> list[float]:
    """All eps > 0 of the runs and of the literature, each once."""
    radii: list[float] = []
    for e in sorted([e for run in runs for e in run.values["eps"]] + [float(row["eps"]) for row in literature]):
        if e > 0 and not any(_same(e, other) for other in radii):
            radii.append(e)
    return radii


def rows(
    runs: Sequence[Results], literature: Sequence[Mapping[str, str]], radii: Sequence[float]
) -> Iterator[tuple[str, ...]]:
    """Per data set: our networks (a title, up to three rows), then one row per published network."""
    covered = columns(runs, [])
    for name, title in DATASETS.items():
        own = [run for run in runs if run.values["dataset"]["name"] == name]
        published = [row for row in literature if row["dataset"] == name]
        if own or published:
            yield (rf"\addlinespace\multicolumn{{{len(radii) + 2}}}{{l}}{{\emph{{{title}}}}}",)
        for run in own:
            yield from _ours(run, radii)
        for _, same in groupby(published, lambda row: (row["method"], row["source"], row["clean"])):
            yield _published(list(same), radii, covered)


def _published(group: Sequence[Mapping[str, str]], radii: Sequence[float], covered: Sequence[float]) -> tuple[str, ...]:
    """One row for the accuracies of a network at several radii; `covered` are those with values of ours."""
    first = group[0]
    name = rf"{latex.escape(first['method'])}{MARKS[first['kind']]}~\citep{{{first['source']}}}"
    space = [SPACE if any(_same(e, other) for other in covered) else "" for e in radii]
    found = [[_rounded(row["certified"]) for row in group if _same(row["eps"], e)] for e in radii]
    cells = ["".join(values) + free if values else "" for values, free in zip(found, space, strict=True)]
    return name, _rounded(first["clean"]), *cells


def _rounded(percent: str) -> str:
    """At most one decimal, and none if the source prints none."""
    return f"{Decimal(percent):.1f}" if "." in percent else percent


def _ours(run: Results, radii: Sequence[float]) -> Iterator[tuple[str, ...]]:
    """Means over the seeds in percent, with the widest binomial interval of a single seed."""
    table = run.table("accuracy")
    for network in dict.fromkeys(table["network"]):
        yield (look(network).label, _clean(table, network), *[""] * len(radii))
        for kind, words in KINDS.items():
            own = table[(table["network"] == network) & (table["kind"] == kind)]
            if own.empty:
                continue
            cells = [_cell(own[[_same(e, radius) for e in own["eps"]]]) for radius in radii]
            images = f", {int(own['images'].iloc[0])} images" if kind == "cross_checked" else ""
            yield INDENT + words + images, "", *cells


def _clean(table: Any, network: str) -> str:
    own = table[(table["network"] == network) & (table["kind"] == "attacked") & (table["eps"] == 0)]
    return f"{100 * own['accuracy'].mean():.1f}" if len(own) else ""


def _cell(own: Any) -> str:
    if own.empty:
        return ""
    half = 50 * (own["high"] - own["low"]).max()
    return f"{100 * own['accuracy'].mean():.1f}{INTERVAL}{half:.1f}"


def _same(one: str | float, other: float) -> bool:
    return abs(float(one) - other) < 1e-3


def radius(eps: float) -> str:
    """The radius as LaTeX, as a multiple of 1/255 if it is one."""
    whole = round(eps * 255)
    return f"${whole}/255$" if eps < 0.5 and abs(eps * 255 - whole) < 1e-3 else f"${eps:g}$"


def table(runs: Sequence[Results], literature: Sequence[Mapping[str, str]]) -> str:
    """The whole table as LaTeX, small enough for a page."""
    radii = columns(runs, literature)
    head = ("", "clean", *(radius(e) for e in radii))
    text = latex.tabular("l" + "r" * (len(radii) + 1), head, rows(runs, literature, radii), breaks=False)
    return r"{\footnotesize\setlength{\tabcolsep}{3pt}" + "\n" + text + "}\n"
