"""What every figure shares: size, panels, legend, watermark, and how it is written."""

import logging
import string
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import LogLocator, NullFormatter

from geoflow.ground import renamed_when_complete

T = TypeVar("T")

WIDTH = 160 / 25.4  # inches: the report's text width of 160 mm
STYLE = Path(__file__).with_name("style.mplstyle")
DEFAULT_SCALE = "default"
SHORT = 30.0  # a longer logarithmic axis has its powers of ten

# Computer Modern is older than the dates that fontTools believes in, and it says so each time.
logging.getLogger("fontTools").setLevel(logging.ERROR)


@contextmanager
def style() -> Iterator[None]:
    """The report's style on top of matplotlib's own defaults, whatever the user's settings are."""
    with matplotlib.style.context(["default", str(STYLE)], after_reset=True):
        yield


def panels(rows: int = 1, columns: int = 1, height: float = 2.5, **layout: Any) -> tuple[Figure, np.ndarray]:
    """A figure as wide as the text, `height` inches high, and its axes, shape (rows, columns)."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **layout)


def facets(names: Iterable[T], columns: int, height: float, more: float = 0.0) -> tuple[Figure, dict[T, Axes]]:
    """A figure with one panel per name, at most `columns` in a row, which share their axes.

    height: inches of a row; more: inches beside the rows, for a legend or a colour bar.
    """
    names = list(names)
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure, grid = panels(rows, columns, height * rows + more, sharex=True, sharey=True)
    for axis in grid.flat[len(names) :]:
        axis.set_visible(False)
    return figure, dict(zip(names, grid.flat, strict=False))


def label_outer(axes: Iterable[Axes], x: str, y: str) -> None:
    """Name the axes of a grid once: `x` below the lowest panel of each column, `y` left of each row."""
    places = {axis: cast(SubplotSpec, axis.get_subplotspec()) for axis in axes}
    lowest = {place.colspan.start: axis for axis, place in places.items()}
    for axis in lowest.values():
        axis.set_xlabel(x)
        axis.tick_params(labelbottom=True)
    for axis, place in places.items():
        if place.is_first_col():
            axis.set_ylabel(y)


def letter_panels(figure: Figure) -> None:
    """Put (a), (b), ... before the titles of two or more panels, so that a caption can name them.

    Neither a picture (`imshow`) nor a colour bar is a panel.
    """
    shown = [
        axis for axis in figure.axes if axis.get_visible() and not axis.images and axis.get_label() != "<colorbar>"
    ]
    for name, axis in zip(string.ascii_lowercase, shown, strict=False):
        if len(shown) > 1:
            axis.set_title(f"({name}) {axis.get_title()}".rstrip(), loc="center")


def legend(
    figure: Figure, axes: Iterable[Axes] | np.ndarray, columns: int = 4, side: Literal["lower", "upper"] = "lower"
) -> None:
    """One legend for all panels, below them: each label once, in the order of first appearance."""
    found: dict[str, Any] = {}
    for axis in _flat(axes):
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    rows = -(-len(found) // columns)
    figure.legend(
        list(found.values()),
        list(found),
        loc="outside upper center" if side == "upper" else "outside lower center",
        ncols=-(-len(found) // rows) if rows else 1,
    )


def _flat(axes: Iterable[Axes] | np.ndarray) -> Iterable[Axes]:
    return axes.flat if isinstance(axes, np.ndarray) else axes


def label_short_axes(figure: Figure) -> None:
    """Label 1, 2 and 5 as plain numbers where a logarithmic axis shows little more than a decade."""
    for panel in figure.axes:
        for axis, (low, high) in ((panel.xaxis, panel.get_xlim()), (panel.yaxis, panel.get_ylim())):
            if axis.get_scale() == "log" and isinstance(axis.get_major_locator(), LogLocator):
                if high / low < SHORT and low >= 1e-3 and high <= 1e4:
                    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                    axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter(NullFormatter())


def watermark(figure: Figure, scale: str) -> None:
    """Write across the figure that its numbers are not those of the default scale."""
    if scale != DEFAULT_SCALE:
        figure.text(
            0.5, 0.5, f"{scale} scale", fontsize=46, color="#b00020", alpha=0.22, rotation=18,
            ha="center", va="center", zorder=100, gid="watermark",
        )  # fmt: skip


def save(figure: Figure, base: Path | str, provenance: Mapping[str, Any] | None = None) -> None:
    """Write `<base>.pdf` and `<base>.png`, both or none; equal figures give equal bytes.

    provenance: experiment -> what made its results; it goes into the subject of the PDF.
    """
    base = Path(base)
    subject = "; ".join(
        f"{experiment}: " + ", ".join(f"{key} {value}" for key, value in made.items())
        for experiment, made in (provenance or {}).items()
    )
    # A creation date would make each run's bytes different.
    note = {"Title": base.name, "Creator": "geoflow", "Subject": subject, "CreationDate": None}
    pdf, png = base.with_name(f"{base.name}.pdf"), base.with_name(f"{base.name}.png")
    with renamed_when_complete(pdf, png) as (hidden_pdf, hidden_png):
        figure.savefig(hidden_pdf, metadata=note)
        figure.savefig(hidden_png, metadata={"Software": None})
