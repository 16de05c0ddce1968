"""Volume-preserving fluid flow with chaotic streamlines, steady and time-dependent."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook


@textbook
def abc_flow(A: float = 1.0, B: float = 1.0, C: float = 1.0) -> Problem:
    """ABC flow (Dombre1986): x' = A sin z + C cos y, y' = B sin x + A cos z, z' = C sin y + B cos x.

    Its divergence is zero; it has no invariant in general. The parts with only A, B or C are shears, whose exact flows
    are known and also preserve volume.
    """

    def field(y):
        return (A * sin(y[2]) + C * cos(y[1]), B * sin(y[0]) + A * cos(y[2]), C * sin(y[1]) + B * cos(y[0]))

    def along_z(h, y):
        return y[0] + h * A * sin(y[2]), y[1] + h * A * cos(y[2]), y[2]

    def along_x(h, y):
        return y[0], y[1] + h * B * sin(y[0]), y[2] + h * B * cos(y[0])

    def along_y(h, y):
        return y[0] + h * C * cos(y[1]), y[1], y[2] + h * C * sin(y[1])

    return Problem(
        y0=np.array([0.3, 1.1, 2.0]), span=(0.0, 10.0), reference="Dombre1986", field=field,
        flows={"A": along_z, "B": along_x, "C": along_y},
    )  # fmt: skip


@textbook
def swaying_abc_flow(sway: float = 0.5, frequency: float = 1.3) -> Problem:
    """Arnold-Beltrami-Childress flow with A = 1 and B = C = 1 + sway sin(frequency t) (Dombre1986).

    Time advances with the part A, which is steady; the shears B and C are evaluated at a fixed time. All parts preserve
    volume.
    """

    def field(t, y):
        b = 1 + sway * sin(frequency * t)
        return (sin(y[2]) + b * cos(y[1]), b * sin(y[0]) + cos(y[2]), b * sin(y[1]) + b * cos(y[0]))

    def along_z(h, y):
        return y[0] + h * sin(y[2]), y[1] + h * cos(y[2]), y[2]

    def along_x(h, t, y):
        b = h * (1 + sway * sin(frequency * t))
        return y[0], y[1] + b * sin(y[0]), y[2] + b * cos(y[0])

    def along_y(h, t, y):
        b = h * (1 + sway * sin(frequency * t))
        return y[0] + b * cos(y[1]), y[1], y[2] + b * sin(y[1])

    return Problem(
        y0=np.array([0.3, 1.1, 2.0]), span=(0.0, 10.0), reference="Dombre1986", field=field,
        flows={"A": along_z, "B": along_x, "C": along_y},
    )  # fmt: skip
