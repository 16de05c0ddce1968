"""One colour, label, marker and line style for each method and network, the same in every figure.

The colours are those of Okabe and Ito (2008) and some of Paul Tol's, which can be distinguished with
all common colour vision deficiencies; marker and line style encode the same information as the colour.
`looks.yaml` lists them; the look of any other name depends only on the name.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

COLOURS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#000000",
    "wine": "#882255",
    "indigo": "#332288",
    "olive": "#999933",
    "grey": "#777777",
}
CYCLE = ("blue", "vermillion", "green", "purple", "orange", "sky", "indigo", "wine", "olive", "black")
MARKERS = ("o", "s", "^", "v", "D", "<", ">", "P", "X", "p", "h", "d")
SOLID, DASHED, DOTTED, DASHDOT = "-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (4, 1.2, 1, 1.2))
LINES = {"solid": SOLID, "dashed": DASHED, "dotted": DOTTED, "dashdot": DASHDOT}


@dataclass(frozen=True)
class Look:
    """Look of a method or network in figures: label without LaTeX, colour as hexadecimal RGB, marker, line style."""

    label: str
    colour: str
    marker: Any = "o"
    line: Any = SOLID

    def plot(self, markers: bool = True, **changes: Any) -> dict[str, Any]:
        """Return the keyword arguments for `Axes.plot`."""
        style = {"color": self.colour, "linestyle": self.line, "label": self.label}
        if markers:
            style |= {"marker": self.marker, "markeredgecolor": "white"}
        return {**style, **changes}


LISTED = yaml.safe_load(Path(__file__).with_name("looks.yaml").read_text())
LOOKS = {
    name: Look(label, COLOURS[colour], marker, LINES[line])
    for name, (label, colour, marker, line) in LISTED.items()
    if not name.endswith("_S")
}
# A family with S stages: start of its label, marker, line style, colour for S = 1 (an index into CYCLE).
FAMILIES: dict[str, tuple[str, Any, Any, int]] = {
    name[:-2]: (label, tuple(marker) if isinstance(marker, list) else marker, LINES[line], colour)
    for name, (label, colour, marker, line) in LISTED.items()
    if name.endswith("_S")
}


def look(name: str) -> Look:
    """Return the look of a method or network; it is defined for any name and independent of all others."""
    if name in LOOKS:
        return LOOKS[name]
    member = re.fullmatch(r"(.+)_([0-9]+)", name)
    if member and member[1] in FAMILIES:
        label, marker, line, start = FAMILIES[member[1]]
        stages = int(member[2])
        colour = CYCLE[(start + stages - 1) % len(CYCLE)]
        return Look(f"{label} {stages}", COLOURS[colour], marker, line)
    number = zlib.crc32(name.encode())
    colour, marker = CYCLE[number % len(CYCLE)], MARKERS[number // 16 % len(MARKERS)]
    return Look(name.replace("_", " "), COLOURS[colour], marker, DASHDOT)


def in_order(names: Iterable[str]) -> list[str]:
    """Sort the distinct `names` in the order of legends and tables, which is that of `looks.yaml`."""
    known = [*LOOKS, *FAMILIES]

    def place(name: str) -> tuple[int, int, str]:
        if name in LOOKS:
            return known.index(name), 0, name
        family, _, stages = name.rpartition("_")
        if family in FAMILIES and stages.isdigit():
            return known.index(family), int(stages), name
        return len(known), 0, name

    return sorted(set(names), key=place)
