"""Splittings: compositions of exact flows of the parts of a vector field (HLW II.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np

from geoflow.ground import InputError
from geoflow.integrators.compiler.writer import Writer
from geoflow.integrators.families.coefficients import Number, check_claims, check_numbers, check_total, times, to_mpf
from geoflow.integrators.families.method import Method, Phi
from geoflow.integrators.families.solvers import State, is_exact
from geoflow.problems import Problem
from geoflow.problems.problem import Function

QUADRATIC = "quadratic kinetic energy"  # T(p) = p^T M^-1 p / 2, as Runge-Kutta-Nystrom methods need


@dataclass(frozen=True, eq=False, repr=False)
class Splitting(Method):
    """Composition of exact flows of the parts of f = f_A + f_B + ... (HLW II.5).

    substeps: (part, coefficient) in the order of application. A problem provides the flows of its parts; for
    H = T(p) + U(q) part A is the drift q += a h T'(p) and part B the kick p -= b h U'(q). Time advances with part A.
    needs: additional requirement on a problem for the declared order, "" or QUADRATIC.
    """

    substeps: tuple[tuple[str, Number], ...] = field()
    order: int
    reference: str
    name: str = ""
    needs: str = ""
    explicit: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_numbers("a splitting", [x for _, x in self.substeps])
        check_claims(self.order, self.reference)
        if self.needs not in ("", QUADRATIC):
            raise InputError(f"expected needs to be '' or {QUADRATIC!r}, got {self.needs!r}.")
        for part in self.parts if self.order else ():
            coefficients = [to_mpf(x) for letter, x in self.substeps if letter == part]
            check_total(f"the coefficients of part {part}", coefficients)

    @property
    def parts(self) -> str:  # type: ignore[override]
        """Letters of the parts, "AB" for drifts and kicks."""
        return "".join(sorted({part for part, _ in self.substeps}))

    @property
    def kind(self) -> str:
        return "splitting" if self.order <= 2 else "composition"

    def facts(self) -> dict[str, Any]:
        family = "splitting (A drifts, B kicks)" if self.parts == "AB" else f"splitting into {self.parts}"
        return {"family": family, "substeps": self.substeps}

    @property
    def asked(self) -> set[str]:
        return {self.needs} - {""}

    @property
    def stages(self) -> int:
        """Number of flows per step (kicks for A and B); equal parts at the end and the next beginning count once."""
        letters = [part for part, _ in self.substeps]
        once = letters[1:] if letters[0] == letters[-1] else letters
        return once.count("B") if self.parts == "AB" else max(len(once), 1)

    def as_floats(self) -> list[tuple[str, float]]:
        """Substeps with coefficients rounded once to float64."""
        return [(part, float(x)) for part, x in self.substeps]

    def check_offers(self, problem: Problem) -> None:
        offered = set(problem.flows) or ({"A", "B"} if problem.separable else set())
        if missing := set(self.parts) - offered:
            wanted = "H = T(p) + U(q)" if self.parts in "AB" else f"f into {len(self.parts)} parts"
            raise InputError(
                f"method {self.name!r} splits {wanted}, and problem {problem.name!r} does not provide "
                f"`velocity` and `force` or `flows` {', '.join(sorted(missing))}; "
                "try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
            )
        if unused := offered - set(self.parts):
            raise InputError(
                f"method {self.name!r} has no flow of part {', '.join(sorted(unused))} of problem "
                f"{problem.name!r}; try 'strang_{len(offered)}'."
            )
        if self.needs == QUADRATIC and not _has_quadratic_kinetic_energy(problem):
            raise InputError(
                f"method {self.name!r} has its order only for T(p) = p^T M^-1 p / 2 and a force, unlike problem "
                f"{problem.name!r}; try 'kahan_li_6'."
            )

    def step(self, flows: Mapping[str, Phi], t: Any, y: State, h: Any) -> State:
        """Compose the exact flows `flows[part](t, y, a h)`; time advances with part A."""
        exact = is_exact(y)
        for part, x in self.substeps:
            a = to_mpf(x) if exact else float(x)
            y = flows[part](t, y, a * h)
            if part == "A":
                t = t + a * h
        return y

    def one_step(self, problem: Problem) -> Phi:
        return partial(self.step, {part: partial(problem.flow, part) for part in self.parts})

    def adjoint(self) -> "Splitting":
        return replace(self, substeps=self.substeps[::-1], name="")

    @property
    def coefficients(self) -> list[Number]:
        return [x for _, x in self.substeps]

    def composed(self, gammas: Sequence[Number], order: int, reference: str) -> "Splitting":
        parts = "".join(part for part, _ in self.substeps) * len(gammas)
        factors = [times(g, x) for g in gammas for _, x in self.substeps]
        return splitting(parts, factors, order, reference, self.needs)

    def functions(self, problem: Problem) -> dict[str, Function]:
        if problem.flows:
            return {f"flow_{part}": problem.flows[part] for part in self.parts}
        assert problem.velocity is not None and problem.force is not None
        return {"velocity": problem.velocity, "force": problem.force}

    @property
    def carried(self) -> list[str]:
        return ["F"]

    def _shares_force(self, problem: Problem) -> bool:
        """Whether the last kick of a step passes its force to the first kick of the next step."""
        ends = self.substeps[0][0], self.substeps[-1][0]
        return not problem.flows and ends == ("B", "B")

    def prepare(self, w: Writer) -> None:
        w.vector("F")
        for i, (_part, x) in enumerate(self.as_floats()):
            w.add(f"h{i} = h * {x!r}")

    def begin(self, w: Writer) -> None:
        if self._shares_force(w.problem):
            with w.block("if first == 0:"):
                w.call("force", "t0", "y", "F", "p")

    def advance(self, w: Writer) -> None:
        """Write the flows, or drifts and kicks; time advances with part A."""
        moved = 0.0
        for i, (part, x) in enumerate(self.as_floats()):
            t = f"(t + {moved!r} * h)" if moved else "t"
            if w.problem.flows:
                w.call(f"flow_{part}", t, "y", "F", h=f"h{i}")
                w.each("@y = @F")
            elif part == "A":
                w.call("velocity", t, "y", "F", "q")
                w.increase(f"h{i} * @F", 0, w.half)
            else:
                if i or not self._shares_force(w.problem):
                    w.call("force", t, "y", "F", "p")
                w.increase(f"h{i} * @F", w.half)
            moved += x * (part == "A")


def splitting(parts: str, coefficients: Sequence[Number], order: int, reference: str, needs: str = "") -> Splitting:
    """Build a splitting: `splitting("BAB", [1/2, 1, 1/2])` is kick, drift, kick; equal neighbours are merged."""
    if len(parts) != len(coefficients) or not all("A" <= part <= "Z" for part in parts):
        raise InputError(
            f"a splitting needs one coefficient for each letter A, B, ...; got {parts!r} "
            f"with {len(coefficients)} coefficients."
        )
    merged: list[tuple[str, Number]] = []
    for part, x in zip(parts, coefficients, strict=True):
        if merged and merged[-1][0] == part:
            merged[-1] = (part, merged[-1][1] + x)
        else:
            merged.append((part, x))
    return Splitting(tuple(merged), order, reference, needs=needs)


def _has_quadratic_kinetic_energy(problem: Problem) -> bool:
    """Whether q' = v(p) is linear, v(2 p + r) = 2 v(p) + v(r), tested for one generic pair of points."""
    if problem.flows or problem.velocity is None:
        return False
    still = np.zeros(problem.dimension)
    p, r = np.cos(np.arange(problem.dimension)), np.sin(1 + np.arange(problem.dimension))

    def v(y: Any) -> Any:
        return problem.flow("A", problem.span[0], np.concatenate([still[: len(y) // 2], y[len(y) // 2 :]]), 1.0)

    half = problem.dimension // 2
    v_p, v_r, v_both = (v(y)[:half] for y in (p, r, 2 * p + r))
    return bool(np.allclose(v_both, 2 * v_p + v_r, rtol=1e-12, atol=1e-14))
