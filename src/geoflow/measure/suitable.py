"""The problems that provide what a method needs."""

from collections.abc import Iterable

from geoflow.ground import InputError
from geoflow.integrators import Method
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
