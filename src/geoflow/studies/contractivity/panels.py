"""Panels and names used by several figures of the chapter."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

TITLES = {
    "quadratic": "quadratic",
    "log_cosh": "log-cosh",
    "huber_line": "Huber, $d = 1$",
    "huber": "Huber",
    "logistic": "logistic regression",
    "leaky_relu": "leaky ReLU layer",
    "relu": "ReLU layer",
    "total_variation": "total variation",
    "p_norm": "$p$-norm",
    "ramps": "ramps",
    "skew": "ramps, skew part",
    "skew_convex": "total variation, skew part",
}

LEVELS = 14


def contour(axis: Axes, table: pd.DataFrame) -> None:
    """Draw contours of the potential, equidistant in its square root, in light grey."""
    values = table.pivot(index="y", columns="x", values="value")
    depth = np.sqrt(np.maximum(values.to_numpy() - values.to_numpy().min(), 0))
    axis.contour(
        values.columns.to_numpy(), values.index.to_numpy(), depth, levels=LEVELS, colors="0.8", linewidths=0.5, zorder=1
    )
    axis.set_aspect("equal")
    axis.grid(False)
