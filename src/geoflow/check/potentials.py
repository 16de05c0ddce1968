"""Checks of potentials: value, gradient and Hessian; L, mu and the minimiser compared with the result of a search."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from geoflow.check.findings import Comparison, Finding, in_words, listed
from geoflow.ground import Floats
from geoflow.potentials import Potential

POINTS, WIDTH, NODES, WIDTHS = 200, 1e-5, 2000, (1e-3, 0.03, 1.0)
# Differences are accurate to six digits. A few of them cross a kink; these are excluded by the quantile.
TOLERANCE, QUANTILE = 1e-5, 0.97
FAR = 1e30
# L and mu are declared to be the optimal constants, so that a search must come this close to them.
BEST, ROUND_OFF = 1e-3, 1e-9


def check_potential(entry: Potential | Callable[[], Potential]) -> list[Finding]:
    """Check a potential or its constructor, one row per function and constant."""
    V = entry if isinstance(entry, Potential) else entry()
    if broken := _broken(V):
        return [Finding("shapes", wrong=broken)]
    return [*_derivatives(V), _along_lines(V), *_constants(V), _minimiser(V)]


def cloud(V: Potential, count: int = POINTS, seed: int = 3) -> Floats:
    """Points around the minimiser at distances of different sizes, the minimiser first, shape (d, N)."""
    random = np.random.default_rng(seed)
    away = 10 ** random.uniform(-2, 2, count) * random.standard_normal((V.dimension, count))
    return V.minimiser[:, None] + np.hstack([np.zeros((V.dimension, 1)), away])


def _broken(V: Potential) -> str:
    """Error message for the first function that fails at one or five points or returns the wrong shape; else empty."""
    d = V.dimension
    if np.shape(V.minimiser) != (d,):
        return f"the minimiser has shape {np.shape(V.minimiser)}, should be ({d},)"
    shapes = {"value": ((), (5,)), "gradient": ((d,), (d, 5)), "hessian": ((d, d), (5, d, d))}
    for name, wanted in shapes.items():
        for x, shape in zip((V.minimiser, cloud(V, 4)), wanted, strict=True):
            try:
                value = np.asarray(getattr(V, name)(x), dtype=float)
            except Exception as error:  # user code can raise any exception
                said = f"{type(error).__name__}: {error}"
                return f"the {name} cannot be evaluated at x of shape {x.shape}: {said}"
            if value.shape != shape:
                return f"the {name} of x of shape {x.shape} has shape {value.shape}, should be {shape}"
            if not np.isfinite(value).all():
                return f"the {name} is not finite near the minimiser"
    return ""


def _derivatives(V: Potential) -> Iterator[Finding]:
    """Check gradient = dV and hessian = d gradient; the function common to the failed relations is probably wrong."""
    x = cloud(V)
    words = [f"at x = {listed(point)}" for point in x.T]
    size = np.abs(V.value(x)) + (V.gradient(x) ** 2).sum(axis=0) / max(V.L, 1e-300)
    scale, turn = np.sqrt(2 * size * max(V.L, 1e-300)) + 1e-9, _first(V.gradient, x)
    near = partial(Comparison, words=words, tolerance=TOLERANCE, quantile=QUANTILE)
    first = near(V.gradient(x).T, _first(V.value, x), size=scale)
    second = near(V.hessian(x), turn, size=max(V.L, np.abs(turn).max()))
    suspect = {
        (False, False): "",
        (True, False): "value is wrong, because the Hessian is the derivative of the gradient",
        (True, True): "gradient is wrong, because it fits neither the value nor the Hessian",
        (False, True): "Hessian is wrong, because the gradient is dV/dx",
    }[bool(first.gap()[1]), bool(second.gap()[1])]
    more = f"; most probably the {suspect}"
    yield first.finding("gradient", "= dV/dx", "the gradient is not dV/dx", more)
    sentence = "the Hessian is not the derivative of the gradient"
    yield second.finding("hessian", "= d gradient/dx", sentence, more)


def _along_lines(V: Potential) -> Finding:
    """Check V(b) - V(a) = integral of the gradient from a to b, across each kink and away from the minimiser.

    Jumps of V, and mistakes within a narrow zone at a kink, show only here.
    """
    length = np.linalg.norm(V.kinks.normals, axis=1, keepdims=True)
    normals, offsets = (V.kinks.normals / length).reshape(-1, V.dimension), V.kinks.offsets / length[:, 0]
    feet = V.minimiser + normals * (offsets - normals @ V.minimiser)[:, None]
    far, times = cloud(V, 20)[:, 1:].T, (np.arange(NODES) + 0.5) / NODES
    a = np.vstack([*(feet - width * normals for width in WIDTHS), 0 * far + V.minimiser])
    b = np.vstack([*(feet + width * normals for width in WIDTHS), far])
    means = [V.gradient(x[:, None] + (y - x)[:, None] * times).mean(axis=1) for x, y in zip(a, b, strict=True)]
    found, wanted = V.value(b.T) - V.value(a.T), ((b - a) * np.array(means)).sum(axis=1)
    words = [f"from x = {listed(x)} to {listed(y)}" for x, y in zip(a, b, strict=True)]
    compared = Comparison(found, wanted, words, np.abs(found) + V.L * ((b - a) ** 2).sum(axis=1), TOLERANCE)
    return compared.finding("value", "line integral", "the value does not change by the integral of the gradient")


def _first(f: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Difference quotients along each component: (N, d) for a value, (N, d, d) for a gradient."""
    widths = WIDTH * (1 + np.abs(x))
    steps = [np.eye(len(x))[:, [k]] * width for k, width in enumerate(widths)]
    rows = [(f(x + e) - f(x - e)) / (2 * w) for e, w in zip(steps, widths, strict=True)]
    return np.moveaxis(np.stack(rows, axis=-2), -1, 0)


