"""The trees in which the tests of the pipeline run Snakemake."""

import shutil

import pytest
from one_process import JOBS, SMOKE, compute_the_rest, draw_the_rest, ran
from spiral import EXPERIMENT, SHARED

from trees import Tree, clean_copy, small_copy


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory) -> Tree:
    """The whole workflow at the smallest scale, run once from a clean copy."""
    tree = clean_copy(tmp_path_factory.mktemp("reproduced") / "geoflow")
    ran(tree, "--cores", "2", *SMOKE, "--", *(f"figures/{name}.pdf" for name in JOBS))
    compute_the_rest(tree)
    draw_the_rest(tree)
    ran(tree, "--cores", "2", *SMOKE)
    return tree


@pytest.fixture
def small(tmp_path) -> Tree:
    """A clean copy with one quick experiment, harmonic_oscillator: for what a test may break."""
    return small_copy(tmp_path / "geoflow")


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A config tree with one experiment, called spiral; returns the path of its file."""
    folder = tmp_path / "config"
    (folder / "scale").mkdir(parents=True)
    (folder / "experiment" / "hamiltonian").mkdir(parents=True)
    shutil.copy(SHARED, folder / "config.yaml")
    (folder / "methods").mkdir()
    (folder / "methods" / "two.yaml").write_text("full: [explicit_euler, rk4]\nfew: [rk4]\n")
    for scale in ("smoke", "default", "paper"):
        (folder / "scale" / f"{scale}.yaml").write_text(f"name: {scale}\n")
    path = folder / "experiment" / "hamiltonian" / "spiral.yaml"
    path.write_text(EXPERIMENT)
    monkeypatch.chdir(tmp_path)
    return path
