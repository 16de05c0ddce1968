"""A cluster for all tests of this folder; they are skipped, with the reason, where it cannot be had."""

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "pipeline"))  # one_process, for local runs

import cluster as slurm

from trees import Tree, small_copy

USER = """\
default-resources:
  slurm_partition: batch
slurm-no-account: true
slurm-status-command: squeue
slurm-init-seconds-before-status-checks: 3
"""


def reason() -> str:
    if not os.environ.get("GEOFLOW_SLURM"):
        return "takes minutes; run make test-slurm"
    if not find_spec("snakemake_executor_plugin_slurm"):
        return "snakemake-executor-plugin-slurm is not installed; see docs/cluster.md"
    return slurm.missing()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slurm.Cluster]:
    if why := reason():
        pytest.skip(f"no SLURM: {why}")
    with slurm.started(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="session")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which a user names the partition; the cluster of these tests has no accounting."""
    path = tmp_path_factory.mktemp("user") / "mine.yaml"
    path.write_text(USER)
    return path


@pytest.fixture
def small(cluster: slurm.Cluster, tmp_path: Path) -> Tree:
    """A clean copy with one quick experiment, harmonic_oscillator, and its figure."""
    return small_copy(tmp_path / "geoflow")