def _constants(V: Potential) -> Iterator[Finding]:
    """Check that difference quotients and eigenvalues of the Hessian are in [mu, L] and come close to both ends."""
    x, y = cloud(V), cloud(V, seed=4)[:, ::-1]
    dx, dg = x - y, V.gradient(x) - V.gradient(y)
    square = np.maximum((dx * dx).sum(axis=0), 1e-300)
    eigenvalues = np.linalg.eigvalsh(V.hessian(_searched(V)))
    steepest = max(np.sqrt((dg * dg).sum(axis=0) / square).max(), np.nanmax(eigenvalues))
    flattest = min(((dg * dx).sum(axis=0) / square).min(), np.nanmin(eigenvalues))
    convex = "" if flattest > -ROUND_OFF * V.L else ", so that V is not convex"
    for name, constant, found, beyond, said, extreme in (
        ("L", V.L, steepest, steepest - V.L,
         "too small: the gradient changes by {0} |x - y|, so that L should be at least {0}", "largest"),
        ("mu", V.mu, flattest, V.mu - flattest, "too large: a curvature of {0} is found" + convex, "smallest"),
    ):  # fmt: skip
        best = f"not the best constant: the {extreme} curvature that is found is {{0}}"
        wrong = said if beyond > ROUND_OFF * V.L else best if beyond < -BEST * V.L else ""
        declared, measured = in_words(constant), in_words(float(found))
        sentence = f"{name} = {declared} is {wrong.format(measured)}" if wrong else ""
        yield Finding(name, declared, "", measured, sentence)


def _searched(V: Potential) -> Floats:
    """Points for the curvature: cloud, origin, distant points, and neighbours of the extreme ones, shape (d, N)."""
    d, random = V.dimension, np.random.default_rng(5)
    x = np.hstack([cloud(V, 2 * POINTS), np.zeros((d, 1)), np.full((d, 2), FAR) * [1, -1]])
    for radius in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
        eigenvalues = np.linalg.eigvalsh(V.hessian(x))
        best = x[:, [np.nanargmax(eigenvalues[:, -1]), np.nanargmin(eigenvalues[:, 0])]]
        near = np.tile(best, 20) + radius * random.standard_normal((d, 40))
        x = np.hstack([x, near])
    return x


def _minimiser(V: Potential) -> Finding:
    slope, values = V.gradient(V.minimiser), V.value(cloud(V))
    largest, lower, wrong = float(np.abs(slope).max()), float(values[0] - np.nanmin(values)), ""
    if largest > 1e-8 * V.L * (1 + float(np.abs(V.minimiser).max())):
        wrong = (
            f"the gradient does not vanish at the minimiser: its largest component is {largest:.3g}; "
            f"a step downhill leads to {listed(V.minimiser - slope / V.L)}"
        )
    elif lower > 1e-9 * (1 + abs(values[0])):
        wrong = f"V is lower by {lower:.3g} at another point than at the minimiser"
    return Finding("minimiser", "gradient 0", "", f"gradient {largest:.3g}", wrong)
