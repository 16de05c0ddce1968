from dataclasses import field

from geoflow.ground.study import CONTROLS, NAMED, Entry, Study


class Order(Study):
    """Error over the problem's time span as a function of h, and the order fitted from its first two terms.

    steps: numbers of steps over the span, multiples of eight; controls: negative controls. error: largest
    |y_n - y(t_n)| over eighths of the span divided by the largest |y(t_n)|, NaN if a run overflows or a stage equation
    is not solved; low, high: the range of `fit_order`; inside: fraction of methods whose declared order is in it.
    """

    tables = {"errors": "method h steps error evaluations in_fit", "orders": "method declared measured low high points"}
    summary = "{order,declared,gap}/<method|control> largest_gap inside methods"
    named = {**NAMED, "controls": CONTROLS}
    problem: Entry
    methods: list[str]
    steps: list[int]
    controls: list[str] = field(default_factory=list)
