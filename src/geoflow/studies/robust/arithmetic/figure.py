"""Certificates that lower precision breaks, with the proved bounds, and the share of images that stays certified."""

from geoflow.figures import COLOURS, Figure, Results, canvas

STYLES = {
    "float64": ("black", "solid"),
    "float32": (COLOURS["blue"], "dashed"),
    "float16": (COLOURS["green"], "dashdot"),
    "bfloat16": (COLOURS["vermillion"], "dotted"),
}

FEW = 20  # fewer points in a range of margins say nothing about a share


def draw(results: Results) -> Figure:
    """Draw broken shares against the margin, with the margins proved safe, and certified shares against eps."""
    errors, broken, accuracy = (results.table(name) for name in ("errors", "broken", "accuracy"))
    figure, grid = canvas.panels(1, 2, height=2.9)
    left, right = grid[0]
    safe = 2 * 2**0.5 * errors.groupby("arithmetic")["bound"].max()
    for arithmetic in errors["arithmetic"].unique():
        colour, line = STYLES[arithmetic]
        style = {"color": colour, "linestyle": line, "label": arithmetic}
        own = broken[broken["arithmetic"] == arithmetic]
        cases = own.assign(broken=own["broken"] * own["points"]).groupby("margin")[["broken", "points"]].sum()
        cases = cases[cases["points"] >= FEW]
        left.plot(cases["broken"] / cases["points"], **style)
        if safe[arithmetic] <= broken["margin"].max():
            left.axvline(safe[arithmetic], color=colour, linewidth=0.8, zorder=0)
        right.plot(accuracy[accuracy["arithmetic"] == arithmetic].groupby("eps")["share"].mean(), **style)
    left.set(title="near boundaries", xscale="log", xlabel="margin in float64", ylabel="share of broken certificates")
    right.set(title="test images", xlabel=r"$\varepsilon$", ylabel="certified share", ylim=(-0.03, 1.03))
    canvas.legend(figure, [right], columns=4)
    return figure
