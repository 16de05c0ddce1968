"""Closed curves in the plane, as polygons, and the area inside their images under a smooth map."""

from typing import Protocol

import numpy as np

from geoflow.ground import Floats, InputError, nearest

EDGE = 32  # number of points on a disc divided by the number on one edge of the cat
# Outline of a sitting cat seen from the front, anticlockwise from its left forepaw, on a grid of 20 by 20.
CAT = (
    (5, 0), (14, 0), (15, 1), (17, 1), (19, 2), (20, 4), (20, 7), (19, 9), (18, 9), (18, 8),
    (19, 6.5), (19, 4.5), (18, 3), (16, 3), (16, 6), (15, 9), (13, 11), (12.5, 12), (13, 14),
    (13, 19), (11, 17.5), (8, 17.5), (6, 19), (6, 14), (6.5, 12), (7, 11), (6, 8), (5.5, 5),
    (5, 2), (4, 1.2), (4, 0.3),
)  # fmt: skip


class Shape(Protocol):
    """A disc, or a figure of the same width: centre (q, p) and radius."""

    centre: list[float]
    radius: float
    figure: str


FIGURES = ("disc", "cat")


def closed_curve(shape: Shape, parts: int) -> Floats:
    """Points (n, 2) on the boundary of `shape`, anticlockwise, starting at its first corner.

    A disc has `parts` points; every edge of the cat is divided into parts/EDGE equal parts, as required by the
    extrapolation in `enclosed_area`.
    """
    if shape.figure not in FIGURES:
        raise InputError(f"unknown figure {shape.figure!r}; {nearest(shape.figure, FIGURES)}")
    if parts % (4 * EDGE) or parts < 4 * EDGE:
        raise InputError(f"expected a number of points that {4 * EDGE} divides, got {parts}.")
    centre, radius = np.array(shape.centre, dtype=float), shape.radius
    if shape.figure == "disc":
        angle = 2 * np.pi * np.arange(parts) / parts
        return centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    corners = np.array(CAT)
    corners = (corners - (corners.max(axis=0) + corners.min(axis=0)) / 2) / 10
    share = np.arange(parts // EDGE)[:, None] / (parts // EDGE)
    ahead = np.roll(corners, -1, axis=0)
    edges = [a + share * (b - a) for a, b in zip(corners, ahead, strict=True)]
    return np.asarray(centre + radius * np.concatenate(edges))


def enclosed_area(points: Floats) -> float:
    """Area inside the curve through points (n, 2), positive if anticlockwise; n is a multiple of 4.

    The areas of the polygons through every, every second and every fourth point differ by powers h^2, h^4, ... of
    their spacing (Green's formula by central differences): two steps of Romberg's extrapolation leave O(h^6).
    """
    coarse, middle, fine = (polygon_area(points[::stride]) for stride in (4, 2, 1))
    first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
    return (16 * second - first) / 15


def polygon_area(corners: Floats) -> float:
    """Area inside a closed polygon with corners (n, 2), positive if anticlockwise."""
    x, y = (corners - corners.mean(axis=0)).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)
