"""Problems: the functions that a problem offers, compared with each other at y0 and near it."""

from collections.abc import Iterator

import numpy as np

from geoflow.check.findings import Finding, short
from geoflow.check.offers import offered_shapes, offers
from geoflow.check.points import (
    TOLERANCE,
    Points,
    at_columns,
    derivative,
    difference,
    field_at,
    points,
    rate,
)
from geoflow.check.spans import over_its_span
from geoflow.ground.arrays import Floats
from geoflow.measure.small_steps import time_scale
from geoflow.problems import Problem
from geoflow.problems.problem import Function


def check_problem(problem: Problem) -> list[Finding]:
    """One row per function that is offered; the first rows say what cannot be evaluated at all."""
    broken = list(offered_shapes(problem))
    if broken:
        return broken
    at = points(problem)
    rows = [*_exact(problem)]
    trusted = None if not rows else not any(row.wrong for row in rows)
    rows += _hamiltonian(problem, at, trusted)
    rows += _invariants(problem, at, trusted)
    rows += _flows(problem, at)
    rows += offers(problem, at)
    return [*rows, *over_its_span(problem)]


def _exact(problem: Problem) -> Iterator[Finding]:
    """exact(t0) = y0 and exact' = f, at three times of the span."""
    exact = problem.exact
    if exact is None:
        return
    t0, end = problem.span
    start = np.asarray(exact(t0), dtype=float)
    gap, said = difference(start[None], problem.y0[None], [f"at t = {t0:g}"])
    if said:
        yield Finding(
            "exact solution", "starts at y0", "", f"gap {short(gap)}",
            f"the exact solution does not start at y0: {said}",
        )  # fmt: skip
        return
    times = [t0 + part * (end - t0) for part in (0.013, 0.21, 0.77)]
    width = 1e-3 * time_scale(problem, t0, problem.y0)
    states = np.array([exact(t) for t in times], dtype=float)
    slopes = np.array([rate(exact, t, width) for t in times])
    field = np.array([problem.vector_field(t, y) for t, y in zip(times, states, strict=True)])
    size = np.abs(field).max()
    gap, said = difference(slopes, field, [f"at t = {t:.4g}" for t in times], size)
    wrong = f"the exact solution does not satisfy the equation: y' minus f, {said}" if said else ""
    yield Finding("exact solution", "y' = f(t, y)", "", f"gap {short(gap)}", wrong)


def _hamiltonian(problem: Problem, at: Points, trusted: bool | None) -> Iterator[Finding]:
    """q' = dH/dp and p' = -dH/dq."""
    H = problem.hamiltonian
    if H is None:
        return
    half = problem.dimension // 2
    slopes = np.array([derivative(problem, H, at.t, y) for y in at.y])
    field = field_at(problem, at.t, at.y)
    names = ("velocity", "force") if problem.separable else ("q' of the field", "p' of the field")
    laws = ("dT/dp", "-dU/dq") if problem.separable else ("dH/dp", "-dH/dq")
    found = (field[:, :half], field[:, half:])
    wanted = (slopes[:, half:], -slopes[:, :half])
    for name, law, f, dH in zip(names, laws, found, wanted, strict=True):
        gap, said = difference(f, dH, at.words, np.abs(f).max())
        wrong = f"the {name} is not {law}: {said}{_suspect(trusted, name)}" if said else ""
        yield Finding(name, f"= {law}", "", f"gap {short(gap)}", wrong)


def _suspect(trusted: bool | None, name: str) -> str:
    if trusted is None:
        return ""
    if trusted:
        return "; most probably the Hamiltonian is wrong, because the exact solution satisfies the field"
    return f"; most probably the {name} is wrong, because the exact solution does not satisfy the field"


def _invariants(problem: Problem, at: Points, trusted: bool | None) -> Iterator[Finding]:
    """dI/dt + grad I . f = 0."""
    field = field_at(problem, at.t, at.y)
    for name, invariant in problem.invariants.items():
        pairs = zip(at.y, field, strict=True)
        rates, sizes = np.array([_change(problem, invariant, at.t, y, f) for y, f in pairs]).T
        gaps = np.abs(rates) / np.maximum(sizes, 1e-300)
        gap, wrong = float(gaps.max()), ""
        if not gap <= TOLERANCE:
            where = 0 if gaps[0] > TOLERANCE else int(gaps.argmax())
            wrong = (
                f"the invariant {name!r} is not constant along the field: it changes at the rate "
                f"{rates[where]:.6g} {at.words[where]}"
            )
            if trusted:
                wrong += "; most probably the invariant is wrong, because the exact solution satisfies the field"
        yield Finding(f"invariant {name}", "constant", "", f"rate {short(gap)}", wrong)


def _change(
    problem: Problem, invariant: Function, t: float, y: Floats, f: Floats
) -> tuple[float, float]:
    """The rate of change along the field, and the size of its terms."""
    slope = derivative(problem, invariant, t, y)
    width = 1e-3
    drive = float(rate(lambda s: problem.evaluate(invariant, s, y), t, width))
    value = abs(float(problem.evaluate(invariant, t, y)))
    # Differences have a round-off of the size of the invariant.
    size = np.linalg.norm(slope) * np.linalg.norm(f) + abs(drive) + 1e-6 * value
    return drive + float(slope @ f), float(size)


def _flows(problem: Problem, at: Points) -> Iterator[Finding]:
    """phi_0 = id, phi_a o phi_b = phi_(a + b), and the derivatives at h = 0 add up to the field."""
    if not problem.flows:
        return
    step = 0.1 * time_scale(problem, at.t, at.y[0])
    size = np.abs(at.y).max(axis=1, keepdims=True)
    total = np.zeros_like(at.y)
    for part, flow in problem.flows.items():

        def phi(y: Floats, h: float, flow: Function = flow) -> Floats:
            return at_columns(problem, flow, at.t, y.T, h).T

        still, said = difference(phi(at.y, 0.0), at.y, at.words, size)
        wrong = f"the flow {part} over h = 0 is not the identity: {said}" if said else ""
        once = phi(at.y, 0.6 * step)
        twice = phi(phi(at.y, 1.3 * step), -0.7 * step)
        # As small a step has small errors: what counts is the part of the way that the flow goes.
        way = np.maximum(np.abs(once - at.y).max(axis=1, keepdims=True), 1e-9 * size)
        group, said = difference(twice, once, at.words, way)
        if said and not wrong:
            wrong = f"the flow {part} is no flow: over 1.3 h and back over 0.7 h it is not that over 0.6 h, {said}"
        total += rate(lambda h, phi=phi: phi(at.y, h), 0.0, 1e-2 * step)  # type: ignore[misc]
        yield Finding(f"flow {part}", "a flow", "", f"gap {short(max(still, group))}", wrong)
    field = field_at(problem, at.t, at.y)
    gap, said = difference(total, field, at.words, np.abs(field).max(axis=1, keepdims=True))
    wrong = (
        f"the flows do not add up to the field: their derivatives at h = 0, {said}" if said else ""
    )
    yield Finding("sum of the flows", "= the field", "", f"gap {short(gap)}", wrong)
