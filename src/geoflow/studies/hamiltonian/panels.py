"""Panels used by several figures of the chapter."""

import numpy as np
import pandas as pd

from geoflow.figures import Axes, tidy

ENERGIES = {0.0833: "$H = 1/12$", 0.125: "$H = 1/8$", 0.1667: "$H = 1/6$"}


def title(energy: float) -> str:
    """Title with the energy H, as a fraction for the classical values."""
    return ENERGIES.get(round(energy, 4), f"$H = {energy:g}$")


def errors_against_time(axis: Axes, errors: pd.DataFrame, column: str) -> None:
    """Draw the running maximum of |`column`| against t for each method, on logarithmic axes.

    The error itself oscillates through zero; the question is whether its size is bounded.
    """
    late = errors[errors["t"] > 0].sort_values("t")
    size = late[column].abs().groupby(late["method"]).cummax()
    late = late.assign(size=size.replace(0.0, np.nan))  # zero has no logarithm
    tidy.lines(axis, late, "t", "size", estimator=None, linewidth=0.8, markersize=3.4, markevery=0.17)
    axis.set(xscale="log", yscale="log", xlabel="time $t$")
