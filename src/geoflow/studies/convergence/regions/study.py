"""Stability regions: the modulus of the stability function on a grid of the upper half plane."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.convergence.regions.config import Regions
from geoflow.theory.stability import real_stability_interval, stability_values


def study(asked: Regions, tools: Tools) -> Answer:
    """Evaluate |R| on the grid; the lower half plane is the mirror image, since R has real coefficients.

    Raises InputError for a method without stability function.
    """
    x_from, x_to, y_to = asked.window
    x, y = np.meshgrid(np.linspace(x_from, x_to, asked.points), np.linspace(0, y_to, asked.points))
    z = x + 1j * y
    cell = (x_to - x_from) * y_to / (asked.points - 1) ** 2
    frames, summary = [], {}
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        modulus = np.abs(stability_values(method, z))
        flat = {"x": x.ravel(), "y": y.ravel(), "modulus": modulus.ravel()}
        frames.append(pd.DataFrame({"method": name, **flat}))
        summary[f"left_half/{name}"] = float(modulus[x <= 0].max())
        summary[f"stable/{name}"] = float(2 * cell * (modulus <= 1).sum())
        summary[f"interval/{name}"] = float(real_stability_interval(method) or 0)
    return Answer({"modulus": pd.concat(frames)}, summary)
