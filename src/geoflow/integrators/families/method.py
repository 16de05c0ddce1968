"""What every family of one-step methods states of itself."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from geoflow.ground import InputError
from geoflow.integrators.compiler.writer import Writer
from geoflow.integrators.families.coefficients import Number
from geoflow.integrators.families.solvers import State
from geoflow.integrators.problem_checks import check_problem
from geoflow.problems import Problem
from geoflow.problems.problem import Function

Phi = Callable[[Any, State, Any], State]  # phi(t, y, h)
_CHECKED: "WeakKeyDictionary[Method, WeakSet[Problem]]" = WeakKeyDictionary()


class Method(ABC):
    """A one-step method as data: its coefficients or its function, the declared order and the source of both.

    A family gives one step twice: `one_step` in plain arithmetic, and the lines of a compiled loop over a `Writer`
    (`functions`, `carried`, `prepare`, `begin`, `advance`). What can be derived from the coefficients (symmetric,
    symplectic, contractivity radius, ...) is not stored; `geoflow.theory` derives it.
    """

    order: int
    reference: str
    name: str

    @property
    @abstractmethod
    def stages(self) -> int:
        """Evaluations of the field, or of what takes its place, per step."""

    @property
    @abstractmethod
    def explicit(self) -> bool:
        """Whether a step solves no equations."""

    @property
    def iterates(self) -> bool:
        """Whether stages are found by the fixed-point iteration or by Newton's method, as the caller chooses."""
        return False

    @property
    def can_fail(self) -> bool:
        """Whether a step can end without a result."""
        return not self.explicit

    def check(self, problem: Problem) -> None:
        """Raise InputError if a function of `problem` is wrong, or if it does not offer what the method needs."""
        check_problem(problem)
        if problem not in (checked := _CHECKED.setdefault(self, WeakSet())):
            self.check_offers(problem)
            checked.add(problem)

    def check_offers(self, problem: Problem) -> None:  # noqa: B027 (most methods need a field alone)
        """Raise InputError if `problem` does not offer what the method needs."""

    @abstractmethod
    def one_step(self, problem: Problem) -> Phi:
        """The map phi(t, y, h) on a problem that was checked, in plain arithmetic."""

    def newton_step(self, problem: Problem) -> Phi:
        """`one_step` with Newton's method for the stages of a method that `iterates`, for a state of shape (d,)."""
        return self.one_step(problem)

    def adjoint(self) -> "Method":
        """The method phi*_h = (phi_{-h})^{-1} (HLW II.3)."""
        raise InputError(f"the adjoint of {self.name!r} is not among the methods that are data.")

    @property
    def coefficients(self) -> Sequence[Number]:
        """All coefficients, in any order."""
        return ()

    def composed(self, gammas: Sequence[Number], order: int, reference: str) -> "Method":
        """phi_{gamma_s h} o ... o phi_{gamma_1 h}, the gammas mpf if a coefficient of the method is one."""
        raise InputError(f"{self.name!r} is not among the methods that can be composed as data.")

    def functions(self, problem: Problem) -> dict[str, Function]:
        """The problem's functions that the loop calls, by the name that `Writer.call` knows them by: the field."""
        if problem.field is not None:
            return {"field": problem.field}
        assert problem.velocity is not None and problem.force is not None
        return {"velocity": problem.velocity, "force": problem.force}

    @property
    def carried(self) -> list[str]:
        """Names of the vectors, of the dimension of the state, that a step leaves to the next."""
        return []

    @abstractmethod
    def prepare(self, w: Writer) -> None:
        """Write the vectors and numbers of the loop."""

    def begin(self, w: Writer) -> None:  # noqa: B027 (often nothing)
        """Write what is computed once, before the very first step (`first == 0`), with the carried vectors filled."""

    @abstractmethod
    def advance(self, w: Writer) -> None:
        """Write one step: from (t, y) to y, with n the number of the step."""
