"""The stages of the workflow, and the captions for Snakemake's report, come from their one source."""

import pytest
from captions import captions, known_numbers, write_restructured
from draw_stages import layers, places, read_rules, stages

from geoflow.ground.errors import InputError

DOT = """
    0[label = "all", color = "0.5 0.6 0.85", style="rounded"];
    1[label = "draw_kepler_orbits", color = "0.5", style="rounded"];
    2[label = "hamiltonian_orbits", color = "0.5", style="rounded"];
    3[label = "configure", color = "0.5", style="rounded"];
    4[label = "report", color = "0.5", style="rounded"];
    5[label = "draw_kepler_drift", color = "0.5", style="rounded"];
    1 -> 0
    2 -> 1
    3 -> 2
    3 -> 1
    1 -> 4
    2 -> 4
    5 -> 4
    2 -> 5
    4 -> 0
"""


def test_rules_of_one_stage_are_one_node_and_implied_edges_are_left_out():
    found = stages(read_rules(DOT))
    assert found == {
        ("values", "hamiltonian"),
        ("hamiltonian", "results"),
        ("results", "figures"),
        ("figures", "report"),
    }
    columns = layers(found)
    assert columns == {"values": 0, "hamiltonian": 1, "results": 2, "figures": 3, "report": 4}
    assert places(columns, list(columns))["results"] == (2, 0)


def test_captions_are_read_from_the_text_with_their_numbers():
    numbers = known_numbers(
        "\\geoflow@result{kepler/error/rk4}{\\ensuremath{0.5}}{50\\%}{1}{0.50}\n"
        "\\geoflow@setting{kepler/h}{\\ensuremath{0.02}}\n"
    )
    text = (
        r"\geofigure{kepler}{St\"ormer--Verlet, $h = \setting{kepler}{h}$: it errs by"
        "\n"
        r"\result[percent]{kepler}{error/rk4} \citep[I.4]{HLW}, see Figure~\ref{fig:other}.} More."
    )
    ((name, caption),) = captions(text)
    assert name == "kepler"
    assert write_restructured(caption, numbers) == (
        "Störmer--Verlet, :math:`h = 0.02`: it errs by 50% [HLW, I.4], see Figure other.\n"
    )
    with pytest.raises(InputError, match="closing brace"):
        list(captions(r"\geofigure{kepler}{never closed"))


def test_every_figure_of_the_report_has_a_caption_without_latex(request):
    """Formulas apart, no macro is left over for a reader of Snakemake's report."""
    sections = sorted((request.config.rootpath / "report" / "sections").rglob("*.tex"))
    found = dict(pair for path in sections for pair in captions(path.read_text()))
    assert len(found) > 60
    for name, caption in found.items():
        plain = write_restructured(caption, {}).split(":math:`")
        words = plain[0] + "".join(part.partition("`")[2] for part in plain[1:])
        assert not set("\\{}$") & set(words), name
