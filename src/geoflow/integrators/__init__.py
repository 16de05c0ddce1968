"""One-step methods as a literal table of data. Adding a tableau or a composition is one entry here."""

from fractions import Fraction as Q

import mpmath

from geoflow.integrators.compositions import (
    lifted,
    suzuki_five,
    symmetric_composition,
    triple_jump,
)
from geoflow.integrators.families import (
    Method,
    RungeKutta,
    Splitting,
    adjoint,
    compose,
    explicit_rk,
    implicit_rk,
    splitting,
)
from geoflow.integrators.tableaus import (
    gauss,
    lobatto_iiia,
    lobatto_iiib,
    lobatto_iiic,
    lobatto_iiid,
    radau_ia,
    radau_iia,
)
from geoflow.registry import Family, Table

__all__ = ["METHODS", "Method", "RungeKutta", "Splitting", "adjoint", "compose"]

half, third, sixth = Q(1, 2), Q(1, 3), Q(1, 6)
with mpmath.workdps(50):
    g = 1 - 1 / mpmath.sqrt(2)
    alexander_2 = implicit_rk([[g, 0], [1 - g, g]], [1 - g, g], [g, 1], 2, "Alexander1977")
    # The root in (1/6, 1/2) of x^3 - 3 x^2 + 3/2 x - 1/6, which makes the three-stage SDIRK L-stable.
    g = mpmath.findroot(lambda x: x**3 - 3 * x**2 + 3 * x / 2 - mpmath.mpf(1) / 6, 0.4358665)
    b = [-(6 * g**2 - 16 * g + 1) / 4, (6 * g**2 - 20 * g + 5) / 4, g]
    alexander_3 = implicit_rk(
        [[g, 0, 0], [(1 - g) / 2, g, 0], b], b, [g, (1 + g) / 2, 1], 3, "Alexander1977"
    )
    g = (3 + mpmath.sqrt(3)) / 6
    crouzeix_2 = implicit_rk([[g, 0], [1 - 2 * g, g]], [half, half], [g, 1 - g], 3, "Crouzeix1975")

verlet = splitting("BAB", [half, 1, half], order=2, reference="Verlet1967")

