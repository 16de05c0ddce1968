"""Bounds compared with the values found by search: every layer, and the norms of convolutions."""

from geoflow.figures import COLOURS, Figure, Results, canvas

KINDS = {
    "torus": ("bound on the padded torus", "blue", "s"),
    "found": ("found on the image", "black", "o"),
    "reshaped": ("norm of the reshaped kernel", "vermillion", "x"),
}


def draw(results: Results) -> Figure:
    """Draw found / bound of each layer on the left, and three norms of each convolution on the right."""
    layers, convolutions = results.table("layers"), results.table("convolutions")
    figure, grid = canvas.panels(1, 2, height=3.6, width_ratios=(1, 1.1))
    left, right = grid[0]
    ratios = (layers["found"] / layers["bound"]).groupby(layers["layer"])
    names = list(ratios.max().sort_values().index)
    for number, layer in enumerate(names):
        own = ratios.get_group(layer)
        left.plot(own, [number] * len(own), "o", color=COLOURS["blue"], markersize=3, alpha=0.6)
    left.axvline(1, color="0.5", linewidth=0.8)
    left.set_yticks(range(len(names)), [layer.replace("_", " ") for layer in names])
    left.tick_params(axis="y", labelsize=7)
    left.set(title="every layer", xlabel="largest Jacobian found / bound", xlim=(None, 1.04))
    shapes = convolutions[["channels", "kernel", "pixels"]].apply(tuple, axis=1)
    places = {shape: number for number, shape in enumerate(dict.fromkeys(shapes))}
    for kind, (label, colour, marker) in KINDS.items():
        right.plot(
            shapes.map(places), convolutions[kind], linestyle="", marker=marker,
            color=COLOURS[colour], label=label, markersize=5,
            markerfacecolor="none" if marker == "s" else None,
        )  # fmt: skip
    right.set_xticks(range(len(places)), [f"{c} ch.\n{k} x {k}\n{n} px" for c, k, n in places], fontsize=7)
    right.set(title="convolutions", ylabel="norm", ylim=(0, None))
    canvas.legend(figure, [right], columns=3)
    return figure
