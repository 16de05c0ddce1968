"""General one-step maps, given by one short function over arrays.

The function is `step(t, y, h, eps, *, ...) -> (y_1, evaluations)`, with a negative count if an equation was not solved;
eps is the unit round-off. Keyword arguments are quantities of the problem (`offered.OFFERED`), numbers of the method,
or a function on which it is based. The same source runs on NumPy and mpmath arrays of shape (d,) and is compiled by
`formula_source`. It is therefore restricted to the language of `compiler/functions.py`, and its keyword arguments are
functions or arrays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import mpmath
import numpy as np

from geoflow.ground import InputError, SolveError, nearest
from geoflow.integrators.compiler.formula_source import definitions
from geoflow.integrators.compiler.translate import Translated
from geoflow.integrators.compiler.writer import NOT_CONVERGED, Writer
from geoflow.integrators.families.coefficients import Number, as_array, check_claims
from geoflow.integrators.families.method import Method, Phi
from geoflow.integrators.families.offered import keywords, offered
from geoflow.integrators.families.solvers import State, is_exact
from geoflow.integrators.families.tensors import entries, implicit_function, is_tensor, joined
from geoflow.integrators.formulas.equations import solved
from geoflow.problems import Problem
from geoflow.problems.problem import Function

EPS = float(np.finfo(float).eps)
Step = Callable[..., Any]
PROPERTIES = ("symmetric", "symplectic", "conjugate_symplectic")


@dataclass(frozen=True, eq=False, repr=False)
class Formula(Method):
    """A one-step method given by its function `step`.

    inner: functions used by the step, by name; numbers: arrays of the method; base: a method with coefficients, passed
    to the step as a function (t, y, h, eps); invariants: names of the invariants that are used, by default all; proved:
    source of the proof that the method is "symmetric", "symplectic" or "conjugate_symplectic", which cannot be derived
    from coefficients; stages: number of evaluations of the field (or its replacement) per step, or, for an implicit
    step, per evaluation that it counts itself.
    """

    step: Step
    order: int
    reference: str
    stages: int = 1
    explicit: bool = True
    inner: Mapping[str, Step] = field(default_factory=dict)
    numbers: Mapping[str, tuple[Number, ...]] = field(default_factory=dict)
    base: Method | None = None
    invariants: tuple[str, ...] = ()
    proved: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    kind: ClassVar[str] = "formula"
    can_fail: ClassVar[bool] = True  # reported at each step by a negative count of evaluations

    def __post_init__(self) -> None:
        check_claims(self.order, self.reference)
        for key in self.proved:
            if key not in PROPERTIES:
                raise InputError(f"nothing can be proved of {key!r} here; {nearest(key, PROPERTIES)}")

    @property
    def needs(self) -> tuple[str, ...]:
        """Names in `offered.OFFERED` that a problem must provide."""
        asked = [name for f in (self.step, *self.inner.values()) for name in keywords(f)]
        return tuple(n for n in dict.fromkeys(asked) if n not in {*self.inner, *self.numbers, "base"})

    @property
    def asked(self) -> set[str]:
        return set(self.needs)

    def facts(self) -> dict[str, Any]:
        rule = self.inner.get("increment", self.step)
        return {"family": "formula", "formula": rule, "needs": list(self.needs), "proved": dict(self.proved)}

    @property
    def canonical(self) -> bool:  # type: ignore[override]
        return not {"rotation", "clocked_field", "magnetic_field"} & set(self.needs)

    def check_offers(self, problem: Problem) -> None:
        for name in self.needs:
            offered(self, problem, name)
        if self.base is not None:
            self.base.check_offers(problem)

    def one_step(self, problem: Problem) -> Phi:
        given = {name: offered(self, problem, name).at(problem) for name in self.needs}
        if self.base is not None:
            base, stages = self.base.one_step(problem), self.base.stages
            given["base"] = lambda t, y, h, eps: (base(t, y, h), stages)

        def phi(t: Any, y: State, h: Any) -> State:
            if is_tensor(y) and self.step is solved:
                return self._differentiated(given, phi, t, y, h)
            if is_tensor(y):
                return joined(phi(t, entries(y), h))
            exact = is_exact(y)
            step = self._bound(given, exact)
            y_1, used = step(t, y, h, mpmath.mp.eps if exact else EPS)
            if used < 0:
                raise SolveError(
                    f"{self.name or 'an implicit method'}: its equations were not solved at t = {float(t):.6g} "
                    f"with h = {float(h):.3g}; try a smaller h."
                )
            return y_1

        return phi

    def _differentiated(self, given: Mapping[str, Any], phi: Phi, t: Any, y: State, h: Any) -> State:
        """Step of a tensor (d,): the equation is solved without gradients and differentiated at the solution."""
        increment, start = self._bound(given, False).keywords["increment"], entries(y)

        def residual(z: State) -> State:
            return z - y - joined(increment(t, start, entries(z), h, EPS))

        return implicit_function(residual, y.new_tensor(phi(t, y.detach().numpy(), float(h))))

    def _bound(self, given: Mapping[str, Any], exact: bool) -> partial[Any]:
        """Bind all keyword arguments of the step: arrays of mpf if `exact`, of floats otherwise."""
        known = dict(given)
        for name, numbers in self.numbers.items():
            known[name] = as_array(numbers, exact)
        for name, function in self.inner.items():
            known[name] = partial(function, **{k: known[k] for k in keywords(function)})
        return partial(self.step, **{k: known[k] for k in keywords(self.step)})

    def functions(self, problem: Problem) -> dict[str, Function]:
        """Return an empty dict, because all functions are part of the step's own definitions."""
        return {}

    def prepare(self, w: Writer) -> None:
        w.functions["formula"] = Translated("formula", definitions(self, w.problem), (), {})

    def advance(self, w: Writer) -> None:
        if w.scalar:
            w.add(f"y = np.array([{', '.join(f'y__{k}' for k in range(w.d))}])")
        w.add(f"y_next, used = given_step(t, y, h, {EPS!r})")
        w.add("if used < 0:")
        w.add(f"    return {NOT_CONVERGED}, n, iterations")
        w.add("iterations += used")
        w.each("@y = y_next[#]")


def implicit_formula(
    increment: Step, order: int, reference: str, stages: int = 1,
    numbers: Mapping[str, tuple[Number, ...]] | None = None, proved: Mapping[str, str] | None = None,
) -> Formula:  # fmt: skip
    """Build the method y_1 = y + increment(t, y, y_1, h, eps), solved by Newton's method."""
    return Formula(
        solved, order, reference, stages, False, {"increment": increment}, numbers or {}, proved=proved or {}
    )
