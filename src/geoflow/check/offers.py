"""What a problem offers by name: whether it can be evaluated at y0, and whether it fits the field."""

from collections.abc import Callable, Iterator

import numpy as np

from geoflow.check.findings import Finding, short
from geoflow.check.points import Points, derivative, difference, field_at
from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError
from geoflow.problems import Problem
from geoflow.problems.problem import Function, arguments


def offered_shapes(problem: Problem) -> Iterator[Finding]:
    """Rows about functions that fail at y0, return the wrong number of components or no finite number."""
    d, halves = problem.dimension, ("velocity", "force", "hamiltonian")
    canonical = next((name for name in halves if getattr(problem, name) is not None), "")
    if canonical and d % 2:
        wrong = f"y0 has {d} components, (q, p) with a {canonical} needs an even number"
        yield Finding("y0", f"{d} components", wrong=wrong)
        return
    for name, function, size in _functions(problem):
        wrong = _broken(problem, name, function, size)
        if wrong:
            yield Finding(name, f"{size} components" if size else "one number", wrong=wrong)


def _functions(problem: Problem) -> Iterator[tuple[str, Function, int]]:
    """(name, function, components), 0 for a number."""
    d = problem.dimension
    for name, function, size in (
        ("field", problem.field, d),
        ("velocity", problem.velocity, d // 2),
        ("force", problem.force, d // 2),
        ("hamiltonian", problem.hamiltonian, 0),
    ):
        if function is not None:
            yield name, function, size
    yield from ((f"invariant {name!r}", f, 0) for name, f in problem.invariants.items())
    yield from ((f"flow {part}", f, d) for part, f in problem.flows.items())
    sizes = {
        "gradient": d,
        "rotation": 3,
        "magnetic_field": 3,
        "electric_field": 3,
        "slow_force": d // 2,
        "density": 0,
    }
    yield from ((key, problem.offers[key], n) for key, n in sizes.items() if key in problem.offers)


def _broken(problem: Problem, name: str, function: Function, size: int) -> str:
    t, y = float(problem.span[0]), np.asarray(problem.y0, dtype=float)
    try:
        value = np.asarray(problem.evaluate(function, t, y, 0.0), dtype=float)
    except InputError as error:
        return f"{name}: {error}"
    except Exception as error:  # a user's function may fail in any way
        return f"{name} cannot be evaluated at y0: {type(error).__name__}: {error}"
    if value.shape != ((size,) if size else ()):
        shape = f"an array of shape {value.shape}"
        got = ["one number", f"{value.size} components", shape][min(value.ndim, 2)]
        return f"{name} returns {got} at y0, should be {f'{size} components' if size else 'one number'}"
    if not np.isfinite(value).all():
        return f"{name} is not finite at y0: {value.tolist()}"
    return ""


def offers(problem: Problem, at: Points) -> Iterator[Finding]:
    """Each quantity in `offers` beside the field."""
    field = field_at(problem, at.t, at.y)
    for keys, law, wanted in _LAWS:
        if all(key in problem.offers for key in keys):
            found, should = wanted(problem, at, field)
            gap, said = difference(found, should, at.words)
            name = " and ".join(keys)
            wrong = f"the {name} does not fit: {law} should hold, {said}" if said else ""
            yield Finding(name, law, "", f"gap {short(gap)}", wrong)
    if problem.offers.get("quadratic"):
        yield _quadratic(problem, at)
    if "time" in problem.offers:
        slope = float(field[0, problem.offers["time"]])
        clock = f"component {problem.offers['time']}"
        wrong = "" if slope > 0 else f"the clock, {clock}, does not go forward: rate {slope:g}"
        yield Finding("time", clock, "", f"rate {short(slope)}", wrong)


def _values(problem: Problem, key: str, at: Points) -> Floats:
    return np.array([problem.evaluate(problem.offers[key], at.t, y) for y in at.y], dtype=float)


def _gradient(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    found, energy = (
        _values(problem, "gradient", at),
        problem.hamiltonian or problem.invariants.get("energy"),
    )
    if energy is None:
        return found, found
    return found, np.array([derivative(problem, energy, at.t, y) for y in at.y])


def _poisson(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    gradients = _values(problem, "gradient", at)
    B = [_matrix(problem, at.t, y) for y in at.y]
    return np.array([b @ g for b, g in zip(B, gradients, strict=True)]), field


def _skew(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    B = np.array([_matrix(problem, at.t, y).ravel() for y in at.y])
    return B, np.array([-_matrix(problem, at.t, y).T.ravel() for y in at.y])


def _matrix(problem: Problem, t: float, y: Floats) -> Floats:
    B = problem.offers["poisson"]
    if not callable(B):
        return np.asarray(B, dtype=float)
    half = len(y) // 2
    known = {"t": t, "y": y, "q": y[:half], "p": y[half:]}
    return np.array([list(row) for row in B(**{k: known[k] for k in arguments(B)})], dtype=float)


def _rotation(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    return np.cross(_values(problem, "rotation", at), at.y), field


def _lorentz(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    v = at.y[:, 3:]
    push = _values(problem, "electric_field", at) + np.cross(
        v, _values(problem, "magnetic_field", at)
    )
    return np.hstack([v, push]), field


def _springs(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    half = problem.dimension // 2
    omega = np.asarray(problem.offers["frequencies"], dtype=float)
    return _values(problem, "slow_force", at) - omega**2 * at.y[:, :half], field[:, half:]


def _density(problem: Problem, at: Points, field: Floats) -> tuple[Floats, Floats]:
    """On the manifold rho = density(y), which the solution does not leave."""
    density, on = problem.offers["density"], at.y.copy()
    on[:, -1] = _values(problem, "density", at)
    slopes = np.array([derivative(problem, density, at.t, y) for y in on])
    f = field_at(problem, at.t, on)
    return f[:, -1:], (slopes * f).sum(axis=1, keepdims=True)


def _quadratic(problem: Problem, at: Points) -> Finding:
    """Third differences of a quadratic field vanish."""
    e = at.y[1] - at.y[0] + 0.1 * np.abs(at.y[0]).max()
    f = [problem.vector_field(at.t, at.y[0] + k * e) for k in range(4)]
    third = f[3] - 3 * f[2] + 3 * f[1] - f[0]
    gap = float(np.abs(third).max() / np.abs(f).max())
    wrong = "" if gap < 1e-9 else (
        f"the field is not quadratic: third differences are {gap:.3g} of its size, component {np.abs(third).argmax()}"
    )  # fmt: skip
    return Finding("quadratic", "yes", "", f"gap {short(gap)}", wrong)


_Law = Callable[[Problem, Points, Floats], tuple[Floats, Floats]]
_LAWS: tuple[tuple[tuple[str, ...], str, _Law], ...] = (
    (("gradient",), "gradient = grad H", _gradient),
    (("poisson",), "B = -B^T", _skew),
    (("poisson", "gradient"), "B grad H = f", _poisson),
    (("rotation",), "a x y = f", _rotation),
    (("electric_field", "magnetic_field"), "(v, E + v x B) = f", _lorentz),
    (("frequencies", "slow_force"), "g - omega^2 q = p'", _springs),
    (("density",), "rho' = (d/dt) density(y)", _density),
)
