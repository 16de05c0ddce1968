from geoflow.ground.study import Study


class Radii(Study):
    """Circle contractivity radius, its bound 2 r, SSP coefficient and stability intervals from the coefficients.

    above_linear: number of methods with 2 r beyond the real stability interval.
    """

    tables = {"radii": "method order radius ssp real imaginary a_stable b_stable bound"}
    summary = "{radius,ssp,real,imaginary,a_stable,b_stable,bound}/<method> above_linear"
    methods: list[str]
