from dataclasses import field

from geoflow.ground.study import Entry, Study


class Work(Study):
    """Error over a span against evaluations, and what a given accuracy costs.

    steps: numbers of steps, from coarse to fine; time: length of the span (0: the problem's own);
    accuracy: the relative error whose cost is compared; methods: all that the problem serves where the list is empty.
    evaluations: in `costs` and as a key those that `accuracy` takes, infinite when no run reaches it;
    order_of_cheapest: the declared order of the method with the fewest.
    """

    tables = {"errors": "h steps error evaluations method family", "costs": "method family declared evaluations"}
    summary = "evaluations/<method> methods reached fewest_evaluations order_of_cheapest"
    standing = """
        high_order: order_of_cheapest > 5.5: the cheapest method for eight digits has order six or more
    """
    problem: Entry
    steps: list[int]
    accuracy: float
    methods: list[str] = field(default_factory=list)
    time: float = 0.0
