"""A run as a figure: what is drawn of which problem, and what a missing library gives."""

import pytest

from geoflow import PROBLEMS, integrate
from geoflow.ground.errors import GeoflowError

# Problem -> axis labels of its states.
SHOWN = {
    "pendulum": ("$q_{1}$", "$p_{1}$"),
    "kepler": ("$q_{1}$", "$q_{2}$"),
    "lotka_volterra": ("$y_{1}$", "$y_{2}$"),
    "outer_solar_system": ("$x$ (AU)", "$y$ (AU)"),
    "sir": ("$t$ (day)", ""),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_run_is_drawn_by_the_kind_of_its_problem_beside_the_changes_of_its_invariants(name, tmp_path):
    run = integrate(name, "gauss_2", h=0.01, steps=50)
    figure = run.plot()
    states, changes = figure.axes
    assert (states.get_xlabel(), states.get_ylabel()) == SHOWN[name]
    assert [text.get_text() for text in changes.get_legend().get_texts()] == [
        invariant.replace("_", " ") for invariant in run.invariants
    ]
    figure.savefig(tmp_path / "run.png")
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_each_body_has_its_orbit_and_many_components_are_an_image():
    orbits = integrate("outer_solar_system", "stormer_verlet", h=50, steps=10).plot().axes[0]
    assert len(orbits.lines) == 2 * 6  # each with a dot at the end
    chain = integrate(PROBLEMS["fput"](m=8), "stormer_verlet", h=0.01, steps=10).plot().axes[0]
    assert chain.collections and not chain.lines
    alone = integrate("abc_flow", "rk4", h=0.1, steps=10).plot().axes
    assert len(alone) == 1 and len(alone[0].lines) == 3


def test_without_matplotlib_a_plot_gives_one_sentence(monkeypatch):
    def missing(module, package):
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")

    monkeypatch.setattr("geoflow.ground.shown.import_module", missing)
    with pytest.raises(GeoflowError, match=r"^matplotlib is not installed; try: pip install 'geoflow-gni\[figures\]'$"):
        integrate("pendulum", "rk4", h=0.1, steps=10).plot()
