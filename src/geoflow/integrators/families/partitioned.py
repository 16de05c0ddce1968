"""Partitioned Runge-Kutta methods: a pair of tableaus, for the halves of y = (q, p) (HLW II.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from geoflow.ground import InputError
from geoflow.integrators.families.coefficients import Number, check_quadrature, to_mpf
from geoflow.integrators.families.runge_kutta import RungeKutta
from geoflow.integrators.families.staged import Staged
from geoflow.problems import Problem


@dataclass(frozen=True, eq=False, repr=False)
class PartitionedRungeKutta(Staged):
    """One tableau for q' = f_1(t, q, p), another for p' = f_2(t, q, p) (HLW II.2.1), y = (q, p).

    k_i = f_1(t + c_i h, Q_i, P_i), l_i = f_2(t + c_i h, Q_i, P_i) with Q_i = q + h sum_j a_ij k_j and
    P_i = p + h sum_j a_hat_ij l_j. Both use the same nodes c: if f_1 and f_2 were evaluated at different times, they
    would belong to two different Hamiltonians H(q, p, t), and the step would not be symplectic.
    """

    A: tuple[tuple[Number, ...], ...]
    b: tuple[Number, ...]
    c: tuple[Number, ...]
    A_hat: tuple[tuple[Number, ...], ...]
    b_hat: tuple[Number, ...]
    order: int
    reference: str
    name: str = ""
    kind: ClassVar[str] = "partitioned Runge-Kutta"
    explicit: ClassVar[bool] = False  # explicit only for separable problems, for which there is a splitting

    def __post_init__(self) -> None:
        for tableau in self.tableaus:
            assert tableau.stages == self.stages  # each checks its own shape

    @cached_property
    def tableaus(self) -> tuple[RungeKutta, RungeKutta]:
        """Return the methods for q and for p."""
        return (
            RungeKutta(self.A, self.b, self.c, self.order, self.reference),
            RungeKutta(self.A_hat, self.b_hat, self.c, self.order, self.reference),
        )

    def facts(self) -> dict[str, Any]:
        q = {"A": self.A, "b": self.b, "c": self.c}
        return {
            "family": "partitioned Runge-Kutta (A for q, A_hat for p)", **q, "A_hat": self.A_hat, "b_hat": self.b_hat
        }  # fmt: skip

    def check_offers(self, problem: Problem) -> None:
        if problem.hamiltonian is None and not problem.separable:
            raise InputError(
                f"method {self.name!r} has different tableaus for q and p of a Hamiltonian system, and problem "
                f"{problem.name!r} has no `hamiltonian`; try a Runge-Kutta method such as 'gauss_2' or 'rk4'."
            )

    def adjoint(self) -> "PartitionedRungeKutta":
        first, second = (one.adjoint() for one in self.tableaus)
        return partitioned(first, second, self.order, self.reference)

    def composed(self, gammas: Sequence[Number], order: int, reference: str) -> "PartitionedRungeKutta":
        first, second = (one.composed(gammas, order, reference) for one in self.tableaus)
        return partitioned(first, second, order, reference)


def partitioned(first: RungeKutta, second: RungeKutta, order: int, reference: str) -> PartitionedRungeKutta:
    """Build the pair of `first` for q and `second` for p, with the nodes of `first`."""
    rows, weights, _ = second.exact
    check_quadrature(rows, weights, [to_mpf(x) for x in first.c], order)
    return PartitionedRungeKutta(first.A, first.b, first.c, second.A, second.b, order, reference)
