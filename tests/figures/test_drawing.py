"""Figures from made-up tables: what is written, where, and what is refused."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import made_up
import measuring
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.ground.answer import Answer
from geoflow.ground.results import Results
from geoflow.pipeline.draw import draw, main, render
from geoflow.pipeline.quantities import check_answer
from geoflow.studies import FIGURES, find_studies


@pytest.fixture(scope="module")
def written(synthetic: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Name, scale -> the PDF that `render` wrote, once for all tests."""
    return cache(lambda name, scale="default": render(name, scale, synthetic, tmp_path_factory.mktemp("written")))


def drawn(name: str, synthetic: Path) -> Figure:
    return draw(name, [Results(synthetic / "default" / e) for e in FIGURES[name].experiments])


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.filterwarnings("error")
def test_a_figure_is_drawn_without_warning_and_no_text_is_cut_off_or_covers_another(name: str, synthetic: Path) -> None:
    """A missing glyph or a legend that finds no room would be a warning."""
    with canvas.style():
        figure = drawn(name, synthetic)
        texts = measuring.placed(figure)
    assert measuring.cut_off(figure, texts) == []
    assert measuring.overlapping(texts) == []
    assert figure.get_figwidth() == pytest.approx(canvas.WIDTH)


def test_the_measure_finds_what_is_cut_off_and_what_overlaps() -> None:
    """Negative control: a title that is too long, and two texts in one place."""
    with canvas.style():
        figure, grid = canvas.panels()
        grid[0, 0].set_title("a title that is far too long " * 9)
        for words in ("one", "other"):
            grid[0, 0].text(0.5, 0.5, words)
        texts = measuring.placed(figure)
    assert measuring.cut_off(figure, texts) == [grid[0, 0].get_title()]
    assert ("one", "other") in measuring.overlapping(texts)


def test_made_up_tables_have_the_columns_that_the_study_declares(synthetic: Path) -> None:
    for name, study in find_studies().items():
        for experiment, one in made_up.drawn_experiments().items():
            if f"{one.stage}/{one.study}" == name:
                tables = {t: Results(synthetic / "default" / experiment).table(t) for t in study.tables}
                check_answer(study, one.values, Answer(tables=tables, summary={}), experiment)


@pytest.mark.parametrize("name", ["kepler_orbits", "digits_schemes", "expansion"])
def test_a_written_figure_has_the_width_of_the_text(name: str, written: Callable[..., Path]) -> None:
    pdf = written(name)
    assert pdf.name == f"{name}.pdf"
    assert pdf.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    content = pdf.read_bytes()
    assert b"/MediaBox [ 0 0 453.54" in content  # 160 mm in points
    assert b"/FontFile2" in content  # TrueType fonts are embedded
    assert b"/Type3" not in content


# A grid by matplotlib, bands and points with intervals by seaborn, a map of colours.
@pytest.mark.parametrize("name", ["order_kepler", "learned_flow", "digits_schemes", "expansion"])
def test_drawing_twice_gives_the_same_bytes(
    name: str, written: Callable[..., Path], synthetic: Path, tmp_path: Path
) -> None:
    one, two = written(name), render(name, "default", synthetic, tmp_path)
    for suffix in (".pdf", ".png"):
        assert one.with_suffix(suffix).read_bytes() == two.with_suffix(suffix).read_bytes()


def test_the_pdf_says_what_made_its_numbers(written: Callable[..., Path]) -> None:
    content = written("kepler_orbits").read_bytes()
    assert b"kepler_orbits: scale default" in content
    assert b"commit synthetic" in content


def test_only_the_default_scale_goes_without_watermark(written: Callable[..., Path]) -> None:
    with canvas.style():
        for scale, marks in (("default", 0), ("smoke", 1), ("paper", 1)):
            figure, _ = canvas.panels()
            canvas.watermark(figure, scale)
            texts = [text.get_text() for text in figure.texts]
            assert texts == [f"{scale} scale"] * marks
    plain, marked = written("kepler_orbits"), written("kepler_orbits", "smoke")
    assert plain.with_suffix(".png").read_bytes() != marked.with_suffix(".png").read_bytes()


def test_what_is_tracked_is_drawn_without_its_scale(
    written: Callable[..., Path], synthetic: Path, tmp_path: Path
) -> None:
    words = ["kepler_orbits", "--scale", "smoke", "--results", str(synthetic)]
    assert main([*words, "--out", str(tmp_path), "--unmarked"]) == 0
    plain, marked = tmp_path / "kepler_orbits.png", written("kepler_orbits", "smoke").with_suffix(".png")
    assert marked.read_bytes() != plain.read_bytes()
    assert plain.read_bytes() == written("kepler_orbits").with_suffix(".png").read_bytes()


def test_a_missing_table_is_one_sentence_and_no_file(
    synthetic: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures"
    arguments = ["kepler_orbits", "--scale", "paper", "--results", str(synthetic), "--out", str(out)]
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("geoflow: ")
    assert not out.exists()


def test_a_misspelt_figure_is_refused_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kepler_orbit"]) == 2
    assert "'kepler_orbits'" in capsys.readouterr().err


def test_a_figure_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    figure, _ = canvas.panels()
    figure.savefig = lambda *_, **__: 1 / 0  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        canvas.save(figure, tmp_path / "broken")
    assert list(tmp_path.iterdir()) == []


def test_points_outside_the_fit_are_hollow(synthetic: Path) -> None:
    with canvas.style():
        figure = drawn("order_kepler", synthetic)
    fitted = Results(synthetic / "default" / "order_kepler").table("errors")["in_fit"]
    dots = [d for axis in figure.axes for d in axis.lines if d.get_linestyle() == "None"]
    count = {True: 0, False: 0}
    for line in dots:
        filled = to_rgba(str(line.get_markerfacecolor())) != to_rgba("white")
        count[filled] += len(line.get_xdata())
    assert count == {True: fitted.sum(), False: (~fitted).sum()}


def test_the_table_of_figures_costs_no_science() -> None:
    """The Snakefile imports it at each start."""
    code = "import sys, geoflow.studies; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "matplotlib", "torch", "pyarrow"} & set(loaded)
