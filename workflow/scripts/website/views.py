"""Interactive views of results by Plotly: stability regions, work-precision diagrams, accuracy against eps."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from contourpy import contour_generator

from geoflow.figures import COLOURS, look
from website.entry_pages import Page
from website.markdown import code, link, page, toctree
from website.material import Material

CONFIG = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
CLEAR = "rgba(0,0,0,0)"
ROBUSTNESS = "robust/robustness"
DASHES = {"certified": "solid", "attacked": "dot"}
View = tuple[str, go.Figure]


def embed(figure: go.Figure, identifier: str) -> str:
    """The figure as HTML; the library is loaded once from _static, and static/site.js sets the colours of the theme."""
    figure.update_layout(
        margin={"l": 60, "r": 20, "t": 60, "b": 50}, height=580, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
        legend={"groupclick": "toggleitem", "itemsizing": "constant"},
    )  # fmt: skip
    shown = figure.to_html(include_plotlyjs=False, full_html=False, div_id=identifier, config=CONFIG)
    return f'```{{raw}} html\n<script src="../_static/plotly.min.js"></script>\n{shown}\n```'


def add_menu(figure: go.Figure, default: str) -> None:
    """Add a menu that shows the traces of one name, which each trace has as its `meta`."""
    names = list(dict.fromkeys(trace.meta for trace in figure.data))
    chosen = default if default in names else names[0]
    buttons = [
        {"label": name, "method": "update", "args": [{"visible": [trace.meta == name for trace in figure.data]}]}
        for name in names
    ]
    for trace in figure.data:
        trace.visible = trace.meta == chosen
    place = {"x": 0, "xanchor": "left", "y": 1.1, "yanchor": "top"}
    figure.update_layout(updatemenus=[{"buttons": buttons, "active": names.index(chosen), **place}])


def stability(material: Material) -> View:
    """Regions |R(z)| <= 1 of the methods in the experiments on stability, and their discs of contractivity."""
    figure = go.Figure()
    experiments = [name for name in material.runs if name.startswith("stability_")]
    for experiment in experiments:
        modulus = material.runs[experiment].table("modulus")
        for method, own in modulus.groupby("method", sort=False):
            if any(trace.meta == method for trace in figure.data):
                continue  # an experiment before has it
            figure.add_trace(_region(own, str(method)))
            figure.add_traces(_disc(material, str(method)))
    figure.update_xaxes(title="Re z", zeroline=True)
    figure.update_yaxes(title="Im z", zeroline=True, scaleanchor="x")
    add_menu(figure, "rk4")
    links = ", ".join(link(code(one), f"experiments/{one}.md", "views/stability.md") for one in experiments)
    text = (
        f"The solid curve is the boundary of the stability region $|R(z)| \\le 1$, from the experiments {links}. The "
        "dashed circle bounds the disc $|z + r| \\le r$ of the contractivity radius $r$, which lies inside: "
        "a step on the gradient flow of any convex potential is non-expansive if $-hL$ is in this disc. Choose a "
        "method in the menu."
    )
    return text, figure


def _region(modulus: pd.DataFrame, method: str) -> go.Scatter:
    """The contour |R| = 1, mirrored to the lower half plane."""
    grid = modulus.pivot(index="y", columns="x", values="modulus")
    upper = grid.index.to_numpy()
    both = np.concatenate([-upper[:0:-1], upper])
    values = np.minimum(np.vstack([grid.to_numpy()[:0:-1], grid.to_numpy()]), 4)
    points: list[Any] = []
    for curve in contour_generator(grid.columns.to_numpy(), both, values).lines(1.0):
        points += [*np.round(curve, 4).tolist(), (None, None)]
    x, y = [one for one, _ in points], [one for _, one in points]
    line = {"color": COLOURS["blue"], "width": 2}
    return go.Scatter(x=x, y=y, mode="lines", name=f"{look(method).label}: |R(z)| = 1", meta=method, line=line)


def _disc(material: Material, method: str) -> list[go.Scatter]:
    """The circle of contractivity; empty if the radius is zero, infinite or not defined."""
    radius = material.entries["methods"].get(method, {"facts": {}})["facts"].get("contractivity_radius")
    if not isinstance(radius, float) or radius == 0:
        return []
    angle = np.linspace(0, 2 * np.pi, 181)
    x, y = np.round(radius * (np.cos(angle) - 1), 4), np.round(radius * np.sin(angle), 4)
    line = {"color": COLOURS["vermillion"], "width": 2, "dash": "dash"}
    name = f"contractivity, r = {radius:.4g}"
    return [go.Scatter(x=x.tolist(), y=y.tolist(), mode="lines", meta=method, name=name, line=line)]


def work(material: Material) -> View:
    """Error against evaluations of all methods, one problem at a time."""
    figure = go.Figure()
    for experiment in (name for name in material.runs if name.startswith("work_")):
        errors = material.runs[experiment].table("errors")
        errors = errors[errors["error"].between(0, 100, inclusive="neither")]
        for (family, method), own in errors.groupby(["family", "method"], sort=False):
            own = own.sort_values("evaluations")
            figure.add_trace(
                go.Scatter(
                    x=own["evaluations"].tolist(), y=own["error"].tolist(), mode="lines+markers", name=method,
                    meta=experiment, line={"color": look(str(method)).colour, "width": 1.5}, marker={"size": 5},
                    legendgroup=family, legendgrouptitle={"text": family},
                )
            )  # fmt: skip
    figure.update_xaxes(title="evaluations of the vector field", type="log")
    figure.update_yaxes(title="error at the end", type="log", exponentformat="power")
    add_menu(figure, "work_kepler")
    text = (
        "Each curve is a method, with one point per step size. Lower left is better. Choose a problem in the menu. "
        "Click on a name in the legend to hide or show its curve, double-click to show it alone."
    )
    return text, figure


def robustness(material: Material) -> View:
    """Certified and attacked accuracy against eps, one experiment at a time; means over the seeds."""
    figure = go.Figure()
    for experiment in (name for name in material.runs if material.study_of(name) == ROBUSTNESS):
        accuracy = material.runs[experiment].table("accuracy")
        for (network, kind), own in accuracy.groupby(["network", "kind"], sort=False):
            mean, shown = own.groupby("eps")["accuracy"].mean(), look(str(network))
            figure.add_trace(
                go.Scatter(
                    x=mean.index.tolist(), y=mean.tolist(), mode="lines+markers", name=f"{shown.label}, {kind}",
                    meta=experiment, line={"color": shown.colour, "dash": DASHES.get(str(kind), "dashdot")},
                    marker={"size": 5},
                )
            )  # fmt: skip
    figure.update_xaxes(title="size of the perturbation (l2 norm)")
    figure.update_yaxes(title="accuracy on test images", range=[-0.02, 1.02])
    add_menu(figure, "mnist_robustness")
    text = (
        "Solid lines are certified accuracies: no perturbation of that size changes the class. Dotted lines are "
        "accuracies under attack, which are upper bounds of the true accuracy. A certified line never lies above the "
        "dotted line of its colour. Choose an experiment in the menu."
    )
    return text, figure


VIEWS: dict[str, tuple[str, Callable[[Material], View]]] = {
    "stability": ("Stability and contractivity regions", stability),
    "work_precision": ("Work and precision", work),
    "robustness": ("Certified and attacked accuracy", robustness),
}


def view_pages(material: Material) -> Iterator[Page]:
    """Yield the page of every view, and their index."""
    for name, (title, make) in VIEWS.items():
        text, figure = make(material)
        yield f"views/{name}.md", page(title, text, embed(figure, f"view-{name}"))
    text = "Diagrams of the results that respond to the mouse: zoom, hide curves, choose methods."
    yield "views/index.md", page("Interactive views", text, toctree(VIEWS, hidden=False))
