"""Potentials: value, gradient and Hessian beside each other; L, mu and the minimiser beside what a search finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from geoflow.check.findings import Finding, in_words, short
from geoflow.ground.arrays import Floats
from geoflow.potentials import Potential

POINTS, WIDTH = 200, 1e-5
# Differences: of a value to six digits of its size. A few of them reach over a kink, which a quantile leaves out.
TOLERANCE, QUANTILE = 1e-5, 0.97
FAR = 1e30
# L and mu are said to be the best constants: a search should come this close to them.
BEST, ROUND_OFF = 1e-3, 1e-9


@dataclass(frozen=True, eq=False)
class Gap:
    """How far two functions are apart, relative; where, and in which entry."""

    size: float
    said: str


def check_potential(entry: Potential | Callable[[], Potential]) -> list[Finding]:
    """One row per function and constant; `entry` is a potential or its maker."""
    V = entry if isinstance(entry, Potential) else entry()
    broken = list(_shapes(V))
    if broken:
        return broken
    return [*_derivatives(V), *_constants(V), _minimiser(V)]


def cloud(V: Potential, count: int = POINTS, seed: int = 3) -> Floats:
    """Points about the minimiser at distances of many sizes, the minimiser first, (d, N)."""
    random = np.random.default_rng(seed)
    away = 10 ** random.uniform(-2, 2, count) * random.standard_normal((V.dimension, count))
    return V.minimiser[:, None] + np.hstack([np.zeros((V.dimension, 1)), away])


def _shapes(V: Potential) -> Iterator[Finding]:
    d = V.dimension
    if np.shape(V.minimiser) != (d,):
        yield Finding(
            "minimiser", wrong=f"the minimiser has shape {np.shape(V.minimiser)}, should be ({d},)"
        )
        return
    for name, one, many in (
        ("value", (), (5,)),
        ("gradient", (d,), (d, 5)),
        ("hessian", (d, d), (5, d, d)),
    ):
        for x, shape in ((V.minimiser, one), (cloud(V, 4), many)):
            try:
                value = np.asarray(getattr(V, name)(x), dtype=float)
            except Exception as error:  # a user's function may fail in any way
                wrong = f"the {name} cannot be evaluated at x of shape {x.shape}: {type(error).__name__}: {error}"
                yield Finding(name, wrong=wrong)
                return
            if value.shape != shape:
                wrong = (
                    f"the {name} of x of shape {x.shape} has shape {value.shape}, should be {shape}"
                )
                yield Finding(name, str(shape), "", str(value.shape), wrong)
            elif not np.isfinite(value).all():
                yield Finding(name, wrong=f"the {name} is not finite near the minimiser")


def _derivatives(V: Potential) -> Iterator[Finding]:
    """gradient = dV and hessian = d gradient; what is common to the relations that fail is most probably wrong."""
    x = cloud(V)
    size = np.abs(V.value(x)) + (V.gradient(x) ** 2).sum(axis=0) / max(V.L, 1e-300)
    scale = np.sqrt(2 * size * max(V.L, 1e-300)) + 1e-9
    slope = _gap(_first(V.value, x), V.gradient(x), scale, x)
    wanted = _first(V.gradient, x)
    scale = np.full(x.shape[1], max(V.L, np.abs(wanted).max()))
    curvature = _gap(wanted, V.hessian(x).transpose(1, 2, 0), scale, x)
    reasons = {
        (True, False): "the value is wrong, because the Hessian is the derivative of the gradient",
        (True, True): "the gradient is wrong, because it fits neither the value nor the Hessian",
        (False, True): "the Hessian is wrong, because the gradient is dV/dx",
    }
    suspect = reasons.get((bool(slope.said), bool(curvature.said)), "")
    for name, law, gap, sentence in (
        ("gradient", "= dV/dx", slope, "the gradient is not dV/dx"),
        ("hessian", "= d gradient/dx", curvature, "the Hessian is not the derivative of the gradient"),
    ):  # fmt: skip
        wrong = f"{sentence}: {gap.said}; most probably {suspect}" if gap.said else ""
        yield Finding(name, law, "", f"gap {short(gap.size)}", wrong)


def _first(f: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Derivatives along each component: (d, N) of a value; (d, d, N) of a gradient, the component first."""
    rows = []
    for k in range(len(x)):
        width = WIDTH * (1 + np.abs(x[k]))
        e = np.eye(len(x))[:, [k]] * width
        rows.append((f(x + e) - f(x - e)) / (2 * width))
    return np.stack(rows, axis=-2)


