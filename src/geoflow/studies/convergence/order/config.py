"""What the study `order` takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from geoflow.ground.study import CONTROLS, Entry, Study


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
    problem: Entry
    methods: list[str]
    steps: list[int]
    controls: list[str] = field(default_factory=list)
