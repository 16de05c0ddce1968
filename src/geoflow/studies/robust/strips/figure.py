"""Images and attack examples with their perturbations."""

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look

FASHION = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")


def draw_images(results: Results) -> Figure:
    """Draw the images with their classes."""
    pixels, outcomes, words = _tables(results)
    shown = list(dict.fromkeys(pixels["image"]))
    figure, grid = canvas.panels(1, len(shown), height=1.5)
    plain = pixels[pixels["eps"] == 0]
    for axis, image in zip(grid[0], shown, strict=True):
        _show(axis, plain[plain["image"] == image], "value")
        label = outcomes.loc[outcomes["image"] == image, "label"].iloc[0]
        axis.set_title(words[label])
    return figure


def draw(results: Results) -> Figure:
    """Draw the first image at each eps: two rows per network, image and difference, each with its colour scale."""
    pixels, outcomes, words = _tables(results)
    image = pixels["image"].iloc[0]
    networks, radii = list(dict.fromkeys(pixels["network"])), sorted(pixels["eps"].unique())
    figure, grid = canvas.panels(2 * len(networks), len(radii), height=0.3 + 1.13 * 2 * len(networks))
    for k, network in enumerate(networks):
        for j, radius in enumerate(radii):
            own = _at(pixels, network, radius, image)
            outcome = _at(outcomes, network, radius, image).iloc[0]
            above, below = grid[2 * k, j], grid[2 * k + 1, j]
            _show(above, own, "value")
            _show(below, own, "change")
            right = outcome["predicted"] == outcome["label"]
            colour = "black" if right else COLOURS["vermillion"]
            above.set_xlabel(words[int(outcome["predicted"])], color=colour, fontsize=8, labelpad=2)
            if k == 0:
                above.set_title(rf"$\varepsilon = {radius:g}$")
        grid[2 * k, 0].set_ylabel(look(network).label.replace(" ", "\n"), fontsize=8)
        grid[2 * k + 1, 0].set_ylabel("difference", fontsize=8)
    return figure


def _at(table: pd.DataFrame, network: str, eps: float, image: int) -> pd.DataFrame:
    return table[(table["network"] == network) & (table["eps"] == eps) & (table["image"] == image)]


def _show(axis: Axes, own: pd.DataFrame, column: str) -> None:
    picture = own.pivot_table(column, "row", "column").to_numpy()
    if column == "value":
        axis.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    else:
        largest = max(float(np.abs(picture).max()), 1e-12)
        axis.imshow(picture, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="nearest")
    axis.set(xticks=[], yticks=[])
    axis.grid(False)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _tables(results: Results) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return pixels, outcomes under attack, and the names of the classes."""
    outcomes = results.table("outcomes")
    words = FASHION if "fashion" in results.values["dataset"]["name"] else tuple("0123456789")
    return results.table("pixels"), outcomes[outcomes["kind"] == "attacked"], words
