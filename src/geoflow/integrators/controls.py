"""Negative controls: methods with a deliberate mistake, which every check must detect.

Each mistake has been published or is easily made; none of the methods is in METHODS.
"""

from dataclasses import replace
from fractions import Fraction as Q
from typing import Any

from geoflow.ground import Table
from geoflow.integrators import METHODS
from geoflow.integrators.compositions import adjoint_pairs
from geoflow.integrators.families import Method, explicit_rk, splitting, to_mpf
from geoflow.integrators.methods.compositions import mclachlan_pairs


def _middle_stretched(method: Method) -> Method:
    """Change a digit in the middle of a palindrome without changing the sum: symmetric, so of order two, not four."""
    parts = "".join(part for part, _ in method.substeps)
    factors = [x for _, x in method.substeps]
    middle = len(factors) // 2
    for place, change in ((middle, 2), (middle - 2, -1), (middle + 2, -1)):
        factors[place] += to_mpf(Q(change, 100))
    return splitting(parts, factors, method.order, method.reference)


def _roles_exchanged(method: Any) -> Method:
    """Exchange kicks and drifts, which destroys the order of a Runge-Kutta-Nystrom splitting."""
    exchanged = tuple(("B" if part == "A" else "A", x) for part, x in method.substeps)
    return replace(method, substeps=exchanged, name="")


gauss_2: Any = METHODS["gauss_2"]
CONTROLS: Table[Method] = Table(
    "control",
    {
        "rk4_mistyped": explicit_rk(
            [[], [Q(1, 2)], [0, Q(1, 2)], [0, 0, 1]],
            [Q(1, 6), Q(1, 6), Q(1, 2), Q(1, 6)],
            order=4,
            reference="Kutta1901",
        ),
        # Nodes that `implicit_rk` rejects: harmless for autonomous problems, order one otherwise.
        "gauss_2_equal_nodes": replace(gauss_2, c=(gauss_2.c[0],) * 2, name=""),
        "yoshida_4_mistyped": _middle_stretched(METHODS["yoshida_4"]),
        # phi before its adjoint: still symmetric, but of order two.
        "mclachlan_4_swapped": adjoint_pairs(
            METHODS["symplectic_euler_adjoint"], mclachlan_pairs[::-1], 4, "McLachlan1995"
        ),
        "srkn_11_6_swapped": _roles_exchanged(METHODS["srkn_11_6"]),
        # Kicks of unequal length: still symplectic, but neither symmetric nor of order two.
        "stormer_verlet_uneven": splitting("BAB", [Q(2, 5), 1, Q(3, 5)], order=2, reference="Verlet1967"),
    },
)
