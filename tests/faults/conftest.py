"""Trees whose run was never disturbed."""

import shutil
from pathlib import Path

import pytest
from faulty import WORDS

from trees import Tree, small_copy


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The small tree after one run; not to be changed."""
    tree = small_copy(tmp_path_factory.mktemp("undisturbed") / "geoflow")
    ran = tree.snakemake(*WORDS)
    assert ran.returncode == 0, ran.stdout[-3000:]
    return tree


@pytest.fixture
def tree(undisturbed: Tree, tmp_path: Path) -> Tree:
    """A copy of the small tree after one run, dates included, for what a test may break.

    Its path has a space and an umlaut: what is made there is the same, byte by byte.
    """
    copy = tmp_path / "Geräte und Flüsse"
    shutil.copytree(undisturbed.path, copy, symlinks=True)
    return Tree(copy)
