"""A diagram of the stages of the workflow, from Snakemake's graph of rules.

    python workflow/scripts/draw_stages.py dot=RULES.dot out=FILE   (writes FILE.pdf and FILE.png)

The rules of one stage form one node: `draw_kepler_orbits` belongs to the figures, `hamiltonian_orbits` to its chapter.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from steps import arguments

from geoflow.ground.sentences import sentences
from geoflow.studies import CHAPTERS

RESULTS = "results"
Edges = set[tuple[str, str]]
# The stage of a rule by the beginning of its name; each other rule is its own stage.
STAGES = {
    "draw_": "figures",
    "configure": "values",
    "typeset_": "report",
    **{f"{chapter}_": chapter for chapter in CHAPTERS},
    **dict.fromkeys(("tables", "listings", "robustness_table", "course_table", "costs", "captions"), "tables"),
}


def stage_of(rule: str) -> str:
    """The stage of a rule."""
    return next((stage for start, stage in STAGES.items() if rule.startswith(start)), rule)


def read_rules(dot: str) -> Edges:
    """(earlier rule, later rule) for each edge of the graph that `snakemake --rulegraph` prints."""
    names = dict(re.findall(r'(\d+)\[ *label *= *"([^"\\]+)', dot))
    return {(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", dot)}


def stages(rules: Edges) -> Edges:
    """The edges between stages, without `all` and without edges that a longer path implies.

    The output of the chapters is a separate node, `results`.
    """
    found = {(stage_of(a), stage_of(b)) for a, b in rules if "all" not in (a, b)}
    through = {(a, RESULTS) for a, b in found if a in CHAPTERS}
    found = {(RESULTS if a in CHAPTERS else a, b) for a, b in found if a != b} | through
    return {edge for edge in found if not _has_longer_path(found, *edge)}


def _has_longer_path(edges: Edges, start: str, end: str) -> bool:
    reached, waiting = set(), [b for a, b in edges if a == start and b != end]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += [b for a, b in edges if a == one]
    return end in reached


def layers(edges: Edges) -> dict[str, int]:
    """Stage -> its column: one more than the largest column of the stages that it needs."""
    nodes = {node for edge in edges for node in edge}
    columns = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for a, b in edges:
            columns[b] = max(columns[b], columns[a] + 1)
    return columns


def places(columns: Mapping[str, int], order: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Stage -> (x, y): its column, and its row in the given order, centred."""
    found: dict[str, tuple[float, float]] = {}
    for column in sorted(set(columns.values())):
        own = [node for node in order if columns[node] == column]
        found |= {node: (column, (len(own) - 1) / 2 - row) for row, node in enumerate(own)}
    return found


def draw(edges: Edges, out: Path) -> None:
    """Draw the stages from left to right."""
    from geoflow.figures import canvas

    ranked = [*CHAPTERS, "figures", "claims", "numbers", "tables", "provenance"]
    columns = layers(edges)
    order = [one for one in ranked if one in columns] + sorted(columns.keys() - set(ranked))
    at = places(columns, order)
    with canvas.style():
        figure, grid = canvas.panels(height=2.4)
        axis = grid[0, 0]
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "0.3"}
        centred = {"ha": "center", "va": "center", "bbox": box, "zorder": 2}
        boxes = {node: axis.text(*place, node, **centred) for node, place in at.items()}
        for a, b in sorted(edges):
            ends = {"patchA": boxes[a].get_bbox_patch(), "patchB": boxes[b].get_bbox_patch()}
            arrow = {"arrowstyle": "->", "color": "0.5", "shrinkA": 0, "shrinkB": 0, **ends}
            axis.annotate("", at[b], at[a], arrowprops=arrow, zorder=1)
        axis.set(xlim=(-0.5, max(columns.values()) + 0.5), ylim=(-2.6, 2.6))
        axis.axis("off")
        figure.canvas.draw()  # sets the size of the boxes
        canvas.save(figure, out, {})


def main() -> None:
    """`dot=FILE out=FILE`, out without a suffix."""
    given = arguments(sys.argv[1:], ("dot", "out"))
    draw(stages(read_rules(Path(given["dot"]).read_text())), Path(given["out"]))


if __name__ == "__main__":
    with sentences():
        main()
