"""The outer solar system: position error of the planets against evaluations of the forces."""

from geoflow.figures import Figure, Results, canvas, in_order, look


def draw(results: Results) -> Figure:
    """Draw one line per method; the legend gives the orders."""
    errors = results.table("errors")
    figure, grid = canvas.panels(height=3.4)
    axis = grid[0, 0]
    for method in in_order(errors["method"]):
        one = errors[errors["method"] == method].sort_values("steps")
        order = "Kepler drift" if one["split"].iloc[0] else f"order {one['order'].iloc[0]}"
        label = f"{look(method).label} ({order})"
        axis.plot(one["evaluations"], one["error"], **look(method).plot(label=label))
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    axis.set(
        xscale="log", yscale="log", xlabel="evaluations of all forces", ylabel="position error (au)", ylim=(1e-10, 1e2)
    )
    canvas.legend(figure, [axis], columns=3)
    return figure
