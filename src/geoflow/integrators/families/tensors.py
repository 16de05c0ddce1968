"""Steps of torch tensors: derivatives of implicit steps, and components for functions written for NumPy.

torch is imported only if a tensor is given.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from geoflow.ground import InputError

State = Any


class Entry:
    """A component of a tensor as an array entry, because NumPy would convert a tensor and lose its gradient."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value.detach())


def _operator(name: str, result: Callable[[Any], Any]) -> Callable[..., Any]:
    def operate(self: Entry, *other: Any) -> Any:
        if other and isinstance(other[0], np.ndarray):
            return NotImplemented  # NumPy then applies the operator to each entry
        return result(getattr(self.value, name)(*(x.value if isinstance(x, Entry) else x for x in other)))

    return operate


for _name in ("add", "sub", "mul", "truediv", "pow", "radd", "rsub", "rmul", "rtruediv", "rpow", "neg", "abs"):
    setattr(Entry, f"__{_name}__", _operator(f"__{_name}__", Entry))
for _name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt"):
    setattr(Entry, _name, _operator(_name, Entry))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Entry, f"__{_name}__", _operator(f"__{_name}__", bool))


def is_tensor(y: State) -> bool:
    """Whether y is a torch tensor."""
    return type(y).__module__ == "torch"


def entries(y: State) -> State:
    """Convert a tensor of shape (d,) to an array of objects."""
    if y.ndim != 1:
        raise InputError(f"expected a tensor of shape (d,), got {tuple(y.shape)}; take the states one by one.")
    return np.fromiter(map(Entry, y), object)


def joined(parts: Sequence[State]) -> State:
    """Concatenate vectors, or build the tensor of some entries."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    import torch

    return torch.stack([x.value for x in parts]) if isinstance(parts[0], Entry) else torch.cat(list(parts))


def implicit_function(residual: Callable[[State], State], z: State) -> State:
    """Attach the derivative of the implicit function to the root z (d,) of F = `residual`, a tensor without gradients.

    Returns z - (dF/dz)^-1 F(z): F vanishes, so the derivative is -(dF/dz)^-1 times the derivative of F with respect to
    all other variables.
    """
    import torch

    slopes = torch.autograd.functional.jacobian(residual, z)
    return z - torch.linalg.solve(slopes, residual(z))