METHODS: Table[Method] = Table(
    "method",
    {
        # explicit Runge-Kutta: rows of A below the diagonal, then b
        "explicit_euler": explicit_rk([[]], [1], order=1, reference="Euler1768"),
        "explicit_midpoint": explicit_rk([[], [half]], [0, 1], order=2, reference="Runge1895"),
        "heun_2": explicit_rk(
            [[], [1]], [half, half], order=2, reference="HairerNorsettWanner1993"
        ),
        "ralston_2": explicit_rk(
            [[], [Q(2, 3)]], [Q(1, 4), Q(3, 4)], order=2, reference="Ralston1962"
        ),
        "ssprk_2_2": explicit_rk([[], [1]], [half, half], order=2, reference="ShuOsher1988"),
        "heun_3": explicit_rk(
            [[], [third], [0, Q(2, 3)]], [Q(1, 4), 0, Q(3, 4)], order=3, reference="Heun1900"
        ),
        "kutta_3": explicit_rk(
            [[], [half], [-1, 2]], [sixth, Q(2, 3), sixth], order=3, reference="Kutta1901"
        ),
        "ralston_3": explicit_rk(
            [[], [half], [0, Q(3, 4)]], [Q(2, 9), third, Q(4, 9)], order=3, reference="Ralston1962"
        ),
        "ssprk_3_3": explicit_rk(
            [[], [1], [Q(1, 4), Q(1, 4)]],
            [sixth, sixth, Q(2, 3)],
            order=3,
            reference="ShuOsher1988",
        ),
        "rk4": explicit_rk(
            [[], [half], [0, half], [0, 0, 1]],
            [sixth, third, third, sixth],
            order=4,
            reference="Kutta1901",
        ),
        "rk4_38": explicit_rk(
            [[], [third], [-third, 1], [1, -1, 1]],
            [Q(1, 8), Q(3, 8), Q(3, 8), Q(1, 8)],
            order=4,
            reference="Kutta1901",
        ),
        "ssprk_10_4": explicit_rk(
            [[sixth] * i for i in range(5)] + [[Q(1, 15)] * 5 + [sixth] * i for i in range(5)],
            [Q(1, 10)] * 10,
            order=4,
            reference="Ketcheson2008",
        ),
        # implicit Runge-Kutta: A, b, c
        "implicit_euler": implicit_rk([[1]], [1], [1], order=1, reference="HairerWanner1996"),
        "implicit_midpoint": implicit_rk([[half]], [1], [half], order=2, reference="HLW"),
        "trapezoidal": implicit_rk(
            [[0, 0], [half, half]], [half, half], [0, 1], order=2, reference="HLW"
        ),
        "gauss_S": Family(gauss, listed=(1, 2, 3, 4, 5, 6)),
        "radau_ia_S": Family(radau_ia, listed=(1, 2, 3, 4)),
        "radau_iia_S": Family(radau_iia, listed=(1, 2, 3, 4)),
        "lobatto_iiia_S": Family(lobatto_iiia, listed=(2, 3, 4), smallest=2),
        "lobatto_iiib_S": Family(lobatto_iiib, listed=(2, 3, 4), smallest=2),
        "lobatto_iiic_S": Family(lobatto_iiic, listed=(2, 3, 4), smallest=2),
        "lobatto_iiid_S": Family(lobatto_iiid, listed=(2, 3, 4), smallest=2),
        "sdirk_2": alexander_2,
        "sdirk_3": alexander_3,
        "crouzeix_2": crouzeix_2,
        # splittings of H = T(p) + U(q): A drifts, B kicks
        "symplectic_euler": splitting("BA", [1, 1], order=1, reference="HLW"),
        "symplectic_euler_adjoint": splitting("AB", [1, 1], order=1, reference="HLW"),
        "stormer_verlet": verlet,
        "stormer_verlet_position": splitting("ABA", [half, 1, half], order=2, reference="HLW2003"),
        # symmetric compositions of Stormer-Verlet
        "yoshida_4": lifted(verlet, triple_jump, order=4, reference="Yoshida1990"),
        "suzuki_4": lifted(verlet, suzuki_five, order=4, reference="Suzuki1990"),
        "yoshida_6": symmetric_composition(
            verlet,
            [
                "0.78451361047755726381949763",
                "0.23557321335935813368479318",
                "-1.17767998417887100694641568",
                "1.31518632068391121888424973",
            ],
            order=6,
            reference="Yoshida1990",
        ),
        "kahan_li_6": symmetric_composition(
            verlet,
            [
                "0.39216144400731413927925056",
                "0.33259913678935943859974864",
                "-0.70624617255763935980996482",
                "0.08221359629355080023149045",
                "0.79854399093482996339895035",
            ],
            order=6,
            reference="KahanLi1997",
        ),
        "yoshida_8": symmetric_composition(
            verlet,
            [
                "0.914844246229642658287",
                "0.253693336566286009974",
                "-1.44485223686030647660",
                "-0.158240635368502468458",
                "1.93813913762291232471",
                "-1.96061023297558163691",
                "0.102799849392219431139",
                "1.7084530707866603157",
            ],
            order=8,
            reference="Yoshida1990",
        ),
        "mclachlan_8": symmetric_composition(
            verlet,
            [
                "0.74167036435061295344822780",
                "-0.40910082580003159399730010",
                "0.19075471029623837995387626",
                "-0.57386247111608226665638773",
                "0.29906418130365592384446354",
                "0.33462491824529818378495798",
                "0.31529309239676659663205666",
                "-0.79688793935291635401978884",
            ],
            order=8,
            reference="McLachlan1995",
        ),
        "kahan_li_8": symmetric_composition(
            verlet,
            [
                "0.13020248308889008087881763",
                "0.56116298177510838456196441",
                "-0.38947496264484728640807860",
                "0.15884190655515560089621075",
                "-0.39590389413323757733623154",
                "0.18453964097831570709183254",
                "0.25837438768632204729397911",
                "0.29501172360931029887096624",
                "-0.60550853383003451169892108",
            ],
            order=8,
            reference="KahanLi1997",
        ),
    },
)
