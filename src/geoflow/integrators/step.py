"""One step of each family, written once in plain arithmetic: NumPy, complex, torch and mpmath states alike.

The compiled loops (`geoflow.integrators.compiler.cache`) are the fast path over the same data; a test holds the
two together to round-off. A state has shape (d,) or, for many states at once, (d, N); layers pass (N, d).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, singledispatch
from typing import Any

import numpy as np

from geoflow.ground.errors import InputError
from geoflow.integrators.families import (
    Method,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    to_mpf,
)
from geoflow.integrators.families.requirements import require_offers
from geoflow.integrators.families.stages import Field, State, fixed_point, is_exact, largest, newton
from geoflow.problems import Problem


def step(
    method: RungeKutta, f: Field, t: Any, y: State, h: Any, jacobian: Field | None = None
) -> State:
    """y_1 = y + h sum_i b_i K_i with K_i = f(t + c_i h, y + h sum_j a_ij K_j) (HLW II.1.4).

    Implicit stages are iterated by fixed point to stagnation or, given `jacobian(t, y)` of shape (d, d)
    ((N, d, d) for y of shape (d, N)), by a damped Newton method. Raises SolveError without convergence.
    """
    A, b, c = _coefficients(method, y)
    if method.explicit:
        K: list[State] = []
        for a_i, c_i in zip(A, c, strict=True):
            K.append(f(t + c_i * h, _advance(y, h, a_i, K)))
    elif jacobian is None:
        K = fixed_point(method, f, t, y, h, c, lambda i, K: _advance(y, h, A[i], K))
    else:
        K = newton(method, method.as_floats()[0], f, jacobian, t, y, h)
    return _advance(y, h, b, K)


def partitioned_step(
    method: PartitionedRungeKutta,
    f: Field,
    t: Any,
    y: State,
    h: Any,
    jacobian: Field | None = None,
) -> State:
    """Two tableaus for the halves of y = (q, p) (HLW II.2.1); stages are solved as in `step`."""
    half = y.shape[0] // 2
    (A, b, c), (A_hat, b_hat, _) = (_coefficients(tableau, y) for tableau in method.tableaus)

    def both(a: Sequence, a_hat: Sequence, K: Sequence[State]) -> State:
        q = _advance(y[:half], h, a, [k[:half] for k in K])
        p = _advance(y[half:], h, a_hat, [k[half:] for k in K])
        return np.concatenate([q, p])

    if jacobian is None:
        K = fixed_point(method, f, t, y, h, c, lambda i, K: both(A[i], A_hat[i], K))
    else:
        by_component = np.repeat([A, A_hat], half, axis=0)
        K = newton(method, by_component, f, jacobian, t, y, h)
    return both(b, b_hat, K)


def splitting_step(
    method: Splitting,
    flows: Mapping[str, Callable[[Any, State, Any], State]],
    t: Any,
    y: State,
    h: Any,
) -> State:
    """The exact flows of the parts in turn (HLW II.5); `flows[part](t, y, a h)`; time moves with part A."""
    exact = is_exact(y)
    for part, x in method.substeps:
        a = to_mpf(x) if exact else float(x)
        y = flows[part](t, y, a * h)
        if part == "A":
            t = t + a * h
    return y


def _coefficients(method: RungeKutta, y: State) -> tuple[Sequence, Sequence, Sequence]:
    """Exact numbers for a state of mpf; Python floats for any other."""
    if is_exact(y):
        return (
            [list(map(to_mpf, row)) for row in method.A],
            list(map(to_mpf, method.b)),
            list(map(to_mpf, method.c)),
        )
    return method.rounded


def _advance(y: State, h: Any, weights: Sequence, K: Sequence[State]) -> State:
    """y + h sum_j w_j K_j, without the terms of weight zero."""
    terms = [w * k for w, k in zip(weights, K, strict=False) if w != 0]
    return y + h * sum(terms[1:], start=terms[0]) if terms else y


@singledispatch
def one_step(method: Method, problem: Problem) -> Callable[[Any, State, Any], State]:
    """The map phi(t, y, h) of a method on a problem; raises InputError when the problem does not offer enough."""
    raise InputError(f"expected a method or its name, got {method!r}; try 'stormer_verlet'.")


def newton_step(method: Method, problem: Problem) -> Callable[[Any, State, Any], State]:
    """`one_step` with Newton's method for the stages, for a state of shape (d,); J by central differences."""
    require_offers(method, problem)
    f = problem.vector_field

    def jacobian(t: Any, y: State) -> State:
        e = 1e-5 * max(1.0, largest(y))
        columns = [(f(t, y + e * unit) - f(t, y - e * unit)) / (2 * e) for unit in np.eye(len(y))]
        return np.stack(columns, axis=1)

    if isinstance(method, RungeKutta):
        return lambda t, y, h: step(method, f, t, y, h, jacobian)
    assert isinstance(method, PartitionedRungeKutta)
    return lambda t, y, h: partitioned_step(method, f, t, y, h, jacobian)


@one_step.register
def _(method: RungeKutta, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    return lambda t, y, h: step(method, problem.vector_field, t, y, h)


@one_step.register
def _(method: PartitionedRungeKutta, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    return lambda t, y, h: partitioned_step(method, problem.vector_field, t, y, h)


@one_step.register
def _(method: Splitting, problem: Problem) -> Callable[[Any, State, Any], State]:
    require_offers(method, problem)
    flows = {part: partial(problem.flow, part) for part in method.parts}
    return lambda t, y, h: splitting_step(method, flows, t, y, h)
