"""The family of a method, its requirements on a problem, and the problems that satisfy them."""

from collections.abc import Iterable

from geoflow.ground import InputError
from geoflow.integrators import Method, RungeKutta, Splitting
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem


def find_problem(method: Method, names: Iterable[str]) -> str | None:
    """Return the first problem that provides what the method needs, or None."""
    return next((name for name in names if serves(PROBLEMS[name], method)), None)


def serves(problem: Problem, method: Method) -> bool:
    """Whether the problem provides what the method needs."""
    try:
        one_step(method, problem)
    except InputError:
        return False
    return True


def asked_of_problems(method: Method) -> set[str]:
    """Names of what the method needs from a problem besides its field and flows."""
    needs = getattr(method, "needs", ())
    return {needs} - {""} if isinstance(needs, str) else set(needs)


def family(method: Method) -> str:
    """Name by which methods of the same kind are grouped in tables and figures."""
    if isinstance(method, Splitting):
        return "splitting" if method.order <= 2 else "composition"
    if not isinstance(method, RungeKutta):
        return _words(type(method).__name__)
    if method.explicit:
        return "explicit Runge-Kutta"
    if all(a == 0 for i, row in enumerate(method.A) for a in row[i + 1 :]):
        return "diagonally implicit"
    first = method.name.partition("_")[0] or "implicit"
    return first.capitalize() if set(first) & set("aeiou") else first.upper()  # Gauss, HBVM


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip().replace("runge kutta", "Runge-Kutta")
