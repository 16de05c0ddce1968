"""One-step methods as a literal table of data. Adding a tableau or a composition is one entry here."""

from fractions import Fraction as Q

import mpmath

from geoflow.integrators import formula_source as _loops_of_formulas  # noqa: F401  (registers)
from geoflow.integrators.charged import boris
from geoflow.integrators.chebyshev import rkc_1, rkc_2
from geoflow.integrators.compositions import (
    adjoint,
    adjoint_pairs,
    compose,
    lie_trotter,
    lifted,
    strang,
    suzuki_five,
    symmetric_composition,
    symmetric_splitting,
    triple_jump,
)
from geoflow.integrators.discrete_gradients import (
    average_vector_field,
    gonzalez,
    itoh_abe,
    unit_quadrature,
)
from geoflow.integrators.dormand_prince import dormand_prince_5, dormand_prince_8
from geoflow.integrators.families import (
    QUADRATIC,
    Method,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    explicit_rk,
    implicit_rk,
    partitioned,
    splitting,
)
from geoflow.integrators.formula import Formula, implicit_formula
from geoflow.integrators.kahan import kahan
from geoflow.integrators.lie_group import lie_euler, rkmk_4
from geoflow.integrators.projections import projection
from geoflow.integrators.tableaus import (
    gauss,
    hbvm,
    lobatto_iiia,
    lobatto_iiia_iiib,
    lobatto_iiib,
    lobatto_iiib_iiia,
    lobatto_iiic,
    lobatto_iiid,
    radau_ia,
    radau_iia,
    saba,
)
from geoflow.integrators.trigonometric import (
    deuflhard_filter,
    gautschi_filter,
    trigonometric,
)
from geoflow.integrators.variable_step import naive_adaptive_verlet, reversible_verlet
from geoflow.registry import Family, Table

__all__ = [
    "METHODS",
    "Formula",
    "Method",
    "PartitionedRungeKutta",
    "RungeKutta",
    "Splitting",
    "adjoint",
    "compose",
]

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

rk4 = explicit_rk(
    [[], [half], [0, half], [0, 0, 1]],
    [sixth, third, third, sixth],
    order=4,
    reference="Kutta1901",
)
trapezoidal = implicit_rk([[0, 0], [half, half]], [half, half], [0, 1], order=2, reference="HLW")
verlet = splitting("BAB", [half, 1, half], order=2, reference="Verlet1967")
euler_ba = splitting("BA", [1, 1], order=1, reference="HLW")
with mpmath.workdps(50):
    root = mpmath.sqrt(19)
    mclachlan_pairs = [
        (146 + 5 * root) / 540,
        (-2 + 10 * root) / 135,
        mpmath.mpf(1) / 5,
        (-23 - 20 * root) / 270,
        (14 - root) / 108,
    ]
