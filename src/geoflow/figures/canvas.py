"""Common parts of every figure: size, panels, legend, watermark, output files."""

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

WIDTH = 160 / 25.4  # inches; the text width of the report is 160 mm
STYLE = Path(__file__).with_name("style.mplstyle")
DEFAULT_SCALE = "default"
SHORT = 30.0  # ratio of the limits above which a logarithmic axis is labelled with powers of ten only

# The creation date of Computer Modern is before fontTools' valid range, about which it warns each time.
logging.getLogger("fontTools").setLevel(logging.ERROR)


@contextmanager
def style() -> Iterator[None]:
    """Context with the style of the report on top of matplotlib's defaults, independent of the user's settings."""
    with matplotlib.style.context(["default", str(STYLE)], after_reset=True):
        yield


def panels(rows: int = 1, columns: int = 1, height: float = 2.5, **layout: Any) -> tuple[Figure, np.ndarray]:
    """Create a figure of text width, `height` inches high; returns it and its axes, shape (rows, columns)."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **layout)


def facets(names: Iterable[T], columns: int, height: float, more: float = 0.0) -> tuple[Figure, dict[T, Axes]]:
    """Create a figure with one panel per name and shared axes, at most `columns` panels per row.

    height: of a row, in inches; more: additional height for a legend or a colour bar, in inches.
    """
    names = list(names)
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    figure, grid = panels(rows, columns, height * rows + more, sharex=True, sharey=True)
    for axis in grid.flat[len(names) :]:
        axis.set_visible(False)
    return figure, dict(zip(names, grid.flat, strict=False))


def label_outer(axes: Iterable[Axes], x: str, y: str) -> None:
    """Label the axes of a grid once: `x` below the lowest panel of each column, `y` left of each row."""
    places = {axis: cast(SubplotSpec, axis.get_subplotspec()) for axis in axes}
    lowest = {place.colspan.start: axis for axis, place in places.items()}
    for axis in lowest.values():
        axis.set_xlabel(x)
        axis.tick_params(labelbottom=True)
    for axis, place in places.items():
        if place.is_first_col():
            axis.set_ylabel(y)


def letter_panels(figure: Figure) -> None:
    """Put (a), (b), ... before the titles of two or more panels, for reference in the caption.

    Images (`imshow`) and colour bars are not counted as panels.
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
    """Draw one legend for all panels: each label once, in the order of first appearance."""
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
    """Label 1, 2 and 5 as plain numbers if a logarithmic axis covers little more than a decade."""
    for panel in figure.axes:
        for axis, (low, high) in ((panel.xaxis, panel.get_xlim()), (panel.yaxis, panel.get_ylim())):
            if axis.get_scale() == "log" and isinstance(axis.get_major_locator(), LogLocator):
                if high / low < SHORT and low >= 1e-3 and high <= 1e4:
                    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                    axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter(NullFormatter())


def watermark(figure: Figure, scale: str) -> None:
    """Write across the figure that its results are not those of the default scale."""
    if scale != DEFAULT_SCALE:
        figure.text(
            0.5, 0.5, f"{scale} scale", fontsize=46, color="#b00020", alpha=0.22, rotation=18,
            ha="center", va="center", zorder=100, gid="watermark",
        )  # fmt: skip


def save(figure: Figure, base: Path | str, provenance: Mapping[str, Any] | None = None) -> None:
    """Write `<base>.pdf` and `<base>.png`, both or none; equal figures give identical bytes.

    provenance: experiment -> metadata of its results, stored in the subject of the PDF.
    """
    base = Path(base)
    subject = "; ".join(
        f"{experiment}: " + ", ".join(f"{key} {value}" for key, value in made.items())
        for experiment, made in (provenance or {}).items()
    )
    # With a creation date the bytes of each run would be different.
    note = {"Title": base.name, "Creator": "geoflow", "Subject": subject, "CreationDate": None}
    pdf, png = base.with_name(f"{base.name}.pdf"), base.with_name(f"{base.name}.png")
    with renamed_when_complete(pdf, png) as (hidden_pdf, hidden_png):
        figure.savefig(hidden_pdf, metadata=note)
        figure.savefig(hidden_png, metadata={"Software": None})