def _gap(wanted: Floats, found: Floats, scale: Floats, x: Floats) -> Gap:
    """Compares (..., N); `scale` (N,) is what counts as one at each point."""
    gaps = np.abs(found - wanted) / scale
    gaps = np.where(np.isfinite(gaps), gaps, np.inf)
    per_point = gaps.reshape(-1, gaps.shape[-1]).max(axis=0)
    size = float(np.quantile(per_point, QUANTILE, method="lower"))
    if size <= TOLERANCE:
        return Gap(size, "")
    n = int(per_point.argmax())
    entry = np.unravel_index(int(gaps[..., n].argmax()), gaps.shape[:-1])
    where = f"component {entry[0]}" if len(entry) == 1 else f"entry [{entry[0]}][{entry[1]}]"
    have, want = found[(*entry, n)], wanted[(*entry, n)]
    place = ", ".join(f"{v:.4g}" for v in x[:4, n]) + (", ..." if len(x) > 4 else "")
    return Gap(
        size,
        f"{where} differs by {abs(have - want):.6g} at x = ({place}): {have:.6g}, should be {want:.6g}",
    )


def _constants(V: Potential) -> Iterator[Finding]:
    """Quotients of differences and eigenvalues of the Hessian lie in [mu, L], and come close to both."""
    x, y = cloud(V), cloud(V, seed=4)[:, ::-1]
    dx, dg = x - y, V.gradient(x) - V.gradient(y)
    square = np.maximum((dx * dx).sum(axis=0), 1e-300)
    eigenvalues = np.linalg.eigvalsh(V.hessian(_searched(V)))
    eigenvalues = eigenvalues[np.isfinite(eigenvalues).all(axis=1)]
    steepest = max(float(np.sqrt((dg * dg).sum(axis=0) / square).max()), float(eigenvalues.max()))
    flattest = min(float(((dg * dx).sum(axis=0) / square).min()), float(eigenvalues.min()))
    wrong = ""
    if steepest > V.L * (1 + ROUND_OFF):
        wrong = (
            f"L = {in_words(V.L)} is too small: the gradient changes by {in_words(steepest)} |x - y|, "
            f"so that L should be at least {in_words(steepest)}"
        )
    elif steepest < V.L * (1 - BEST):
        wrong = (
            f"L = {in_words(V.L)} is not the best constant: the largest curvature that is found is "
            f"{in_words(steepest)}"
        )
    yield Finding("L", in_words(V.L), "", in_words(steepest), wrong)
    wrong = ""
    if flattest < V.mu - ROUND_OFF * V.L:
        convex = "" if flattest > -ROUND_OFF * V.L else ", so that V is not convex"
        wrong = f"mu = {in_words(V.mu)} is too large: a curvature of {in_words(flattest)} is found{convex}"
    elif flattest > V.mu + BEST * V.L:
        wrong = (
            f"mu = {in_words(V.mu)} is not the best constant: the smallest curvature that is found is "
            f"{in_words(flattest)}"
        )
    yield Finding("mu", in_words(V.mu), "", in_words(flattest), wrong)


def _searched(V: Potential) -> Floats:
    """Points for the curvature: the cloud, the origin, far away, and those near the extreme ones, (d, N)."""
    d = V.dimension
    corners = FAR * np.ones((d, 1)) * np.array([[1.0, -1.0]])
    points = np.hstack([cloud(V, 2 * POINTS), np.zeros((d, 1)), corners])
    random = np.random.default_rng(5)
    for radius in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
        eigenvalues = np.linalg.eigvalsh(V.hessian(points))
        best = points[
            :, [int(np.nanargmax(eigenvalues[:, -1])), int(np.nanargmin(eigenvalues[:, 0]))]
        ]
        points = np.hstack(
            [points, *(best + radius * random.standard_normal((d, 2)) for _ in range(20))]
        )
    return points


def _minimiser(V: Potential) -> Finding:
    slope = float(np.abs(V.gradient(V.minimiser)).max())
    x = cloud(V)
    values = V.value(x)
    lowest = int(np.nanargmin(values))
    size = V.L * (1 + float(np.abs(V.minimiser).max()))
    wrong = ""
    if slope > 1e-8 * size:
        step = V.minimiser - V.gradient(V.minimiser) / V.L
        wrong = (
            f"the gradient does not vanish at the minimiser: its largest component is {slope:.3g}; "
            f"a step downhill leads to ({', '.join(f'{v:.4g}' for v in step[:4])}{', ...' if len(step) > 4 else ''})"
        )
    elif values[lowest] < values[0] - 1e-9 * (1 + abs(values[0])):
        wrong = (
            f"V is lower by {values[0] - values[lowest]:.3g} at another point than at the minimiser"
        )
    return Finding("minimiser", "gradient 0", "", f"gradient {short(slope)}", wrong)
