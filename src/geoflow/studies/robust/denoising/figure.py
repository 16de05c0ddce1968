"""Plug-and-play reconstruction: residuals, quality, and pictures."""

import numpy as np
import pandas as pd
from matplotlib.figure import SubFigure

from geoflow.figures import Figure, Results, canvas, in_order, look

FIRST = ("image", "data")


def draw(results: Results) -> Figure:
    """Draw residual and peak signal-to-noise ratio of each task, and below pictures of the first task."""
    iterations, pictures = results.table("iterations"), results.table("pictures")
    tasks = list(dict.fromkeys(iterations["task"]))
    denoisers = in_order(iterations["denoiser"])
    # Lower limit below the data of the harder task; smaller values belong to diverged runs.
    lowest = iterations.loc[iterations["iteration"] == 0, "psnr"].min() - 2
    figure = Figure(figsize=(canvas.WIDTH, 4.6), layout="constrained")
    above, below = np.ravel(figure.subfigures(2, 1, squeeze=False, height_ratios=(1.35, 1)))
    grid = above.subplots(1, 2 * len(tasks), squeeze=False)
    for number, task in enumerate(tasks):
        residual, quality = grid[0, 2 * number : 2 * number + 2]
        for denoiser in denoisers:
            own = iterations[(iterations["task"] == task) & (iterations["denoiser"] == denoiser)]
            for seed, one in own.groupby("seed"):
                label = look(denoiser).label if seed == own["seed"].min() else None
                style = look(denoiser).plot(markers=False, label=label)
                residual.loglog(one["iteration"].iloc[1:], one["residual"].iloc[1:], **style)
                quality.semilogx(one["iteration"].iloc[1:], one["psnr"].iloc[1:], **style)
        residual.set(title=task, xlabel="iteration", ylabel=r"$\|x_{k+1} - x_k\|$", ylim=(1e-8, 1e6))
        quality.set(title=task, xlabel="iteration", ylabel="PSNR in dB", ylim=(lowest, None))
    columns = [who for who in (*FIRST, *denoisers) if who in set(pictures["denoiser"])]
    _pictures(below, pictures[pictures["task"] == tasks[0]], columns)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    above.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _pictures(figure: SubFigure, pictures: pd.DataFrame, columns: list[str]) -> None:
    """Draw one row per image of the first task, with columns for truth, data and every denoiser."""
    images = sorted(pictures["image"].unique())[:2]
    axes = figure.subplots(len(images), len(columns), squeeze=False)
    for row, image in zip(axes, images, strict=True):
        for axis, who in zip(row, columns, strict=True):
            one = pictures[(pictures["image"] == image) & (pictures["denoiser"] == who)]
            table = one.pivot_table("value", "row", "column")
            axis.imshow(table, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
            if image == images[0]:
                axis.set_title(look(who).label, fontsize=7)
