from geoflow.ground.study import Study


class ContractionTheory(Study):
    """Radius, bound 2 r, linear interval and what decides them (`verdict`), of every Runge-Kutta method.

    All are those of the irreducible tableau, which has `stages` of the `given` ones; smallest_weight: its own. In keys
    a verdict has an underscore for the blank. reducible: methods with fewer stages than given; reducible_gap: the
    largest change of a radius by a stage that changes no step, naive_gap: how many positive radii a formula loses that
    does not reduce; above_linear: methods with 2 r beyond the linear interval; a_stable_without: A-stable methods that
    are not B-stable.
    """

    tables = {"theory": ("method order given stages smallest_weight radius bound linear a_stable verdict")}
    summary = """
        {radius,bound,linear,smallest_weight}/<method> count/<verdict> methods reducible reducible_gap naive_gap
        above_linear a_stable_without
    """
    methods: list[str]
