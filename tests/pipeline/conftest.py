"""The trees in which the tests of the pipeline run Snakemake."""

import pytest

from trees import Tree, clean_copy, small_copy


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory) -> Tree:
    """The whole workflow at the smallest scale, run once from a clean copy."""
    tree = clean_copy(tmp_path_factory.mktemp("reproduced") / "geoflow")
    done = tree.snakemake("--cores", "2", "--config", "scale=smoke")
    tree.write("snakemake.out", done.stdout)
    assert done.returncode == 0, done.stdout[-6000:]
    return tree


@pytest.fixture
def small(tmp_path) -> Tree:
    """A clean copy with one quick experiment, harmonic_oscillator: for what a test may break."""
    return small_copy(tmp_path / "geoflow")
