"""What the study `order` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from geoflow.ground.study import CONTROLS, Claim, Entry, Study


@dataclass
class Order(Study):
    """Error over the problem's span against h, and the order that its first two terms show.

    steps: numbers of steps over the span, one run each; controls: methods that are wrong on purpose.
    """

    tables: ClassVar[Mapping[str, str]] = {
        "errors": "method h steps error evaluations in_fit",
        "orders": "method declared measured low high points",
    }
    summary: ClassVar[str] = """
        order/<method> declared/<method> gap/<method> order/<control> declared/<control>
        gap/<control> largest_gap inside methods
    """
    named: ClassVar[Mapping[str, str]] = {**Study.named, "controls": CONTROLS}
    standing: ClassVar[tuple[Claim, ...]] = (
        Claim(
            name="orders",
            text="every method has the order that it declares, within 0.2",
            quantity="largest_gap",
            below=0.2,
        ),
        Claim(
            name="inside",
            text="for all methods, except one at most, the declared order is in the range that the errors allow",
            quantity="inside",
            above=0.9,
            scales=["default", "paper"],
        ),
        Claim(
            name="rk4_mistyped",
            text="negative control: RK4 with two mistyped weights is caught",
            quantity="gap/rk4_mistyped",
            above=1,
        ),
        Claim(
            name="yoshida_4_mistyped",
            text="negative control: a composition of order four with a wrong digit is caught",
            quantity="gap/yoshida_4_mistyped",
            above=1,
        ),
        Claim(
            name="verlet_uneven",
            text="negative control: Stormer-Verlet with unequal kicks is caught",
            quantity="gap/stormer_verlet_uneven",
            above=0.8,
        ),
    )
    problem: Entry
    methods: list[str]
    steps: list[int]
    controls: list[str] = field(default_factory=list)