explicit_1 = explicit_rk([[]], [1], order=1, reference="HLW")
implicit_1 = implicit_rk([[1]], [1], [0], order=1, reference="HLW")

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
        "rk4": rk4,
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
        # implicit Runge-Kutta: A, b, c
        "implicit_euler": implicit_rk([[1]], [1], [1], order=1, reference="HairerWanner1996"),
        "implicit_midpoint": implicit_rk([[half]], [1], [half], order=2, reference="HLW"),
        "trapezoidal": trapezoidal,
        "gauss_S": Family(gauss, listed=(1, 2, 3, 4, 5, 6)),
        "radau_ia_S": Family(radau_ia, listed=(1, 2, 3, 4)),
        "radau_iia_S": Family(radau_iia, listed=(1, 2, 3, 4)),
        "lobatto_iiia_S": Family(lobatto_iiia, listed=(2, 3, 4), smallest=2),
        "lobatto_iiib_S": Family(lobatto_iiib, listed=(2, 3, 4), smallest=2),
        "lobatto_iiic_S": Family(lobatto_iiic, listed=(2, 3, 4), smallest=2),
        "lobatto_iiid_S": Family(lobatto_iiid, listed=(2, 3, 4), smallest=2),
        # energy-preserving for polynomials: K nodes, degree S
        "hbvm_K_S": Family(hbvm, listed=((2, 1), (3, 2), (4, 2)), smallest=(1, 1)),
        "sdirk_2": alexander_2,
        "sdirk_3": alexander_3,
        "crouzeix_2": crouzeix_2,
        # partitioned Runge-Kutta for q' = f_1, p' = f_2: a tableau for q, one for p; any Hamiltonian
        "partitioned_euler": partitioned(explicit_1, implicit_1, order=1, reference="HLW"),
        "partitioned_euler_adjoint": adjoint(partitioned(explicit_1, implicit_1, 1, "HLW")),
        "partitioned_verlet": lobatto_iiia_iiib(2),
        "partitioned_verlet_position": lobatto_iiib_iiia(2),
        "lobatto_iiia_iiib_S": Family(lobatto_iiia_iiib, listed=(3, 4), smallest=2),
        # splittings into S parts, and of H = T(p) + U(q): A drifts, B kicks
        "lie_trotter_S": Family(lie_trotter, listed=(3,), smallest=2),
        "strang_S": Family(strang, listed=(3,), smallest=2),
        "symplectic_euler": euler_ba,
        "symplectic_euler_adjoint": splitting("AB", [1, 1], order=1, reference="HLW"),
        "stormer_verlet": verlet,
        "stormer_verlet_position": splitting("ABA", [half, 1, half], order=2, reference="HLW2003"),
        # symmetric compositions of Stormer-Verlet
        "yoshida_4": lifted(verlet, triple_jump, order=4, reference="Yoshida1990"),
        "triple_jump_P": Family(
            lambda P: lifted(verlet, triple_jump, P, "Yoshida1990"), listed=(8,), smallest=4
        ),
        "suzuki_P": Family(
            lambda P: lifted(verlet, suzuki_five, P, "Suzuki1990"), listed=(4, 6), smallest=4
        ),
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
        "sofroniou_spaletta_10": symmetric_composition(
            verlet,
            [
                "0.07879572252168641926390768",
                "0.31309610341510852776481247",
                "0.02791838323507806610952027",
                "-0.22959284159390709415121340",
                "0.13096206107716486317465686",
                "-0.26973340565451071434460973",
                "0.07497334315589143566613711",
                "0.11199342399981020488957508",
                "0.36613344954622675119314812",
                "-0.39910563013603589787862981",
                "0.10308739852747107731580277",
                "0.41143087395589023782070412",
                "-0.00486636058313526176219566",
                "-0.39203335370863990644808194",
                "0.05194250296244964703718290",
                "0.05066509075992449633587434",
                "0.04967437063972987905456880",
                "0.04931773575959453791768001",
            ],
            order=10,
            reference="SofroniouSpaletta2005",
        ),
        # compositions of symplectic Euler and its adjoint, and splittings with coefficients of their own
        "mclachlan_4": adjoint_pairs(euler_ba, mclachlan_pairs, order=4, reference="McLachlan1995"),
        "blanes_moan_6_4": symmetric_splitting(
            "B",
            [
                "0.0792036964311957",
                "0.353172906049774",
                "-0.0420650803577195",
                "0.2193769557534996",
            ],
            ["0.209515106613362", "-0.143851773179818", "0.434336666566456"],
            order=4,
            reference="BlanesMoan2002",
        ),
        "blanes_moan_10_6": symmetric_splitting(
            "B",
            [
                "0.0502627644003922",
                "0.413514300428344",
                "0.0450798897943977",
                "-0.188054853819569",
                "0.54196067845078",
                "-0.7255255585086898",
            ],
            [
                "0.148816447901042",
                "-0.132385865767784",
                "0.067307604692185",
                "0.432666402578175",
                "-0.016404589403618",
            ],
            order=6,
            reference="BlanesMoan2002",
        ),
        "srkn_6_4": symmetric_splitting(
            "B",
            [
                "0.0829844064174052",
                "0.396309801498368",
                "-0.0390563049223486",
                "0.1195241940131508",
            ],
            ["0.245298957184271", "0.60487266571108", "-0.350171622895351"],
            order=4,
            reference="BlanesMoan2002",
            needs=QUADRATIC,
        ),
        "srkn_11_6": symmetric_splitting(
            "B",
            [
                "0.0414649985182624",
                "0.198128671918067",
                "-0.0400061921041533",
                "0.0752539843015807",
                "-0.0115113874206879",
                "0.2366699247869311",
            ],
            [
                "0.123229775946271",
                "0.290553797799558",
                "-0.127049212625417",
                "-0.246331761062075",
                "0.357208872795928",
                "0.20477705429147",
            ],
            order=6,
            reference="BlanesMoan2002",
            needs=QUADRATIC,
        ),
        "srkn_14_6": symmetric_splitting(
            "A",
            [
                "0.0378593198406116",
                "0.102635633102435",
                "-0.0258678882665587",
                "0.314241403071447",
                "-0.130144459517415",
                "0.106417700369543",
                "-0.00879424312851058",
                "0.2073050690568954",
            ],
            [
                "0.09171915262446165",
                "0.183983170005006",
                "-0.05653436583288827",
                "0.004914688774712854",
                "0.143761127168358",
                "0.328567693746804",
                "-0.19641146648645423",
            ],
            order=6,
            reference="BlanesMoan2002",
            needs=QUADRATIC,
        ),
        # near-integrable H = A + epsilon B: S kicks at the nodes of Gauss
        "saba_S": Family(saba, listed=(2, 3, 4)),
        # formulas: discrete gradients
        "average_vector_field": implicit_formula(
            average_vector_field,
            order=2,
            reference="QuispelMcLaren2008",
            stages=8,
            numbers=unit_quadrature(8),
        ),
        "gonzalez": implicit_formula(gonzalez, order=2, reference="Gonzalez1996"),
        "itoh_abe": implicit_formula(itoh_abe, order=1, reference="ItohAbe1988"),
        # formulas: projections
        "projected_explicit_euler": projection(
            explicit_rk([[]], [1], order=1, reference="Euler1768")
        ),
        "projected_rk4": projection(rk4),
        "symmetrically_projected_trapezoidal": projection(trapezoidal, symmetric=True),
        # formulas: fields of a special kind
        "kahan": Formula(kahan, order=2, reference="Kahan1993", explicit=False),
        "boris": Formula(boris, order=2, reference="Boris1970"),
        "gautschi": Formula(
            trigonometric, order=2, reference="Gautschi1961", inner={"psi": gautschi_filter}
        ),
        "deuflhard": Formula(
            trigonometric, order=2, reference="Deuflhard1979", inner={"psi": deuflhard_filter}
        ),
        "lie_euler": Formula(lie_euler, order=1, reference="HLW"),
        "rkmk_4": Formula(rkmk_4, order=4, reference="MuntheKaas1998", stages=4),
        # formulas: variable steps
        "reversible_verlet": Formula(reversible_verlet, order=2, reference="HLW"),
        "naive_adaptive_verlet": Formula(naive_adaptive_verlet, order=1, reference="HLW"),
    },
)
