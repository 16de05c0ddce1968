"""What the study `radii` takes and returns."""

from dataclasses import dataclass

from geoflow.ground.study import Study


@dataclass
class Radii(Study):
    """Contractivity radius, SSP coefficient and stability intervals from the coefficients."""

    tables = {"radii": "method order radius ssp real imaginary a_stable b_stable bound"}
    summary = """
        radius/<method> ssp/<method> real/<method> imaginary/<method> a_stable/<method> b_stable/<method>
        bound/<method> above_linear
    """
    methods: list[str]
