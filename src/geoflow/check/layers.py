"""Layers: the bound and the laws that a layer states beside Jacobians that are found, for weights of several sizes."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from geoflow.check.findings import Finding, short
from geoflow.check.laws import LAWS, Law, norms
from geoflow.ground.errors import InputError
from geoflow.layers.base import Layer

# A vector of six numbers or, for a layer of images, as many pixels (channels, height, width).
DIMENSION, IMAGE, STATES = 6, (1, 2, 3), 32
# Standard deviations of the weights: far below, at and above what training leaves.
SIZES = (0.05, 1.0, 20.0)
TOLERANCE = 1e-9


def check_layer(make: Callable[..., Layer]) -> list[Finding]:
    """One row per statement, bound and law of a layer; `make` takes the dimension and a generator.

    On one thread: for matrices as small as these, waiting for a second one takes longer than the work.
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
        shape = tuple(layers[1.0](_states(layers[1.0])).shape)
    except Exception as error:  # a user's layer may fail in any way
        said = f"{type(error).__name__}: {error}"
        wrong = f"the layer cannot be evaluated in dimension {DIMENSION}: {said}"
        yield Finding("output", wrong=wrong)
        return
    wanted = (STATES, layers[1.0].dimension_out)
    said = f"the output has shape {shape}, should be {wanted} (states, dimension_out)"
    wrong = "" if shape == wanted else said
    yield Finding("output", f"{wanted[1]} components", "", f"{shape[-1]} components", wrong)
    if not wrong:
        yield from (_bound(size, layer) for size, layer in layers.items())
        yield from _laws(str(getattr(make, "law", "")), layers)
        yield from _inverse(layers)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def with_weights(make: Callable[..., Layer], size: float) -> Layer:
    """The layer in evaluation, in float64, its parameters drawn anew with this standard deviation."""
    try:
        layer = make(DIMENSION, generator=seeded(0)).double()
    except InputError:
        layer = make(IMAGE, generator=seeded(0)).double()
    generator = seeded(1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(size * torch.randn(parameter.shape, generator=generator))
    return layer.eval()


def _states(layer: Layer) -> Tensor:
    return torch.randn(STATES, layer.dimension, generator=seeded(2), dtype=torch.float64)


def jacobians(layer: Layer, x: Tensor) -> Tensor:
    """The Jacobians (N, out, d) at the rows of x, one reverse sweep per output: nothing else of torch is loaded."""
    summed = torch.autograd.functional.jacobian(lambda x: layer(x).sum(dim=0), x)
    return summed.transpose(0, 1)  # type: ignore[no-any-return]


def searched(layer: Layer) -> Tensor:
    """The states of largest Jacobian norm: of three sizes first, then among neighbours of the best ones."""
    generator = seeded(3)
    x = torch.cat([size * _states(layer) for size in (1.0, 3.0, 30.0)])
    found = norms(jacobians(layer, x))
    for radius in (1.0, 0.3, 0.1, 0.03):
        best = x[found.topk(8).indices].repeat(4, 1)
        near = best + radius * torch.randn(best.shape, generator=generator, dtype=best.dtype)
        x, found = torch.cat([x, near]), torch.cat([found, norms(jacobians(layer, near))])
    return x[found.topk(8).indices]


def largest(layer: Layer, x: Tensor) -> float:
    """The largest Jacobian norm at the rows of x."""
    return float(norms(jacobians(layer, x)).max())


def _bound(size: float, layer: Layer) -> Finding:
    """`lipschitz_bound` is at least every Jacobian norm, and at most 1 for a layer that is non-expansive."""
    x, bound, wrong = searched(layer), layer.lipschitz_bound(), ""
    found = largest(layer, x)
    where = f"a Jacobian of norm {found:.6g} is found for weights of size {size:g}"
    if not found <= bound * (1 + TOLERANCE) + layer.error_bound():
        wrong = f"lipschitz_bound() = {bound:.6g} is no bound: {where}, {found / bound:.3g} times as much"
    elif layer.non_expansive and not bound <= 1 + TOLERANCE:
        shorter = _shorter_step(layer, x) if found > 1 + TOLERANCE else ""
        wrong = (
            f"the layer is declared non-expansive, its bound is {bound:.6g} and {where}{shorter}"
        )
    return Finding(f"Jacobian, weights {size:g}", f"at most {bound:.6g}", "", f"{found:.6g}", wrong)


def _shorter_step(layer: Layer, x: Tensor) -> str:
    """Which step, factor or scale of the layer would have to be how much smaller."""
    for name in ("h", "factor", "constant", "scale"):
        value = getattr(layer, name, None)
        if not isinstance(value, float) or value == 0:
            continue
        shorter, low, high = copy.deepcopy(layer), 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            setattr(shorter, name, middle * value)
            fits = largest(shorter, x) <= 1 + TOLERANCE
            low, high = (middle, high) if fits else (low, middle)
        if 1e-3 < low < 0.999:
            return f"; {name} = {value:.6g} should be at most {low * value:.6g}, it is {1 / low:.3g} times that"
    return ""


def _laws(said: str, layers: dict[float, Layer]) -> Iterator[Finding]:
    """The laws that the words of `law` state, and those of the flags `non_expansive` and `symplectic`."""
    for law in LAWS:
        flag = bool(law.flag and getattr(layers[1.0], law.flag, False))
        stated = re.search(rf"{re.escape(law.phrase)}(?!\w)", said) is not None
        if not stated and not flag:
            continue
        gaps = {size: _gap(law, layer) for size, layer in layers.items()}
        size = next((s for s in gaps if not gaps[s] <= law.tolerance), None)
        wrong = ""
        if size is not None:
            wrong = f"{law.sentence}: {gaps[size]:.3g} too much for weights of size {size:g}"
        elif law.flag and not flag:
            wrong = f"the law says {law.phrase!r}, {law.flag} should be True"
        declared = "law" if stated else f"{law.flag} = True"
        yield Finding(law.phrase, declared, "", f"gap {short(max(gaps.values()))}", wrong)


def _gap(law: Law, layer: Layer) -> float:
    x = _states(layer)
    with torch.no_grad():
        y = layer(x)
    return max(float(law.gap(layer, x, y, jacobians(layer, x))), 0.0)


def _inverse(layers: dict[float, Layer]) -> Iterator[Finding]:
    """inverse(phi(x)) = x where a layer offers that."""
    gaps = {}
    for size, layer in layers.items():
        if (inverse := getattr(layer, "inverse", None)) is None:
            return
        x = _states(layer)
        with torch.no_grad():
            back = inverse(layer(x))
        gaps[size] = float((back - x).abs().max()) / largest(layer, searched(layer)) ** 2
    gap, size = max((gap, size) for size, gap in gaps.items())
    said = f"inverse(phi(x)) is not x: they differ by {gap:.3g} for weights of size {size:g}"
    wrong = "" if gap < 1e-8 else said
    yield Finding("inverse", "inverse(phi(x)) = x", "", f"gap {short(gap)}", wrong)
