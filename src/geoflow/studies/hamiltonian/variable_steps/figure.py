"""Energy errors along Kepler orbits with fixed steps, naive variable ones and reversible ones."""

import numpy as np
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.ground.results import Results
from geoflow.studies.hamiltonian.panels import errors_against_time


def draw(results: Results) -> Figure:
    """One panel an eccentricity; the grey line is a drift in proportion to the time."""
    errors = results.table("errors")
    eccentricities = np.sort(errors["eccentricity"].unique())
    columns = min(len(eccentricities), 2)
    rows = -(-len(eccentricities) // columns)
    figure, grid = canvas.panels(rows, columns, height=2.4 * rows + 0.4, sharex=True, sharey=True)
    for axis, e in zip(grid.flat, eccentricities, strict=False):
        one = errors[errors["eccentricity"] == e]
        errors_against_time(axis, one, "error")
        end, top = float(one["t"].max()), float(one["error"].max())
        axis.plot([end / 30, end], [top / 120, top / 4], color="0.7", linewidth=0.8, zorder=1)
        axis.text(end / 6, top / 60, "$t$", color="0.45")
        axis.set(title=f"$e = {e:g}$", xlabel="")
        axis.set_xlim(left=0.1)
    for axis in grid.flat[len(eccentricities) :]:
        axis.set_visible(False)
    canvas.label_outer(grid, "time $t$ (periods)", r"$\max_{s \leq t}\, |H(s) - H_0| / |H_0|$")
    canvas.letter(grid.flat[: len(eccentricities)])
    canvas.legend(figure, [grid[0, 0]], columns=3)
    return figure
