"""Streamed runs: the same rows however they are cut, killed and resumed; memory that does not grow."""

import tracemalloc

import numpy as np
import pytest

from geoflow import integrate
from geoflow.ground import recall, remember
from geoflow.ground.resumable import pack, unpack
from geoflow.integrators.segments import Segments
from geoflow.measure import long_run as module
from geoflow.measure.long_run import logarithmic, long_run


def equal_ends(steps, number):
    return range(steps // number, steps + 1, steps // number)


def energy(run, segment):
    return [run.t, segment.drift["energy"], *run.y]


def pendulum(method="gauss_3"):
    return Segments("pendulum", method, h=0.1, compensated=True)


def killed_after(segments):
    """A look that dies, as a process does, when it has seen so many segments."""
    left = iter(range(segments))

    def look(run, segment):
        next(left)
        return energy(run, segment)

    return look


def test_rows_are_those_of_the_whole_run():
    rows = long_run(pendulum(), equal_ends(1000, 10), energy, monitor=1)
    whole = integrate("pendulum", "gauss_3", h=0.1, steps=1000, compensated=True, monitor=1)
    assert rows.shape == (10, 4)
    assert np.array_equal(rows[:, 2:], whole.y[100::100])
    assert np.array_equal(rows[:, 0], whole.t[100::100])
    assert rows[:, 1].max() == whole.drift["energy"]


def test_the_newest_state_may_be_a_row_as_it_is():
    rows = long_run(pendulum(), equal_ends(100, 10), lambda run, _: run.y)
    assert np.array_equal(rows, long_run(pendulum(), equal_ends(100, 10), energy)[:, 2:])


def test_a_look_may_return_any_number_of_rows():
    rows = long_run(pendulum(), [30, 100], lambda _, part: np.c_[part.t, part.y], every=20)
    whole = integrate("pendulum", "gauss_3", h=0.1, steps=100, every=20, compensated=True)
    assert np.array_equal(rows, np.c_[whole.t, whole.y][1:])


@pytest.mark.parametrize("method", ["stormer_verlet", "gauss_3"])
def test_a_killed_run_goes_on_to_the_same_bits(method, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.0)
    ends, file = logarithmic(5000, 40), tmp_path / "runs" / "one.npz"
    whole = long_run(pendulum(method), ends, energy)
    with pytest.raises(StopIteration):
        long_run(pendulum(method), ends, killed_after(25), checkpoint=file)
    later = pendulum(method)
    rows = long_run(later, ends, killed_after(len(ends) - 25), checkpoint=file)
    assert rows.tobytes() == whole.tobytes()
    again = long_run(pendulum(method), ends, killed_after(0), checkpoint=file)  # nothing is left
    assert again.tobytes() == whole.tobytes()
    assert [path.name for path in file.parent.iterdir()] == ["one.npz"]


def test_a_resume_that_forgets_the_compensation_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.0)
    ends, file = equal_ends(5000, 10), tmp_path / "one.npz"
    whole = long_run(pendulum("stormer_verlet"), ends, energy)
    with pytest.raises(StopIteration):
        long_run(pendulum("stormer_verlet"), ends, killed_after(5), checkpoint=file)
    stored = unpack(recall(file))
    force, lost = stored["carry"].reshape(2, 2)
    assert force.any() and lost.any()
    remember(file, pack({**stored, "carry": np.concatenate([force, np.zeros(2)])}))
    rows = long_run(pendulum("stormer_verlet"), ends, energy, checkpoint=file)
    assert np.array_equal(rows[:5], whole[:5]) and not np.array_equal(rows, whole)


def test_a_half_written_checkpoint_begins_anew(tmp_path):
    file = tmp_path / "one.npz"
    long_run(pendulum(), equal_ends(100, 4), energy, checkpoint=file)
    file.write_bytes(file.read_bytes()[:100])
    rows = long_run(pendulum(), equal_ends(100, 4), energy, checkpoint=file)
    assert np.array_equal(rows, long_run(pendulum(), equal_ends(100, 4), energy))


@pytest.mark.parametrize("lacking", ["counted", "y", "start", "carry", "arguments", "rows"])
def test_a_checkpoint_that_lacks_a_key_is_ignored_with_a_sentence(lacking, tmp_path, capsys):
    file = tmp_path / "one.npz"
    whole = long_run(pendulum(), equal_ends(100, 4), energy, checkpoint=file)
    stored = unpack(recall(file))
    del stored[lacking]
    remember(file, pack(stored))
    assert np.array_equal(long_run(pendulum(), equal_ends(100, 4), energy, checkpoint=file), whole)
    said = capsys.readouterr().err
    assert f"{lacking!r} is missing; its content is computed again." in said and said.count("\n") == 1
    assert unpack(recall(file)).keys() >= {lacking}


@pytest.mark.parametrize("other", [{"h": 0.2}, {"t0": 1.0}, {"y0": [1.0, 0.1]}, {"compensated": False}])
def test_the_checkpoint_of_another_run_is_ignored_with_a_sentence(other, tmp_path, capsys):
    file, given = tmp_path / "one.npz", {"h": 0.1, "compensated": True, **other}
    long_run(pendulum(), equal_ends(100, 4), energy, checkpoint=file)
    whole = long_run(Segments("pendulum", "gauss_3", **given), equal_ends(100, 4), energy)
    rows = long_run(Segments("pendulum", "gauss_3", **given), equal_ends(100, 4), energy, checkpoint=file)
    assert np.array_equal(rows, whole)
    assert "it belongs to another run" in capsys.readouterr().err


def test_memory_does_not_grow_with_the_steps():
    def peak(steps):
        run = Segments("pendulum", "stormer_verlet", h=0.1)
        run.advance(1)  # compiled
        tracemalloc.start()
        long_run(run, equal_ends(steps, 100), energy)
        _, high = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return high

    peak(1000)
    assert peak(2_000_000) < 1.1 * peak(2000) < 200_000


def test_ends_of_segments():
    ends = logarithmic(10_000, 9)
    assert ends.tolist() == [1, 3, 10, 32, 100, 316, 1000, 3162, 10_000]
