"""Checks of layers: the declared bound and laws compared with sampled Jacobians, for weights of several sizes."""

import copy
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from geoflow.check.findings import Finding
from geoflow.ground import InputError, SolveError
from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Layer

# A vector of six components or, for a layer of images, (channels, height, width) of six pixels.
DIMENSION, IMAGE, STATES = 6, (1, 2, 3), 32
# Standard deviations of the weights: far below, at and above those of trained networks.
SIZES = (0.05, 1.0, 20.0)
TOLERANCE = 1e-9
# Values of a layer's parameters for which its bound is checked too: factors of a numeric default, and names.
FACTORS = (0.5, 2)
OTHERS = {"activation": tuple(ACTIVATIONS), "scheme": ("rk4", "implicit_midpoint", "stormer_verlet")}


def norms(J: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(J, ord=2)


def _symplecticity(layer: Any, x: Tensor, y: Tensor, J: Tensor) -> Tensor:
    half = layer.dimension // 2
    W = torch.kron(torch.tensor([[0.0, 1.0], [-1.0, 0.0]]), torch.eye(half)).to(J)
    return (J.transpose(1, 2) @ W @ J - W).abs().max() / (1 + J.abs().max() ** 2)


# If `law` contains the phrase, or the attribute is True, the gap must be at most the tolerance:
# (phrase, attribute, sentence, tolerance, gap of (layer, x, phi(x), Jacobians at x)).
# fmt: off
LAWS: tuple[tuple[str, str, str, float, Callable[[Any, Tensor, Tensor, Tensor], Tensor]], ...] = (
    ("non-expansive", "non_expansive", "the layer expands distances", TOLERANCE,
     lambda layer, x, y, J: norms(J).max() - 1 - layer.error_bound(float(x.norm(dim=1).max()))),
    ("symplectic", "symplectic", "the Jacobian is not symplectic", 1e-11, _symplecticity),
    ("mass-preserving", "", "the sum of the components is not preserved", TOLERANCE,
     lambda layer, x, y, J: (y.sum(dim=1) - x.sum(dim=1)).abs().max() / (1 + y.abs().max())),
    ("isometry", "", "distances are not preserved: a singular value is not 1", TOLERANCE,
     lambda layer, x, y, J: (torch.linalg.svdvals(J) - 1).abs().max()),
    ("|phi(x)| = |x|", "", "lengths are not preserved", TOLERANCE,
     lambda layer, x, y, J: (y.norm(dim=1) / x.norm(dim=1) - 1).abs().max()),
    ("all singular values of the Jacobian are 1", "", "a singular value is not 1", 1e-7,
     lambda layer, x, y, J: (torch.linalg.svdvals(J) - 1).abs().max()),
    ("each output is 1-Lipschitz", "", "an output is steeper than 1", TOLERANCE,
     lambda layer, x, y, J: J.norm(dim=2).max() - 1),
    ("constant cap", "", "the Jacobian exceeds cap", TOLERANCE,
     lambda layer, x, y, J: norms(J).max() - getattr(layer, "cap", 1.0)),
    ("constant c", "", "the Jacobian exceeds c", TOLERANCE,
     lambda layer, x, y, J: norms(J).max() - getattr(layer, "constant", 1.0)),
    ("constant 1 / |scale|", "", "the Jacobian exceeds 1 / |scale|", TOLERANCE,
     lambda layer, x, y, J: norms(J).max() - 1 / abs(getattr(layer, "scale", 1.0))),
    ("inverse", "inverse", "inverse(phi(x)) is not x", 1e-8,
     lambda layer, x, y, J: (layer.inverse(y) - x).abs().max() / norms(J).max() ** 2),
)
# fmt: on


def check_layer(make: Callable[..., Layer]) -> list[Finding]:
    """Check statements, bound and laws of a layer, one row each; `make` takes the dimension and a generator.

    The computation uses one thread, because the matrices are too small for more.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return list(_checked(make))
    finally:
        torch.set_num_threads(threads)


def _checked(make: Any) -> Iterator[Finding]:
    for name in ("formula", "law", "condition", "reference"):
        text = getattr(make, name, "")
        wrong = "" if isinstance(text, str) and text else f"the layer does not state its {name}"
        if wrong or name == "law":
            yield Finding(name, str(text), wrong=wrong)
    try:
        layers = {size: with_weights(make, size) for size in SIZES}
        shape, d = tuple(layers[1.0](_states(layers[1.0])).shape), layers[1.0].dimension_out
    except Exception as error:  # user code can raise any exception
        said = f"{type(error).__name__}: {error}"
        wrong = f"the layer cannot be evaluated in dimension {DIMENSION}: {said}"
        yield Finding("output", wrong=wrong)
        return
    said = f"the output has shape {shape}, should be {STATES, d} (states, dimension_out)"
    wrong = "" if shape == (STATES, d) else said
    yield Finding("output", f"{d} components", "", f"{shape[-1]} components", wrong)
    if not wrong:
        yield from (_bound(f"weights {size:g}", layer) for size, layer in layers.items())
        yield from _others(make)
        yield from _laws(str(getattr(make, "law", "")), layers)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _others(make: Callable[..., Layer]) -> Iterator[Finding]:
    """Check the bound for other values of one parameter at a time, except for values that the layer refuses."""
    for name, parameter in inspect.signature(make).parameters.items():
        kind = inspect.formatannotation(parameter.annotation).removesuffix(" | None")
        values: list[Any] = [one for one in OTHERS.get(name, ()) if one != parameter.default]
        if kind in ("int", "float"):
            scaled = [factor * (parameter.default or 1) for factor in FACTORS]
            values = scaled if kind == "float" else list(map(math.ceil, scaled))
        for value in values:
            with suppress(InputError, SolveError):
                yield _bound(f"{name} = {value}", with_weights(make, 1.0, {name: value}), usual=False)


def with_weights(make: Callable[..., Layer], size: float, parameters: Mapping[str, Any] = {}) -> Layer:
    """Build the layer in evaluation mode and float64, with weights of standard deviation `size`."""
    try:
        layer = make(DIMENSION, **parameters, generator=seeded(0)).double()
    except InputError:
        layer = make(IMAGE, **parameters, generator=seeded(0)).double()
    generator = seeded(1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(size * torch.randn(parameter.shape, generator=generator))
    return layer.eval()


def _states(layer: Layer) -> Tensor:
    return torch.randn(STATES, layer.dimension, generator=seeded(2), dtype=torch.float64)


def jacobians(layer: Layer, x: Tensor) -> Tensor:
    """Jacobians (N, out, d) at the rows of x, one backward pass per output, which needs only the core of torch."""
    summed: Tensor = torch.autograd.functional.jacobian(lambda x: layer(x).sum(dim=0), x)
    return summed.transpose(0, 1)


def searched(layer: Layer) -> Tensor:
    """Search for the states of largest Jacobian norm: samples of three sizes, then neighbours of the best ones."""
    generator = seeded(3)
    x = torch.cat([size * _states(layer) for size in (1.0, 3.0, 30.0)])
    found = norms(jacobians(layer, x))
    for radius in (1.0, 0.3, 0.1, 0.03):
        best = x[found.topk(8).indices].repeat(4, 1)
        near = best + radius * torch.randn(best.shape, generator=generator, dtype=best.dtype)
        x, found = torch.cat([x, near]), torch.cat([found, norms(jacobians(layer, near))])
    return x[found.topk(8).indices]


def _bound(of: str, layer: Layer, usual: bool = True) -> Finding:
    """Check that `lipschitz_bound` is at least every Jacobian norm, and at most 1 for a non-expansive layer.

    A layer is non-expansive at its `usual` parameters, its bound holds at all of them.
    """
    x, bound, wrong = searched(layer), layer.lipschitz_bound(), ""
    found = float(norms(jacobians(layer, x)).max())
    where = f"a Jacobian of norm {found:.6g} is found for {of}"
    if not found <= bound * (1 + TOLERANCE) + layer.error_bound(float(x.norm(dim=1).max())):
        wrong = f"lipschitz_bound() = {bound:.6g} is not a bound: {where}, {found / bound:.3g} times as much"
    elif usual and layer.non_expansive and not bound <= 1 + TOLERANCE:
        shorter = _shorter_step(layer, x) if found > 1 + TOLERANCE else ""
        wrong = f"the layer is declared non-expansive, its bound is {bound:.6g} and {where}{shorter}"
    return Finding(f"Jacobian, {of}", f"at most {bound:.6g}", "", f"{found:.6g}", wrong)


def _shorter_step(layer: Layer, x: Tensor) -> str:
    """Find the step size, factor or scale of the layer that is too large, and by how much."""
    for name in ("h", "factor", "constant", "scale"):
        value = getattr(layer, name, None)
        if not isinstance(value, float) or value == 0:
            continue
        shorter, low, high = copy.deepcopy(layer), 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            setattr(shorter, name, middle * value)
            fits = bool(norms(jacobians(shorter, x)).max() <= 1 + TOLERANCE)
            low, high = (middle, high) if fits else (low, middle)
        if 1e-3 < low < 0.999:
            return f"; {name} = {value:.6g} should be at most {low * value:.6g}, it is {1 / low:.3g} times that"
    return ""


def _laws(said: str, layers: dict[float, Layer]) -> Iterator[Finding]:
    for phrase, flag, sentence, tolerance, gap in LAWS:
        flagged = bool(flag and getattr(layers[1.0], flag, False))
        stated = re.search(rf"{re.escape(phrase)}(?!\w)", said) is not None
        if not stated and not flagged:
            continue
        worst, wrong = 0.0, ""
        for size, layer in layers.items():
            x = _states(layer)
            with torch.no_grad():
                found = float(gap(layer, x, layer(x), jacobians(layer, x)))
            worst = max(worst, found)
            if not wrong and not found <= tolerance:
                wrong = f"{sentence}: {found:.3g} too much for weights of size {size:g}"
        if not wrong and flag and not flagged:
            wrong = f"the law says {phrase!r}, {flag} should be True"
        yield Finding(phrase, "law" if stated else f"{flag}", "", f"gap {worst:.3g}", wrong)
