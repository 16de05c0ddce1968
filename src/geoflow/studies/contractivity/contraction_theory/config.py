from geoflow.ground.study import Study


class ContractionTheory(Study):
    """Radius, bound 2 r, linear intervals and their reason (`verdict`) for every Runge-Kutta method.

    ssp: SSP coefficient; linear, imaginary: real and imaginary stability interval; a_stable, b_stable: 1 for yes. All
    refer to the irreducible tableau, which has `stages` of the `given` stages and the weight smallest_weight. In
    keys, blanks of a verdict are replaced by underscores. reducible: methods with fewer stages than given;
    reducible_gap: largest change of a radius if a stage is added that does not change the step; naive_gap: number of
    positive radii that are lost without reduction; above_linear: methods with 2 r beyond the linear interval;
    a_stable_without: A-stable methods that are not B-stable.
    """

    tables = {
        "theory": (
            "method order given stages smallest_weight radius bound ssp linear imaginary a_stable b_stable verdict"
        )
    }
    summary = """
        {radius,bound,ssp,linear,imaginary,a_stable,b_stable,smallest_weight}/<method> count/<verdict> methods
        reducible reducible_gap naive_gap above_linear a_stable_without
    """
    methods: list[str]
