from geoflow.ground.study import Study


class PlanetCosts(Study):
    """Position error of the outer solar system after `time` days against the number of evaluations.

    split_methods: methods for Jacobi coordinates; evaluations: numbers of evaluations per run, ascending; accuracies:
    position errors (AU) at which costs are compared.

    error: largest position error (AU) of a body; evaluations_<k>: evaluations needed for accuracy k, infinite if no run
    reaches it; cheapest, order_of_cheapest: without the split methods; gain: cheapest divided by the cheapest split
    method.
    """

    tables = {"errors": "h steps evaluations error method order split", "costs": "method order split evaluations_*"}
    summary = """
        time evaluations/<method|split_method>/<k> least_error/<method|split_method> accuracy/<k> cheapest/<k>
        order_of_cheapest/<k> gain/<k> least_error
    """
    methods: list[str]
    split_methods: list[str]
    evaluations: list[int]
    time: float
    accuracies: list[float]
