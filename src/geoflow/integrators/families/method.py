"""Abstract base class of all families of one-step methods."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from geoflow.ground import InputError
from geoflow.integrators.compiler.writer import Writer
from geoflow.integrators.families.coefficients import Number
from geoflow.integrators.families.solvers import State
from geoflow.integrators.problem_checks import check_problem
from geoflow.problems import Problem
from geoflow.problems.problem import Function

if TYPE_CHECKING:
    from geoflow.integrators.families.runge_kutta import RungeKutta

Phi = Callable[[Any, State, Any], State]  # phi(t, y, h)
_CHECKED: "WeakKeyDictionary[Method, WeakSet[Problem]]" = WeakKeyDictionary()


class Method(ABC):
    """A one-step method as data: coefficients or a function, the declared order and the reference.

    A family implements one step twice: `one_step` in plain arithmetic, and the lines of a compiled loop for a `Writer`
    (`functions`, `carried`, `prepare`, `begin`, `advance`). Properties that follow from the coefficients (symmetric,
    symplectic, contractivity radius, ...) are not stored; `geoflow.theory` derives them from what a family offers: its
    `tableaus`, its `substeps`, or, for a general one-step map, what is `proved` of it.
    """

    order: int
    reference: str
    name: str
    substeps: tuple[tuple[str, Number], ...] = ()  # of a splitting
    parts: str = ""  # letters of its parts
    base: "Method | None" = None  # of a one-step map that is based on another method
    numbers: Mapping[str, tuple[Number, ...]] = MappingProxyType({})  # arrays of a one-step map
    proved: Mapping[str, str] = MappingProxyType({})  # properties of a one-step map -> source
    canonical: bool = True
    """Whether states can be pairs (q, p), for which symplecticity is defined."""

    def __repr__(self) -> str:
        stages = "1 stage" if self.stages == 1 else f"{self.stages} stages"
        return f"<{type(self).__name__} {self.name!r}: order {self.order}, {stages} [{self.reference}]>"

    @property
    @abstractmethod
    def stages(self) -> int:
        """Number of evaluations of the field, or of its replacement, per step."""

    @property
    @abstractmethod
    def explicit(self) -> bool:
        """Whether a step solves no equations."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """Name by which methods of the same kind are grouped in tables and figures."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Family and coefficients, or the rule of a one-step map, by name."""

    @property
    def tableau(self) -> "RungeKutta | None":
        """The Runge-Kutta method that this method is; None for a different family."""
        return None

    @property
    def tableaus(self) -> "tuple[RungeKutta, ...]":
        """The tableau of the state, or those of q and of p, which have the same nodes c; empty without stages."""
        return ()

    @property
    def asked(self) -> set[str]:
        """Names of what the method needs from a problem besides its field and flows."""
        return set()

    @property
    def iterates(self) -> bool:
        """Whether stages are solved by fixed-point iteration or Newton's method, as chosen by the caller."""
        return False

    @property
    def can_fail(self) -> bool:
        """Whether a step can fail."""
        return not self.explicit

    def check(self, problem: Problem) -> None:
        """Raise InputError if a function of `problem` is invalid or something that the method needs is missing."""
        check_problem(problem)
        if problem not in (checked := _CHECKED.setdefault(self, WeakSet())):
            self.check_offers(problem)
            checked.add(problem)

    def check_offers(self, problem: Problem) -> None:  # noqa: B027 (most methods need a field alone)
        """Raise InputError if `problem` does not provide what the method needs."""

    @abstractmethod
    def one_step(self, problem: Problem) -> Phi:
        """Return the map phi(t, y, h) in plain arithmetic, for a problem that was checked."""

    def newton_step(self, problem: Problem) -> Phi:
        """Return `one_step` with Newton's method for the stages if the method `iterates`, for states of shape (d,)."""
        return self.one_step(problem)

    def adjoint(self) -> "Method":
        """Return the adjoint method phi*_h = (phi_{-h})^{-1} (HLW II.3)."""
        raise InputError(f"the adjoint of {self.name!r} is not among the methods that are data.")

    @property
    def coefficients(self) -> Sequence[Number]:
        """Return all coefficients, in any order."""
        return ()

    def composed(self, gammas: Sequence[Number], order: int, reference: str) -> "Method":
        """Compose phi_{gamma_s h} o ... o phi_{gamma_1 h}; the gammas are mpf if a coefficient of the method is."""
        raise InputError(f"{self.name!r} is not among the methods that can be composed as data.")

    def functions(self, problem: Problem) -> dict[str, Function]:
        """Functions of the problem that the loop calls, by their name in `Writer.call`; by default the field."""
        if problem.field is not None:
            return {"field": problem.field}
        assert problem.velocity is not None and problem.force is not None
        return {"velocity": problem.velocity, "force": problem.force}

    @property
    def carried(self) -> list[str]:
        """Names of the vectors, of the dimension of the state, that are passed from step to step."""
        return []

    @abstractmethod
    def prepare(self, w: Writer) -> None:
        """Write the definitions of the vectors and numbers of the loop."""

    def begin(self, w: Writer) -> None:  # noqa: B027 (often nothing)
        """Write the computations before the very first step (`first == 0`), which fill the carried vectors."""

    @abstractmethod
    def advance(self, w: Writer) -> None:
        """Write one step from (t, y) to y, with n the number of the step."""
