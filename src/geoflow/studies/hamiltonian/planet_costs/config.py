from geoflow.ground.study import Study


class PlanetCosts(Study):
    """Position error of the outer solar system after `time` days against the evaluations that it takes.

    split_methods: run in Jacobi's coordinates; evaluations: that a run spends, from few to many; accuracies: in AU,
    whose cost is compared. error: the largest distance (AU) of a body from its place; evaluations_<k>: those that
    accuracy k takes, infinite where no run gets there.

    cheapest, order_of_cheapest: without the split methods; gain: the former over the cheapest split method.
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
