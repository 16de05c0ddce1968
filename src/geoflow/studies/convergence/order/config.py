from dataclasses import dataclass, field

from geoflow.ground.study import CONTROLS, NAMED, Claim, Entry, Study


@dataclass
class Order(Study):
    """Error over the problem's span against h, and the order that its first two terms show.

    steps: numbers of steps over the span, multiples of eight; controls: methods that are wrong on purpose. error: the
    largest |y_n - y(t_n)| over eighths of the span by the largest |y(t_n)|, none of a run that overflows or whose
    stages are not solved; low, high: the range of `fit_order`; inside: the share of methods whose order is in it.
    """

    tables = {"errors": "method h steps error evaluations in_fit", "orders": "method declared measured low high points"}
    summary = """
        order/<method|control> declared/<method|control> gap/<method|control> largest_gap inside methods
    """
    named = {**NAMED, "controls": CONTROLS}
    standing = (
        Claim("orders", "every method has the order that it declares, within 0.2", "largest_gap", below=0.2),
        Claim(
            "inside",
            "for all methods, except one at most, the declared order is in the range that the errors allow",
            "inside",
            above=0.9,
            scales=["default", "paper"],
        ),
        Claim("rk4_mistyped", "negative control: RK4 with two mistyped weights is caught", "gap/rk4_mistyped", above=1),
        Claim(
            "yoshida_4_mistyped",
            "negative control: a composition of order four with a wrong digit is caught",
            "gap/yoshida_4_mistyped",
            above=1,
        ),
        Claim(
            "verlet_uneven",
            "negative control: Stormer-Verlet with unequal kicks is caught",
            "gap/stormer_verlet_uneven",
            above=0.8,
        ),
    )
    problem: Entry
    methods: list[str]
    steps: list[int]
    controls: list[str] = field(default_factory=list)
