"""What a family of methods needs of a problem; a refusal names what is missing and what to try."""

from functools import singledispatch
from typing import Any

import numpy as np

from geoflow.ground.errors import InputError
from geoflow.integrators.families import QUADRATIC, Method, PartitionedRungeKutta, Splitting
from geoflow.integrators.problem_checks import check_problem
from geoflow.problems import Problem


def require_offers(method: Method, problem: Problem) -> None:
    """Raise InputError if a function of `problem` returns the wrong thing, or `method` needs what it does not offer."""
    check_problem(problem)
    require_by_family(method, problem)


@singledispatch
def require_by_family(method: Method, problem: Problem) -> None:
    """Raise InputError if `method` needs what `problem` does not offer."""


@require_by_family.register
def _(method: PartitionedRungeKutta, problem: Problem) -> None:
    if problem.hamiltonian is None and not problem.separable:
        raise InputError(
            f"method {method.name!r} treats q and p of a Hamiltonian system each in its way, and problem "
            f"{problem.name!r} offers no `hamiltonian`; try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )


@require_by_family.register
def _(method: Splitting, problem: Problem) -> None:
    offered = set(problem.flows) or ({"A", "B"} if problem.separable else set())
    if missing := set(method.parts) - offered:
        wanted = "H = T(p) + U(q)" if method.parts in "AB" else f"f into {len(method.parts)} parts"
        raise InputError(
            f"method {method.name!r} splits {wanted}, and problem {problem.name!r} does not offer "
            f"`velocity` and `force` or `flows` {', '.join(sorted(missing))}; "
            "try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
        )
    if unused := offered - set(method.parts):
        raise InputError(
            f"method {method.name!r} has no flow of part {', '.join(sorted(unused))} of problem "
            f"{problem.name!r}; try 'strang_{len(offered)}'."
        )
    if method.needs == QUADRATIC and not _has_quadratic_kinetic_energy(problem):
        raise InputError(
            f"method {method.name!r} has its order only for T(p) = p^T M^-1 p / 2 and a force, and problem "
            f"{problem.name!r} offers something else; try 'kahan_li_6'."
        )


def _has_quadratic_kinetic_energy(problem: Problem) -> bool:
    """Whether q' = v(p) is linear: v(2 p + r) = 2 v(p) + v(r), looked at in one pair of points off every symmetry."""
    if problem.flows or problem.velocity is None:
        return False
    still = np.zeros(problem.dimension)
    p, r = np.cos(np.arange(problem.dimension)), np.sin(1 + np.arange(problem.dimension))

    def v(y: Any) -> Any:
        return problem.flow(
            "A", problem.span[0], np.concatenate([still[: len(y) // 2], y[len(y) // 2 :]]), 1.0
        )

    half = problem.dimension // 2
    v_p, v_r, v_both = (v(y)[:half] for y in (p, r, 2 * p + r))
    return bool(np.allclose(v_both, 2 * v_p + v_r, rtol=1e-12, atol=1e-14))
