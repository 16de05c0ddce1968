"""Position errors against the eccentricity, with equal steps in t and in transformed times."""

from geoflow.figures import Figure, Results, canvas, look

LOOKS = (("0.45", "s", "equal steps in $t$"), ("#0072B2", "o", ""), ("#D55E00", "^", ""), ("#009E73", "D", ""))


def draw(results: Results) -> Figure:
    """Draw one panel per method and one line per power."""
    errors = results.table("errors")
    figure, axes = canvas.facets(results.values["methods"], 2, height=2.3, more=0.4)
    for method, axis in axes.items():
        of_method = errors[errors["method"] == method]
        for (power, own), (colour, marker, label) in zip(of_method.groupby("power"), LOOKS, strict=False):
            words = label or rf"$\mathrm{{d}}t/\mathrm{{d}}s = |q|{f'^{{{power:g}}}' if power != 1 else ''}$"
            axis.plot(own["eccentricity"], own["error"], color=colour, marker=marker, label=words)
        axis.set(title=look(method).label, yscale="log", ylim=(own["error"].min() / 10, 10))
    canvas.label_outer(axes.values(), "eccentricity $e$", "position error (semi-axes)")
    canvas.legend(figure, [axis], columns=3)
    return figure
