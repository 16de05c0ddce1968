"""Compositions of Stormer-Verlet, and of symplectic Euler with its adjoint. To add one, add one line here."""

import mpmath

from geoflow.ground import Family
from geoflow.integrators.compositions import (
    adjoint_pairs,
    decimals,
    lifted,
    suzuki_five,
    symmetric_composition,
    triple_jump,
)
from geoflow.integrators.families import Method
from geoflow.integrators.methods.splittings import euler_ba, verlet

with mpmath.workdps(50):
    root = mpmath.sqrt(19)
    mclachlan_pairs = [
        (146 + 5 * root) / 540,
        (-2 + 10 * root) / 135,
        mpmath.mpf(1) / 5,
        (-23 - 20 * root) / 270,
        (14 - root) / 108,
    ]

COMPOSITIONS: dict[str, Method | Family[Method]] = {
    # of Stormer-Verlet
    "yoshida_4": lifted(verlet, triple_jump, order=4, reference="Yoshida1990"),
    "triple_jump_P": Family(lambda P: lifted(verlet, triple_jump, P, "Yoshida1990"), listed=(8,), smallest=4),
    "suzuki_P": Family(lambda P: lifted(verlet, suzuki_five, P, "Suzuki1990"), listed=(4, 6), smallest=4),
    "yoshida_6": symmetric_composition(
        verlet,
        decimals(
            "0.78451361047755726381949763 0.23557321335935813368479318 -1.17767998417887100694641568 "
            "1.31518632068391121888424973"
        ),
        order=6,
        reference="Yoshida1990",
    ),
    "kahan_li_6": symmetric_composition(
        verlet,
        decimals(
            "0.39216144400731413927925056 0.33259913678935943859974864 -0.70624617255763935980996482 "
            "0.08221359629355080023149045 0.79854399093482996339895035"
        ),
        order=6,
        reference="KahanLi1997",
    ),
    "yoshida_8": symmetric_composition(
        verlet,
        decimals(
            "0.914844246229642658287 0.253693336566286009974 -1.44485223686030647660 "
            "-0.158240635368502468458 1.93813913762291232471 -1.96061023297558163691 "
            "0.102799849392219431139 1.7084530707866603157"
        ),
        order=8,
        reference="Yoshida1990",
    ),
    "mclachlan_8": symmetric_composition(
        verlet,
        decimals(
            "0.74167036435061295344822780 -0.40910082580003159399730010 0.19075471029623837995387626 "
            "-0.57386247111608226665638773 0.29906418130365592384446354 0.33462491824529818378495798 "
            "0.31529309239676659663205666 -0.79688793935291635401978884"
        ),
        order=8,
        reference="McLachlan1995",
    ),
    "kahan_li_8": symmetric_composition(
        verlet,
        decimals(
            "0.13020248308889008087881763 0.56116298177510838456196441 -0.38947496264484728640807860 "
            "0.15884190655515560089621075 -0.39590389413323757733623154 0.18453964097831570709183254 "
            "0.25837438768632204729397911 0.29501172360931029887096624 -0.60550853383003451169892108"
        ),
        order=8,
        reference="KahanLi1997",
    ),
    "sofroniou_spaletta_10": symmetric_composition(
        verlet,
        decimals(
            "0.07879572252168641926390768 0.31309610341510852776481247 0.02791838323507806610952027 "
            "-0.22959284159390709415121340 0.13096206107716486317465686 -0.26973340565451071434460973 "
            "0.07497334315589143566613711 0.11199342399981020488957508 0.36613344954622675119314812 "
            "-0.39910563013603589787862981 0.10308739852747107731580277 0.41143087395589023782070412 "
            "-0.00486636058313526176219566 -0.39203335370863990644808194 0.05194250296244964703718290 "
            "0.05066509075992449633587434 0.04967437063972987905456880 0.04931773575959453791768001"
        ),
        order=10,
        reference="SofroniouSpaletta2005",
    ),
    # of symplectic Euler and its adjoint
    "mclachlan_4": adjoint_pairs(euler_ba, mclachlan_pairs, order=4, reference="McLachlan1995"),
}
