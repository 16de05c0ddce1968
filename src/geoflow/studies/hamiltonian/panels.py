"""Panels that several figures of the chapter share."""

import numpy as np
import pandas as pd

from geoflow.figures import Axes, tidy

ENERGIES = {0.0833: "$H = 1/12$", 0.125: "$H = 1/8$", 0.1667: "$H = 1/6$"}


def title(energy: float) -> str:
    """H as a fraction where it is one of the classical energies."""
    return ENERGIES.get(round(energy, 4), f"$H = {energy:g}$")


def errors_against_time(axis: Axes, errors: pd.DataFrame, column: str) -> None:
    """The largest |`column`| so far against t for each method, both axes logarithmic.

    The error itself oscillates and passes zero; what matters is whether its size is bounded.
    """
    late = errors[errors["t"] > 0].sort_values("t")
    size = late[column].abs().groupby(late["method"]).cummax()
    late = late.assign(size=size.replace(0.0, np.nan))  # a logarithm has no place for zero
    tidy.lines(axis, late, "t", "size", estimator=None, linewidth=0.8, markersize=3.4, markevery=0.17)
    axis.set(xscale="log", yscale="log", xlabel="time $t$")
