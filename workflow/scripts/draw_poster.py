"""The picture of README: a figure of each chapter, side by side. `python workflow/scripts/draw_poster.py OUT.png`."""

import io
import sys

import matplotlib.pyplot as plt
from matplotlib.image import imread
from PIL import Image

from geoflow.figures import canvas

FIGURES = {
    "work_kepler": "Convergence: work-precision diagram",
    "kepler_orbits": "Hamiltonian systems: one orbit, many methods",
    "discs": "Contractivity: discs under one-step maps",
    "mnist_robustness": "Robust networks: certified accuracy and attacks",
}
SIZE, DPI, COLOURS = (9.0, 6.9), 110, 256


def main(out: str) -> None:
    """Write the poster from the existing figures."""
    with canvas.style():
        poster, grid = plt.subplots(2, 2, figsize=SIZE, layout="constrained")
        for axis, (name, title) in zip(grid.flat, FIGURES.items(), strict=True):
            axis.imshow(imread(f"figures/{name}.png"), interpolation="lanczos")
            axis.set_title(title, fontsize=11)
            axis.axis("off")
        drawn = io.BytesIO()
        poster.savefig(drawn, dpi=DPI)
    Image.open(drawn).convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(
        out, optimize=True
    )  # a third of the bytes


if __name__ == "__main__":
    main(*sys.argv[1:])
