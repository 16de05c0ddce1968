"""Common parts of all figures: size and panels, colours and markers, style. Each study contains its own figures."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures.palette import COLOURS, CYCLE, DOTTED, MARKERS, SOLID, in_order, look
from geoflow.ground import Results

__all__ = ["COLOURS", "CYCLE", "DOTTED", "MARKERS", "SOLID", "Axes", "Figure", "Results", "in_order", "look"]
