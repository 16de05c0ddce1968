"""Explicit Runge-Kutta methods: rows of A below the diagonal, then b. To add one, add one entry here."""

from fractions import Fraction as Q

from geoflow.ground import Family
from geoflow.integrators.chebyshev import rkc_1, rkc_2
from geoflow.integrators.families import Method, explicit_rk
from geoflow.integrators.methods.dormand_prince import dormand_prince_5, dormand_prince_8

half, third, sixth = Q(1, 2), Q(1, 3), Q(1, 6)

explicit_euler = explicit_rk([[]], [1], order=1, reference="Euler1768")
rk4 = explicit_rk([[], [half], [0, half], [0, 0, 1]], [sixth, third, third, sixth], order=4, reference="Kutta1901")

EXPLICIT: dict[str, Method | Family[Method]] = {
    "explicit_euler": explicit_euler,
    "explicit_midpoint": explicit_rk([[], [half]], [0, 1], order=2, reference="Runge1895"),
    "heun_2": explicit_rk([[], [1]], [half, half], order=2, reference="HairerNorsettWanner1993"),
    "ralston_2": explicit_rk([[], [Q(2, 3)]], [Q(1, 4), Q(3, 4)], order=2, reference="Ralston1962"),
    "ssprk_2_2": explicit_rk([[], [1]], [half, half], order=2, reference="ShuOsher1988"),
    "heun_3": explicit_rk([[], [third], [0, Q(2, 3)]], [Q(1, 4), 0, Q(3, 4)], order=3, reference="Heun1900"),
    "kutta_3": explicit_rk([[], [half], [-1, 2]], [sixth, Q(2, 3), sixth], order=3, reference="Kutta1901"),
    "ralston_3": explicit_rk([[], [half], [0, Q(3, 4)]], [Q(2, 9), third, Q(4, 9)], order=3, reference="Ralston1962"),
    "ssprk_3_3": explicit_rk([[], [1], [Q(1, 4), Q(1, 4)]], [sixth, sixth, Q(2, 3)], order=3, reference="ShuOsher1988"),
    "rk4": rk4,
    "rk4_38": explicit_rk(
        [[], [third], [-third, 1], [1, -1, 1]], [Q(1, 8), Q(3, 8), Q(3, 8), Q(1, 8)], order=4, reference="Kutta1901"
    ),
    "ssprk_10_4": explicit_rk(
        [[sixth] * i for i in range(5)] + [[Q(1, 15)] * 5 + [sixth] * i for i in range(5)],
        [Q(1, 10)] * 10,
        order=4,
        reference="Ketcheson2008",
    ),
    "butcher_6": explicit_rk(
        [
            [],
            [third],
            [0, Q(2, 3)],
            [Q(1, 12), third, Q(-1, 12)],
            [Q(-1, 16), Q(9, 8), Q(-3, 16), Q(-3, 8)],
            [0, Q(9, 8), Q(-3, 8), Q(-3, 4), half],
            [Q(9, 44), Q(-9, 11), Q(63, 44), Q(18, 11), 0, Q(-16, 11)],
        ],
        [Q(11, 120), 0, Q(27, 40), Q(27, 40), Q(-4, 15), Q(-4, 15), Q(11, 120)],
        order=6,
        reference="Butcher1964",
    ),
    "dormand_prince_5": dormand_prince_5,
    "dormand_prince_8": dormand_prince_8,
    # stabilised explicit methods for diffusion: S stages
    "rkc_1_S": Family(rkc_1, listed=(2, 5, 10)),
    "rkc_2_S": Family(rkc_2, listed=(2, 5, 10), smallest=2),
}
