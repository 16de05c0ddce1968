from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class Radii(Study):
    """Circle contractivity radius, its bound 2 r, SSP coefficient and stability intervals from the coefficients.

    above_linear: how many methods have 2 r beyond the real stability interval.
    """

    tables = {"radii": "method order radius ssp real imaginary a_stable b_stable bound"}
    summary = """
        radius/<method> ssp/<method> real/<method> imaginary/<method> a_stable/<method> b_stable/<method>
        bound/<method> above_linear
    """
    methods: list[str]
