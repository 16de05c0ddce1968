"""The files that `geoflow new` writes, with NAME and CLASS; each has a mistake, which `geoflow check` names."""

TEST = '''"""NAME is what it declares: python -m pytest report/coursework/own/tests/test_NAME.py"""

from geoflow.check import check


def test_NAME_is_what_it_declares():
    assert [row.wrong for row in check("NAME") if row.wrong] == []
'''

METHOD = """"NAME": explicit_rk(
        [[], [Q(1, 2)], [0, 1]],  # rows of A below the diagonal
        [Q(1, 6), Q(2, 3), Q(1, 6)],  # b
        order=3,
        reference="HLW",
    )"""

PROBLEM = '''"""One sentence about the problem."""

import numpy as np

from geoflow.problems.problem import Problem, textbook


@textbook
def NAME(stiffness: float = 2.0) -> Problem:
    """q' = p, p' = -k q^3, from H(q, p) = p^2/2 + k q^4/4, k the stiffness (HLW)."""

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + stiffness * q[0] ** 4 / 4

    def velocity(p):
        return (p[0],)

    def force(q):
        return (-stiffness * q[0],)

    return Problem(
        y0=np.array([1.0, 0.0]),
        span=(0.0, 10.0),
        reference="HLW",
        velocity=velocity,
        force=force,
        hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian},
    )
'''

POTENTIAL = '''"""One sentence about the potential."""

import numpy as np

from geoflow.ground import Floats
from geoflow.potentials.potential import Potential, random_matrix, sum_of_ridges


def NAME(dimension: int = 2, terms: int = 4, seed: int = 0) -> Potential:
    """V(x) = sum_k sqrt(1 + (a_k^T x)^2) - 1 (HLW); derive the constants L and mu here."""
    A = random_matrix(terms, dimension, seed)

    def g(s: Floats) -> Floats:
        return np.sqrt(1 + s * s) - 1

    def slope(s: Floats) -> Floats:
        return s / np.sqrt(1 + s * s)

    def curvature(s: Floats) -> Floats:
        return 1 / (1 + s * s)

    lowest = np.zeros(dimension)
    return sum_of_ridges("NAME", A, np.zeros(terms), g, slope, curvature, minimiser=lowest, reference="HLW")
'''

LAYER = '''"""One sentence about the layer."""

import torch
from torch import Tensor

from geoflow.layers.base import Layer, Shape, gaussian


class CLASS(Layer):
    """y = A x."""

    formula = "A x"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "none"
    reference = "HLW"
    non_expansive = True

    def __init__(self, shape: int | Shape, *, generator: torch.Generator | None = None) -> None:
        super().__init__(shape)
        self.A = gaussian(self.dimension, self.dimension, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        return 2 * x @ self.A.T

    def lipschitz_bound(self) -> float:
        return 1.0
'''

CONFIG = '''from geoflow.ground.study import Study


class CLASS(Study):
    """Drift of the energy of one method on each problem."""

    tables = {"drifts": "problem drift"}
    summary = "drift/<problem> largest"
    problems: list[str]
    """problems with an energy"""
    method: str
    steps: int
'''

STUDY = '''"""One sentence about the study."""

import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.integrators.integrate import integrate
from geoflow.own.NAME.config import CLASS
from geoflow.problems import PROBLEMS


def study(asked: CLASS, tools: Tools) -> Answer:
    """Integrate each problem over its time span."""
    rows = []
    for name in tools.progress(asked.problems, "problems"):
        start, end = PROBLEMS[name].span
        run = integrate(name, asked.method, h=(end - start) / asked.steps, steps=asked.steps, monitor=1)
        rows.append({"problem": name, "drift": run.drift["energy"]})
    table = pd.DataFrame(rows)
    summary = {f"drift/{row['problem']}": float(row["drift"]) for row in rows}
    return Answer({"drifts": table}, {**summary, "largest": float(table["drift"].max())})
'''

FIGURE = '''"""One bar per problem."""

from geoflow.figures import Figure, Results, canvas


def draw(results: Results) -> Figure:
    """The drift on each problem."""
    drifts = results.table("drifts")
    figure, grid = canvas.panels(height=2.2)
    grid[0, 0].bar(drifts["problem"], drifts["drift"])
    grid[0, 0].set(ylabel="drift of the energy", xlabel="problem", yscale="log")
    return figure
'''

HEAD = """# @package _global_
# yaml-language-server: $schema=../../../config/schema.json
# One sentence: the claim of this experiment.
defaults:
  - override /study: """

OF_STUDY = (
    HEAD
    + """own/NAME
study: {problems: [kepler, pendulum], method: stormer_verlet, steps: 2000}
claims:
  - name: small
    text: say in words what holds, and choose the threshold with a reason
    quantity: largest
    below: .inf
"""
)

EXPERIMENT = (
    HEAD
    + """convergence/order
study:
  problem: {name: pendulum}
  methods: [rk4]
  steps: [64, 96, 128, 192, 256, 384, 512]
claims:
  - name: fourth
    text: RK4 has order four
    quantity: order/heun_3
    above: 3.8
    below: 4.2
"""
)
