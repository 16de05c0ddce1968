"""Methods: the declared order beside that of the coefficients and that of a step; symmetry; symplecticity."""

from collections.abc import Callable, Iterator
from functools import singledispatch
from typing import Any

import numpy as np

from geoflow.check.conditions import (
    Coefficients,
    of_partitioned,
    of_quadrature,
    of_runge_kutta,
    of_splitting,
)
from geoflow.check.culprits import suspects
from geoflow.check.findings import Finding, in_words, short
from geoflow.ground.errors import GeoflowError
from geoflow.integrators import Formula, Method, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.measure import small_steps as steps
from geoflow.measure.kinds import asked_of_problems
from geoflow.theory.derived_order import (
    HIGHEST_PARTITIONED,
    order_from_coefficients,
    order_in_words,
)
from geoflow.theory.order_conditions import HIGHEST, TOLERANCE
from geoflow.theory.structure import symmetric, symplectic

ORDER_GAP = 0.2
# Conditions up to this order propose which coefficient is wrong; all of them confirm it.
QUICK = 5
LONGER = (8, 32)
# A defect below this one looks like missing digits rather than like a wrong coefficient.
FEW_DIGITS = 1e-6
ROUNDED = 1e-14


def check_method(method: Method) -> list[Finding]:
    """One row per quantity; the first ones are about coefficients, the last ones are measured."""
    rows = [*_order(method), *coefficient_findings(method)]
    return [*rows, *_structure(method)]


def _order(method: Method) -> Iterator[Finding]:
    found = order_from_coefficients(method)
    measured, words = _measured_order(method)
    wrong = ""
    coefficients_hold = found is None or found[0] >= min(method.order, HIGHEST)
    if measured < method.order - ORDER_GAP and coefficients_hold:
        wrong = f"one step has order {measured:.2f}, {method.order} is declared"
    elif found is None and np.isnan(measured):
        wrong = f"no problem offers what it needs: {', '.join(sorted(asked_of_problems(method)))}"
    elif found is None and measured > method.order + ORDER_GAP:
        wrong = f"one step has order {measured:.2f}, only {method.order} is declared"
    elif not coefficients_hold and found is not None:
        wrong = f"order {method.order} is declared, the coefficients have order {found[0]}"
    elif found is not None and found[0] > method.order:
        wrong = f"order {method.order} is declared, the coefficients have order {found[0]} or more"
    yield Finding("order", str(method.order), order_in_words(method), words, wrong)


def _measured_order(method: Method) -> tuple[float, str]:
    """The lowest order over the places; the sentence says on which problems."""
    found = []
    for at in steps.places(method):
        try:
            order = steps.order_at(method, at)
            if order < method.order - ORDER_GAP and not isinstance(method, Formula):
                # At small steps the last published digits of the coefficients may be larger than the error.
                order = max(order, *(steps.order_at(method, at, longer) for longer in LONGER))
        except GeoflowError:
            continue
        found.append((order, at.problem.name))
    if not found:
        return float("nan"), "no problem offers what it needs"
    words = ", ".join(f"{order:.2f} ({name})" for order, name in found)
    return min(order for order, _ in found), words


@singledispatch
def coefficient_findings(method: Method) -> Iterator[Finding]:
    """The rows about the numbers of a method, none for a method without numbers."""
    yield from ()


@coefficient_findings.register
def _(method: RungeKutta) -> Iterator[Finding]:
    yield from _judged(method, of_runge_kutta, min(method.order, HIGHEST))


@coefficient_findings.register
def _(method: PartitionedRungeKutta) -> Iterator[Finding]:
    yield from _judged(method, of_partitioned, min(method.order, HIGHEST_PARTITIONED))


@coefficient_findings.register
def _(method: Splitting) -> Iterator[Finding]:
    yield from _judged(method, of_splitting, min(method.order, HIGHEST))


@coefficient_findings.register
def _(method: Formula) -> Iterator[Finding]:
    numbers = method.numbers
    if {"A", "b", "c"} <= set(numbers):
        base = RungeKutta(
            tuple(tuple(row) for row in numbers["A"]), tuple(numbers["b"]), tuple(numbers["c"]),
            0, method.reference,
        )  # fmt: skip
        yield from _judged(base, of_runge_kutta, min(method.order, HIGHEST))
    if {"nodes", "weights"} <= set(numbers):
        quadrature = of_quadrature(numbers["nodes"], numbers["weights"])
        yield from _judged(method, lambda method, order: quadrature, method.order)


def _judged(
    method: Method, collect: Callable[[Any, int], Coefficients], order: int
) -> Iterator[Finding]:
    """One row about all conditions; a sentence names the first that fails, and the entry that is wrong."""
    coefficients = collect(method, order)
    values = coefficients.values[None]
    found = coefficients.found(values)[0]
    defects = coefficients.defects(values)[0]
    allowed = TOLERANCE * (1 + float(np.abs(coefficients.values).max()) ** 2)
    failed = [
        (condition, x, defect)
        for condition, x, defect in zip(coefficients.conditions, found, defects, strict=True)
        if abs(defect) > allowed
    ]
    total = len(coefficients.conditions)
    declared, derived = f"up to order {order}", f"{total - len(failed)} of {total} hold"
    if not failed:
        yield Finding("order conditions", declared, derived)
        return
    condition, x, _ = min(failed, key=lambda one: one[0].order)
    said = (
        f"{condition.formula} = {in_words(float(x))}, should be {_wanted(condition.wanted)}: "
        + ("node condition" if condition.nodes else f"order {condition.order} condition")
    )  # fmt: skip
    largest = max(abs(defect) for _, _, defect in failed)
    entry = suspects(method, coefficients, collect(method, min(order, QUICK)))
    if not entry and largest < FEW_DIGITS:
        entry = (
            f"all conditions fail by {short(largest)} at most, as if the coefficients were typed with too few "
            "digits; give all digits of the source, or fractions"
        )
    entry = entry or "no change of a single coefficient makes all conditions hold"
    yield Finding("order conditions", declared, derived, "", f"{said}; {entry}")


def _wanted(x: float) -> str:
    """1 / density as a fraction."""
    return "0" if x == 0 else "1" if x == 1 else f"1/{round(1 / x)}"


def _structure(method: Method) -> Iterator[Finding]:
    places = steps.places(method)
    canonical = steps.canonical_place(method)
    for name, derive, measure, where in (
        ("symmetric", symmetric, steps.symmetry_at, places[-1] if places else None),
        ("symplectic", symplectic, steps.symplecticity_at, canonical),
    ):
        known = derive(method)
        if known is None or where is None:
            continue
        try:
            defect, round_off = measure(method, where)
        except GeoflowError as error:
            yield Finding(name, "", in_words(known), "", f"a step cannot be taken: {error}")
            continue
        measured, wrong = f"{short(defect)} ({where.problem.name})", ""
        if isinstance(method, Formula):
            source = method.proved.get(name, "")
            if known and defect > round_off:
                wrong = f"{name} is proved ({source}), but a step has the defect {measured}"
            yield Finding(name, source, "", f"defect {measured}", wrong)
            continue
        # Coefficients of few digits are symmetric up to their rounding.
        if (known and defect > max(round_off, ROUNDED)) or (not known and defect <= round_off):
            wrong = (
                f"{name}: the coefficients say {in_words(known)}, a step has the defect {measured}"
            )
        yield Finding(name, "", in_words(known), f"defect {measured}", wrong)
