"""Energy errors along Kepler orbits with fixed, naive variable and reversible variable steps."""

import numpy as np

from geoflow.figures import Figure, Results, canvas
from geoflow.studies.hamiltonian.panels import errors_against_time


def draw(results: Results) -> Figure:
    """Draw one panel per eccentricity; the grey line is a linear drift."""
    errors = results.table("errors")
    eccentricities = np.sort(errors["eccentricity"].unique())
    figure, axes = canvas.facets(eccentricities, 2, height=2.4, more=0.4)
    for e, axis in axes.items():
        one = errors[errors["eccentricity"] == e]
        errors_against_time(axis, one, "error")
        end, top = float(one["t"].max()), float(one["error"].max())
        axis.plot([end / 30, end], [top / 120, top / 4], color="0.7", linewidth=0.8, zorder=1)
        axis.text(end / 6, top / 60, "$t$", color="0.45")
        axis.set(title=f"$e = {e:g}$", xlabel="")
        axis.set_xlim(left=0.1)
    canvas.label_outer(axes.values(), "time $t$ (periods)", r"$\max_{s \leq t}\, |H(s) - H_0| / |H_0|$")
    canvas.legend(figure, [axis], columns=3)
    return figure
