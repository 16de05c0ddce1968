"""Checks of methods: declared order, order from the coefficients and measured order; symmetry; symplecticity."""

from collections.abc import Iterator

import numpy as np

from geoflow.check.culprits import suspects
from geoflow.check.findings import Finding, in_words, near_rational
from geoflow.ground import GeoflowError
from geoflow.integrators import Method
from geoflow.measure import small_steps as steps
from geoflow.theory import derived_order
from geoflow.theory.order_conditions import TOLERANCE
from geoflow.theory.perturbed_conditions import Coefficients, coefficients_of, of_quadrature
from geoflow.theory.structure import symmetric, symplectic

ORDER_GAP = 0.2
# Conditions up to this order are used to find a wrong coefficient; all of them to confirm it.
QUICK = 5
LONGER = (8, 32)
FEW_DIGITS = (
    "all conditions fail by {:.3g} at most, as if the coefficients had too few digits; "
    "give all digits of the source, or fractions"
)
NO_SINGLE = "no change of a single coefficient makes all conditions hold"
ROUNDED = 1e-14


def check_method(method: Method) -> list[Finding]:
    """Check a method, one row per quantity; first those of the coefficients, then the measured ones."""
    return [_order(method), *coefficient_findings(method), *_structure(method)]


def _order(method: Method) -> Finding:
    found, declared = derived_order.order_from_coefficients(method), method.order
    measured, words = _measured_order(method)
    derived, wrong = found[0] if found else declared, ""
    if derived < min(declared, derived_order.HIGHEST):
        wrong = f"order {declared} is declared, the coefficients have order {derived}"
    elif measured < declared - ORDER_GAP:
        wrong = f"one step has order {measured:.2f}, {declared} is declared"
    elif derived > declared:
        wrong = f"order {declared} is declared, the coefficients have order {derived} or more"
    elif found is None and np.isnan(measured):
        wrong = f"no problem provides what it needs: {', '.join(sorted(method.asked))}"
    elif found is None and measured > declared + ORDER_GAP:
        wrong = f"one step has order {measured:.2f}, only {declared} is declared"
    return Finding("order", str(declared), derived_order.order_in_words(method), words, wrong)


def _measured_order(method: Method) -> tuple[float, str]:
    """Lowest order over the places, and a text with the problems."""
    found = []
    for at in steps.places(method):
        try:
            order = steps.order_at(method, at)
            if order < method.order - ORDER_GAP and method.coefficients:
                # At small steps the rounding of published coefficients can be larger than the error.
                order = max(order, *(steps.order_at(method, at, longer) for longer in LONGER))
        except GeoflowError:
            continue
        found.append((order, at.problem.name))
    if not found:
        return float("nan"), "no problem provides what it needs"
    return min(found)[0], ", ".join(f"{order:.2f} ({name})" for order, name in found)


def coefficient_findings(method: Method) -> Iterator[Finding]:
    """Check the coefficients of a method; no row for a method without coefficients."""
    order = min(method.order, derived_order.highest_order(method))
    if method.coefficients:
        yield _judged(method, order)
    elif method.base is not None:
        yield _judged(method.base, order)
    elif {"nodes", "weights"} <= set(method.numbers):
        yield _judged(method, order, of_quadrature(method.numbers))


def _judged(method: Method, order: int, quadrature: Coefficients | None = None) -> Finding:
    """Check all conditions in one row; the message names the first one that fails, and the wrong entry."""
    full = quadrature or coefficients_of(method, order)
    found, defects = full.found(full.values[None])[0], np.abs(full.defects(full.values[None])[0])
    failed = np.flatnonzero(defects > TOLERANCE * (1 + float(np.abs(full.values).max()) ** 2))
    held = f"{len(defects) - len(failed)} of {len(defects)} hold"
    wrong = ""
    if len(failed):
        conditions = list(full.conditions.values())
        first = min(failed, key=lambda k: conditions[k][0])
        needed, formula, wanted = conditions[first]
        should = in_words(near_rational(wanted))
        kind = f"order {needed} condition" if wanted else "node condition"
        entry = suspects(method, full, quadrature or coefficients_of(method, min(order, QUICK)))
        few = FEW_DIGITS.format(defects.max()) if defects.max() < 1e-6 else NO_SINGLE
        wrong = f"{formula} = {in_words(float(found[first]))}, should be {should}: {kind}; {entry or few}"
    return Finding("order conditions", f"up to order {order}", held, "", wrong)


def _structure(method: Method) -> Iterator[Finding]:
    places = steps.places(method)
    for name, derive, measure, where in (
        ("symmetric", symmetric, steps.symmetry_at, places[-1] if places else None),
        ("symplectic", symplectic, steps.symplecticity_at, steps.canonical_place(method)),
    ):
        known = derive(method)
        if known is None or where is None:
            continue
        try:
            defect, round_off = measure(method, where)
        except GeoflowError as error:
            yield Finding(name, "", in_words(known), "", f"a step cannot be taken: {error}")
            continue
        source, measured = (method.proved.get(name, ""), f"{defect:.3g} ({where.problem.name})")
        if not method.coefficients:
            said = f"{name} is proved ({source}), but a step has the defect {measured}"
            wrong, derived = known and defect > round_off, ""
        else:  # coefficients of few digits are symmetric up to their rounding
            derived = in_words(known)
            said = f"{name}: the coefficients say {derived}, a step has the defect {measured}"
            wrong = defect > max(round_off, ROUNDED) if known else defect <= round_off
        yield Finding(name, source, derived, f"defect {measured}", said if wrong else "")
