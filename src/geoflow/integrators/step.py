"""One step of a method on a problem, in plain arithmetic: NumPy, complex, torch and mpmath states alike.

A torch tensor of shape (d,) carries gradients through a step of every method; equations of a step are differentiated
where they were solved. `torch.autograd.functional.jacobian(lambda y: phi(t, y, h), y)` is the Jacobian of a step.

The compiled loops (`geoflow.integrators.compiler`) are the fast path over the same data; a test holds the two together
to round-off. A state has shape (d,) or, for many states at once, (d, N).
"""

from geoflow.ground import InputError
from geoflow.integrators.families.method import Method, Phi
from geoflow.problems import Problem


def one_step(method: Method, problem: Problem, newton: bool = False) -> Phi:
    """The map phi(t, y, h) of a method on a problem; raises InputError if the problem does not offer enough.

    With `newton`, implicit stages are found by Newton's method, for a state of shape (d,).
    """
    check_method(method)
    method.check(problem)
    return method.newton_step(problem) if newton else method.one_step(problem)


def check_method(method: Method) -> None:
    if not isinstance(method, Method):
        raise InputError(f"expected a method or its name, got {method!r}; try 'stormer_verlet'.")
