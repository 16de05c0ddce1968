"""Splittings with published coefficients: optimised symmetric, Nystrom, near-integrable. One entry adds one."""

from geoflow.ground import Family
from geoflow.integrators.compositions import decimals, symmetric_splitting
from geoflow.integrators.families import QUADRATIC, Method
from geoflow.integrators.tableaus import saba

OPTIMISED_SPLITTINGS: dict[str, Method | Family[Method]] = {
    "blanes_moan_6_4": symmetric_splitting(
        "B",
        decimals("0.0792036964311957 0.353172906049774 -0.0420650803577195 0.2193769557534996"),
        decimals("0.209515106613362 -0.143851773179818 0.434336666566456"),
        order=4,
        reference="BlanesMoan2002",
    ),
    "blanes_moan_10_6": symmetric_splitting(
        "B",
        decimals(
            "0.0502627644003922 0.413514300428344 0.0450798897943977 -0.188054853819569 "
            "0.54196067845078 -0.7255255585086898"
        ),
        decimals("0.148816447901042 -0.132385865767784 0.067307604692185 0.432666402578175 -0.016404589403618"),
        order=6,
        reference="BlanesMoan2002",
    ),
    "srkn_6_4": symmetric_splitting(
        "B",
        decimals("0.0829844064174052 0.396309801498368 -0.0390563049223486 0.1195241940131508"),
        decimals("0.245298957184271 0.60487266571108 -0.350171622895351"),
        order=4,
        reference="BlanesMoan2002",
        needs=QUADRATIC,
    ),
    "srkn_11_6": symmetric_splitting(
        "B",
        decimals(
            "0.0414649985182624 0.198128671918067 -0.0400061921041533 0.0752539843015807 "
            "-0.0115113874206879 0.2366699247869311"
        ),
        decimals(
            "0.123229775946271 0.290553797799558 -0.127049212625417 -0.246331761062075 "
            "0.357208872795928 0.20477705429147"
        ),
        order=6,
        reference="BlanesMoan2002",
        needs=QUADRATIC,
    ),
    "srkn_14_6": symmetric_splitting(
        "A",
        decimals(
            "0.0378593198406116 0.102635633102435 -0.0258678882665587 0.314241403071447 "
            "-0.130144459517415 0.106417700369543 -0.00879424312851058 0.2073050690568954"
        ),
        decimals(
            "0.09171915262446165 0.183983170005006 -0.05653436583288827 0.004914688774712854 "
            "0.143761127168358 0.328567693746804 -0.19641146648645423"
        ),
        order=6,
        reference="BlanesMoan2002",
        needs=QUADRATIC,
    ),
    # near-integrable H = A + epsilon B: S kicks at the nodes of Gauss
    "saba_S": Family(saba, listed=(2, 3, 4)),
}
