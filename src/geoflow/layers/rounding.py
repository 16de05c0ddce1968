"""Bounds of the rounding errors of a layer: its `forward`, evaluated on bounds of norms instead of numbers.

A `Rounded` state is a bound `size` of |x| and a bound `error` of |x~ - x| for the computed x~ and the x of exact
arithmetic with the same weights. Every torch operation that meets one follows the standard model of floating-point
arithmetic (Higham2002, sections 2.2 and 3.1): fl(a op b) = (a op b)(1 + delta) with |delta| <= u, and a sum of n
products, in any order and with or without fused operations, has an error of at most gamma_n sum_i |a_i b_i|.
Underflow is neglected.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from geoflow.ground import InputError

UNIT = 2.0**-53
"""Unit round-off u of float64; that of float32 is 2^-24, that of bfloat16 2^-8."""
FUNCTION = 4  # error of tanh and of the logistic function in units of u; their libraries state at most one
SAFETY = 1.01  # covers the rounding errors of the bounds themselves


def gamma(n: float, unit: float = UNIT) -> float:
    """n u / (1 - n u), or infinity if n u >= 1."""
    return n * unit / (1 - n * unit) if n * unit < 1 else math.inf


class Rounded(Tensor):
    """All states x of one shape (1, ...) with |x| <= size and |x~ - x| <= error, for the unit round-off `unit`.

    Raises InputError for an operation without a rule.
    """

    norms: tuple[float, float]
    unit: float

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        with torch._C.DisableTorchFunctionSubclass():
            out = func(*_each(_shape, args), **(kwargs or {}))
            if name == "__get__" and not isinstance(out, Tensor):  # the shape, or what the weights have
                return torch.device("cpu") if isinstance(out, torch.device) else out
            if name not in RULES or not COVERED.get(name, _any)(args, kwargs or {}):
                raise InputError(
                    f"no rule bounds the rounding errors of torch's {name!r} as it is called; define the layer's"
                    " error_bound."
                )
            unit = next(x.unit for x in _flat(args) if isinstance(x, Rounded))
            norms = RULES[name](args, out, unit)
            return _each(lambda x: rounded(x, *norms, unit=unit), out)


def rounded(like: Tensor, size: float, error: float = 0.0, *, unit: float = UNIT) -> Rounded:
    """Return the bounds `size` and `error` for states of the shape of `like`."""
    x = torch.empty(tuple(like.shape), dtype=torch.float64, device="meta").as_subclass(Rounded)
    x.norms, x.unit = (size, error), unit
    return x


def bounds_of(x: Tensor) -> tuple[float, float]:
    """The bounds (size, error) of the result of operations on `Rounded` states."""
    assert isinstance(x, Rounded)
    return x.norms


def _flat(x: Any) -> list[Any]:
    return [one for part in x for one in _flat(part)] if isinstance(x, tuple | list) else [x]


def _each(change: Callable[[Tensor], Any], x: Any) -> Any:
    """Apply `change` to every tensor of nested tuples and lists."""
    if isinstance(x, tuple | list):
        return type(x)(_each(change, part) for part in x)
    return change(x) if isinstance(x, Tensor) else x


def _shape(x: Tensor) -> Tensor:
    return x.as_subclass(Tensor) if isinstance(x, Rounded) else x.detach().to("meta")


def _norms(x: Any, out: Tensor) -> tuple[float, float]:
    """Bounds of the size and the error of an operand, which is repeated if it is broadcast to the shape of `out`."""
    if isinstance(x, Rounded):
        return x.norms
    c = torch.as_tensor(x, dtype=torch.float64).detach()
    return float(c.norm()) * math.sqrt(max(1.0, out.numel() / c.numel())), 0.0


def _root(args: Any, out: Any, unit: float, joined: bool = False) -> tuple[float, float]:
    """Selection, order, padding, maxima and ReLU: no rounding, and non-expansive in all operands together."""
    both = [_norms(x, x if joined else out) for x in _flat(args) if isinstance(x, Tensor)]
    return math.hypot(*(size for size, _ in both)), math.hypot(*(error for _, error in both))


def _add(args: Any, out: Tensor, unit: float) -> tuple[float, float]:
    (x, dx), (y, dy) = (_norms(one, out) for one in args[:2])
    error = dx + dy
    return x + y, error + gamma(2, unit) * (x + y + error)


def _scale(args: Any, out: Tensor, unit: float, power: int = 1) -> tuple[float, float]:
    """The product or quotient with a constant, which may itself be rounded."""
    x, c = args if isinstance(args[0], Rounded) else args[::-1]
    factor = float((torch.as_tensor(c, dtype=torch.float64).detach().abs() ** power).max())
    size, error = (factor * norm for norm in x.norms)
    return size, error + gamma(2, unit) * (size + error)


def _linear(x: Rounded, norm: float, terms: int, unit: float) -> tuple[float, float]:
    """A map of sums of `terms` products, where `norm` bounds the norm of |A|, the matrix of absolute values.

    Its entries may themselves be products with a common factor, and rounded.
    """
    size, error = (norm * one for one in x.norms)
    return size, error + gamma(terms + 2, unit) * (size + error)


def _multiply(args: Any, out: Tensor, unit: float) -> tuple[float, float]:
    x, W = args
    return _linear(x, float(W.detach().double().norm()), W.shape[0], unit)


def _convolve(args: Any, out: Tensor, unit: float) -> tuple[float, float]:
    """||A||_2^2 <= ||A||_1 ||A||_inf for the matrix of absolute values; every row and column has at most one kernel."""
    x, K = args[:2]
    K = K.detach().double().abs()
    rows, columns = K.sum(dim=(1, 2, 3)), K.sum(dim=(0, 2, 3))
    return _linear(x, math.sqrt(float(rows.max() * columns.max())), max(K[0].numel(), K[:, 0].numel()), unit)


def _sum(args: Any, out: Tensor, unit: float) -> tuple[float, float]:
    terms = args[0].numel() // out.numel()
    return _linear(args[0], math.sqrt(terms), terms, unit)


def _function(args: Any, out: Tensor, unit: float, at_zero: float = 0.0) -> tuple[float, float]:
    """A 1-Lipschitz function of each component, with a relative error."""
    size, error = args[0].norms
    size += at_zero * math.sqrt(out.numel())
    return size, error + FUNCTION * unit * (size + error)


EXACT = "__get__ __getitem__ amax chunk max_pool2d flatten maximum minimum neg pad permute relu unflatten"
RULES: dict[str, Callable[..., tuple[float, float]]] = {
    **dict.fromkeys(EXACT.split(), _root),
    **dict.fromkeys(["add", "sub", "__rsub__"], _add),
    "cat": lambda args, out, unit: _root(args, out, unit, joined=True),
    "mul": _scale,
    "div": lambda args, out, unit: _scale(args, out, unit, -1),
    "matmul": _multiply,
    **dict.fromkeys(["conv2d", "conv_transpose2d"], _convolve),
    "sum": _sum,
    **dict.fromkeys(["leaky_relu", "tanh"], _function),
    "sigmoid": lambda args, out, unit: _function(args, out, unit, 0.5),
    "zeros_like": lambda args, out, unit: (0.0, 0.0),
}


def _any(args: Any, more: Any) -> bool:
    return True


def _no_bias(args: Any, more: Any) -> bool:
    return args[2:3] in ((), (None,)) and more.get("bias") is None


# Calls that the rule of an operation covers, where these are not all: any index could repeat components, for example.
COVERED: dict[str, Callable[[Any, Any], bool]] = {
    "__getitem__": lambda args, more: all(isinstance(one, slice) for one in args[1]),
    "pad": lambda args, more: more.get("mode", "constant") == "constant" and not more.get("value"),
    "max_pool2d": lambda args, more: more.get("stride") is None,  # windows that do not overlap
    "conv2d": _no_bias,
    "conv_transpose2d": _no_bias,
    "div": lambda args, more: isinstance(args[0], Rounded),
    "leaky_relu": lambda args, more: abs(more.get("negative_slope", 0)) <= 1,
}
