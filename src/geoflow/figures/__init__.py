"""What all figures share: size and panels, colours and markers, style. The figures stand with their studies."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures.palette import COLOURS, CYCLE, DOTTED, MARKERS, SOLID, in_order, look
from geoflow.ground import Results

__all__ = ["COLOURS", "CYCLE", "DOTTED", "MARKERS", "SOLID", "Axes", "Figure", "Results", "in_order", "look"]
