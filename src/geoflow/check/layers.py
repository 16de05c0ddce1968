"""Layers: the bound and the laws that a layer states beside Jacobians that are found, for weights of several sizes."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from geoflow.check.findings import Finding, short
from geoflow.check.laws import LAWS, Law
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
        return _checked(make)
    finally:
        torch.set_num_threads(threads)


def _checked(make: Callable[..., Layer]) -> list[Finding]:
    rows = list(_statements(make))
    try:
        layers = {size: with_weights(make, size) for size in SIZES}
        shape = tuple(layers[1.0](_states(layers[1.0])).shape)
    except Exception as error:  # a user's layer may fail in any way
        wrong = f"the layer cannot be evaluated in dimension {DIMENSION}: {type(error).__name__}: {error}"
        return [*rows, Finding("output", wrong=wrong)]
    wanted = (STATES, layers[1.0].dimension_out)
    wrong = (
        ""
        if shape == wanted
        else f"the output has shape {shape}, should be {wanted} (states, dimension_out)"
    )
    rows.append(Finding("output", f"{wanted[1]} components", "", f"{shape[-1]} components", wrong))
    if wrong:
        return rows
    rows += _bounds(layers)
    rows += _laws(make, layers)
    return [*rows, *_inverse(layers)]


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def with_weights(make: Callable[..., Layer], size: float) -> Layer:
    """The layer in evaluation, in float64, its parameters drawn anew with this standard deviation."""
    layer, generator = _made(make).double(), seeded(1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(size * torch.randn(parameter.shape, generator=generator))
    return layer.eval()


def _made(make: Callable[..., Layer]) -> Layer:
    try:
        return make(DIMENSION, generator=seeded(0))
    except InputError:
        return make(IMAGE, generator=seeded(0))


def _states(layer: Layer) -> Tensor:
    return torch.randn(STATES, layer.dimension, generator=seeded(2), dtype=torch.float64)


def jacobians(layer: Layer, x: Tensor) -> Tensor:
    """The Jacobians (N, out, d) at the rows of x, one reverse sweep per output.

    `networks.jacobian` differentiates all outputs at once, for which torch loads a second's worth of modules.
    """
    x = x.detach().requires_grad_()
    y = layer(x).sum(dim=0)
    if not y.requires_grad:
        return torch.zeros(len(x), len(y), x.shape[1], dtype=x.dtype)
    rows = [torch.autograd.grad(one, x, retain_graph=True)[0] for one in y]
    return torch.stack(rows, dim=1).detach()


def norms(layer: Layer, x: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(jacobians(layer, x), ord=2)


def searched(layer: Layer) -> Tensor:
    """The states of largest Jacobian norm: of three sizes first, then among neighbours of the best ones."""
    generator = seeded(3)
    x = torch.cat([size * _states(layer) for size in (1.0, 3.0, 30.0)])
    found = norms(layer, x)
    for radius in (1.0, 0.3, 0.1, 0.03):
        best = x[found.topk(8).indices].repeat(4, 1)
        near = best + radius * torch.randn(best.shape, generator=generator, dtype=best.dtype)
        x, found = torch.cat([x, near]), torch.cat([found, norms(layer, near)])
    return x[found.topk(8).indices]


def largest(layer: Layer) -> float:
    """The largest Jacobian norm that is found."""
    return float(norms(layer, searched(layer)).max())


def _statements(make: Any) -> Iterator[Finding]:
    for name in ("formula", "law", "condition", "reference"):
        text = getattr(make, name, "")
        wrong = "" if isinstance(text, str) and text else f"the layer does not state its {name}"
        if wrong or name == "law":
            yield Finding(name, str(text), wrong=wrong)


def _bounds(layers: dict[float, Layer]) -> Iterator[Finding]:
    """`lipschitz_bound` is at least every Jacobian norm, and at most 1 for a layer that is non-expansive."""
    for size, layer in layers.items():
        bound, found = layer.lipschitz_bound(), largest(layer)
        wrong = ""
        if not found <= bound * (1 + TOLERANCE) + layer.error_bound():
            wrong = (
                f"lipschitz_bound() = {bound:.6g} is no bound: a Jacobian of norm {found:.6g} is found for weights "
                f"of size {size:g}, {found / bound:.3g} times as much"
            )
        elif layer.non_expansive and not bound <= 1 + TOLERANCE:
            wrong = (
                f"the layer is declared non-expansive, its bound is {bound:.6g} and a Jacobian of norm {found:.6g} "
                f"is found for weights of size {size:g}{_shorter_step(layer) if found > 1 + TOLERANCE else ''}"
            )
        declared = f"at most {bound:.6g}"
        yield Finding(f"Jacobian, weights {size:g}", declared, "", f"{found:.6g}", wrong)


def _shorter_step(layer: Layer) -> str:
    """Which step, factor or scale of the layer would have to be how much smaller."""
    for name in ("h", "factor", "constant", "scale"):
        value = getattr(layer, name, None)
        if not isinstance(value, float) or value == 0:
            continue
        x, shorter, low, high = searched(layer), copy.deepcopy(layer), 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            setattr(shorter, name, middle * value)
            fits = float(norms(shorter, x).max()) <= 1 + TOLERANCE
            low, high = (middle, high) if fits else (low, middle)
        if 1e-3 < low < 0.999:
            return f"; {name} = {value:.6g} should be at most {low * value:.6g}, it is {1 / low:.3g} times that"
    return ""


def _laws(make: Any, layers: dict[float, Layer]) -> Iterator[Finding]:
    """The laws that the words of `law` state, and those of the flags `non_expansive` and `symplectic`."""
    said = str(getattr(make, "law", ""))
    for law in LAWS:
        flag = bool(law.flag and getattr(layers[1.0], law.flag, False))
        if re.search(rf"{re.escape(law.phrase)}(?!\w)", said) or flag:
            yield _law(law, said, flag, layers)


def _law(law: Law, said: str, flag: bool, layers: dict[float, Layer]) -> Finding:
    wrong, gaps = "", []
    for size, layer in layers.items():
        x = _states(layer)
        with torch.no_grad():
            y = layer(x)
        gap = law.gap(layer, x, y, jacobians(layer, x))
        gaps.append(gap)
        if not wrong and not gap <= law.tolerance:
            wrong = f"{law.sentence}: {gap:.3g} too much for weights of size {size:g}"
    if not wrong and law.flag and law.phrase in said and not flag:
        wrong = f"the law says {law.phrase!r}, {law.flag} should be True"
    return Finding(
        law.phrase,
        "law" if law.phrase in said else f"{law.flag} = True",
        "",
        f"gap {short(max(gaps))}",
        wrong,
    )


def _inverse(layers: dict[float, Layer]) -> Iterator[Finding]:
    """inverse(phi(x)) = x where a layer offers that."""
    gaps = {}
    for size, layer in layers.items():
        inverse = getattr(layer, "inverse", None)
        if inverse is None:
            return
        x = _states(layer)
        with torch.no_grad():
            back = inverse(layer(x))
        gaps[size] = float((back - x).abs().max()) / largest(layer) ** 2
    size = max(gaps, key=lambda s: gaps[s])
    wrong = "" if gaps[size] < 1e-8 else (
        f"inverse(phi(x)) is not x: they differ by {gaps[size]:.3g} for weights of size {size:g}"
    )  # fmt: skip
    yield Finding("inverse", "inverse(phi(x)) = x", "", f"gap {short(gaps[size])}", wrong)
