"""What the workflow asks of a cluster, planned without one: the whole is in tests/slurm."""

import math
import re
from pathlib import Path

import pytest
from demands import START_MEGABYTES, demand, measure, measured

from geoflow.ground import InputError

ROOT = Path(__file__).resolve().parents[2]
BENCHMARK = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def test_a_repeated_job_asks_for_more_memory_and_time():
    for job, scale in (("hamiltonian/kepler_orbits", "default"), ("nobody/knows", "smoke"), ("robust/x", "paper")):
        one = demand(job, scale)
        assert one.memory(None, 1) >= 1.5 * one.megabytes + START_MEGABYTES
        assert 60 * one.runtime(None, 1) >= 4 * one.seconds
        assert [one.memory(None, k) // one.memory(None, 1) for k in (1, 2, 3)] == [1, 2, 3]
        assert [one.runtime(None, k) // one.runtime(None, 1) for k in (1, 2, 3)] == [1, 2, 3]


def test_demands_are_those_of_the_benchmark_files(tmp_path):
    (tmp_path / "draw").mkdir()
    (tmp_path / "draw/discs.tsv").write_text(BENCHMARK + "9\t0:00:09\t321.5\t1\t1\t1\t1\t1\t1\t4.2\n")
    (tmp_path / "claims.tsv").write_text(BENCHMARK + "0.1\t0:00:00\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\n")
    found = measure(tmp_path)
    assert (found["draw/discs"].seconds, found["draw/discs"].megabytes) == (4.2, 321.5)
    assert found["claims"].seconds == 0
    with pytest.raises(InputError, match="got none; try make reproduce first"):
        measure(tmp_path / "draw" / "nothing")


def test_the_tracked_table_has_the_jobs_of_a_whole_run():
    jobs = measured()
    assert len(jobs) > 80 and {"draw/kepler_orbits", "hamiltonian/kepler_orbits"} <= jobs.keys()
    assert all(0 <= one.seconds < 3600 and 0 <= one.megabytes < 8000 for one in jobs.values())


@pytest.mark.slow
def test_a_dry_run_with_the_profile_groups_short_jobs_and_names_account_and_partition(small):
    """The profile and the user's file of docs/cluster.md, with the executor of a dry run, which needs no plug-in."""
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/cluster.md").read_text(), re.S)
    assert block
    small.write("cluster.yaml", block[1])
    words = ("--workflow-profile", "slurm", "--profile", "cluster.yaml", "--executor", "dryrun")
    dry = small.snakemake("-n", *words, "--config", "scale=smoke", "--", "figures/harmonic_oscillator.pdf")
    assert dry.returncode == 0, dry.stdout
    asked = re.findall(r"rule (\w+):.*?resources: (.*?)$", dry.stdout, re.M | re.S)
    needs = {rule: dict(pair.split("=") for pair in text.split(", ")) for rule, text in asked}
    study = demand("hamiltonian/harmonic_oscillator", "smoke")
    assert study.short and "Group job studies" in dry.stdout and "Group job figures" in dry.stdout
    for rule in ("hamiltonian_side_by_side", "draw_harmonic_oscillator"):
        assert (needs[rule]["slurm_account"], needs[rule]["slurm_partition"]) == ("my_account", "my_partition")
    assert needs["hamiltonian_side_by_side"]["mem_mb"] == str(study.memory(None, 1))
    assert needs["hamiltonian_side_by_side"]["runtime"] == str(math.ceil((4 * study.seconds + 120) / 60))
