"""The texts of a drawn figure and their boxes: which are cut off, and which cover each other."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK = 1.0  # pixels at 100 dots per inch


def placed(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Draw the figure; all texts that are shown, tick labels included, with their boxes."""
    FigureCanvasAgg(figure).draw()
    return [(one, one.get_window_extent()) for one in _texts(figure)]


def _texts(figure: Figure) -> list[Text]:
    parts = [figure, *getattr(figure, "subfigs", [])]
    found = [text for part in parts for text in part.texts]
    found += [text for part in parts for one in part.legends for text in _of_legend(one)]
    for axis in figure.axes:
        if axis.get_visible():
            found += _of_axes(axis)
    return [one for one in found if one.get_visible() and one.get_text().strip()]


def _of_legend(legend) -> list[Text]:  # type: ignore[no-untyped-def]
    return [legend.get_title(), *legend.get_texts()]


def _of_axes(axis: Axes) -> Iterator[Text]:
    yield from (axis.title, *axis.texts)
    if axis.get_legend():
        yield from _of_legend(axis.get_legend())
    if axis.axison:
        for one in (axis.xaxis, axis.yaxis):
            yield one.label
            low, high = sorted(one.get_view_interval())
            for ticks in (one.get_major_ticks(), one.get_minor_ticks()):
                for tick in ticks:
                    if low <= tick.get_loc() <= high:
                        yield from (tick.label1, tick.label2)


def cut_off(figure: Figure, texts: Iterable[tuple[Text, Bbox]]) -> list[str]:
    """The texts that leave the figure."""
    box = figure.bbox.padded(SLACK)
    return [
        one.get_text()
        for one, it in texts
        if not (box.x0 <= it.x0 and it.x1 <= box.x1 and box.y0 <= it.y0 and it.y1 <= box.y1)
    ]


def overlapping(texts: Iterable[tuple[Text, Bbox]]) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes meet; slanted ones are left out, whose boxes are larger than they are."""
    level = [(one.get_text(), box) for one, box in texts if one.get_rotation() % 90 == 0]
    return [(a, b) for (a, one), (b, other) in combinations(level, 2) if _meet(one, other)]


def _meet(one: Bbox, other: Bbox) -> bool:
    shared = np.minimum(one.max, other.max) - np.maximum(one.min, other.min)
    return bool(shared.min() > SLACK)
