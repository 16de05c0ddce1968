"""One step of a method on a problem in plain arithmetic, for NumPy, complex, torch and mpmath states.

Torch tensors of shape (d,) propagate gradients through a step of every method; implicit equations are differentiated at
their solution. `torch.autograd.functional.jacobian(lambda y: phi(t, y, h), y)` is the Jacobian of a step.

The compiled loops (`geoflow.integrators.compiler`) use the same data and are faster; a test compares the two to
round-off. A state has shape (d,), or (d, N) for N states.
"""

from geoflow.ground import InputError
from geoflow.integrators.families.method import Method, Phi
from geoflow.problems import Problem


def one_step(method: Method, problem: Problem, newton: bool = False) -> Phi:
    """Return the map phi(t, y, h) of a method on a problem.

    newton: whether implicit stages are solved by Newton's method, for states of shape (d,). Raises InputError if the
    problem does not provide what the method needs.
    """
    check_method(method)
    method.check(problem)
    return method.newton_step(problem) if newton else method.one_step(problem)


def check_method(method: Method) -> None:
    if not isinstance(method, Method):
        raise InputError(f"expected a method or its name, got {method!r}; try 'stormer_verlet'.")
