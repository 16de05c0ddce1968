"""Studies of many runs that go on after a kill: nothing is computed twice, and the numbers are the same."""

import io

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground import resumable
from geoflow.ground.remembered import remember
from geoflow.ground.resumable import TREE, compute_part

lyapunov = study_of("hamiltonian/lyapunov")

STUDIES = {
    "variable_steps": (
        study_of("hamiltonian/variable_steps"),
        ([0.6, 0.8], 100, 40, 5, ["stormer_verlet"], ["reversible_verlet"]),
    ),
    "resonances": (
        study_of("hamiltonian/resonances"),
        ({"name": "fput"}, ["stormer_verlet", "imex"], 0.02, 2, 2.5, 6, [0.02], "imex", 2),
    ),
    "sections": (
        study_of("hamiltonian/sections"),
        (
            {"name": "henon_heiles"}, [1 / 12], runs_of(["srkn_6_4", "rk4"], h=[0.3, 0.2]),
            3, 5, [1 / 12, 0.2, 0], 50, 100,
        ),
    ),
    "lyapunov": (lyapunov, ([1 / 12, 1 / 8], runs_of(["srkn_6_4"], h=[0.6]), 3, 2000, 2, 4)),
    "first_integrals": (
        study_of("hamiltonian/first_integrals"),
        ({"name": "henon_heiles"}, ["rk4", "stormer_verlet"], 0.05, 200, 10, 1e-4, 8, 10),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(STUDIES))
def test_a_killed_study_goes_on_to_the_same_tables_and_computes_no_piece_again(name, tmp_path, monkeypatch):
    study, values = STUDIES[name]
    whole, names = study(*values), []

    def killed(folder, label, compute, *given, **more):
        if names:
            raise KeyboardInterrupt
        names.append(label)
        return compute_part(folder, label, compute, *given, **more)

    monkeypatch.setattr(resumable, "compute_part", killed)
    with pytest.raises(KeyboardInterrupt):
        study(*values, checkpoints=tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(names)

    def only_new(folder, label, compute, *given, **more):
        def forbidden(*given, **more):
            raise AssertionError(label)

        return compute_part(folder, label, forbidden if label in names else compute, *given, **more)

    monkeypatch.setattr(resumable, "compute_part", only_new)
    again = study(*values, checkpoints=tmp_path)
    assert again.summary == pytest.approx(whole.summary, rel=0, abs=0, nan_ok=True)
    for table, frame in whole.tables.items():
        assert frame.equals(again.tables[table])


def test_pieces_of_one_name_would_be_one_piece(tmp_path):
    assert compute_part(tmp_path, "a", lambda x: x + 1, 1) == compute_part(tmp_path, "a", lambda x: x - 1, 1) == 2
    assert compute_part(None, "a", lambda x, y: x - y, 1, y=1) == 0


def test_energies_and_steps_that_differ_little_are_different_pieces(tmp_path):
    runs = runs_of(["srkn_6_4", "srkn_6_4"], h=[0.6, 0.3])
    values = ([0.125, 0.1250000001], runs, 2, 2000, 1, 4)
    stored = lyapunov(*values, checkpoints=tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    assert stored.tables["exponents"].equals(lyapunov(*values).tables["exponents"])


@pytest.mark.parametrize(
    "tree",
    ['["made", "geoflow.ground.answer", "Renamed", {}]', '["made", "geoflow.gone", "X", {}]', '["array", "b"]', "{"],
)
def test_a_part_stored_by_another_version_is_computed_again_after_a_sentence(tree, tmp_path, capsys):
    packed = io.BytesIO()
    np.savez(packed, **{TREE: np.frombuffer(tree.encode(), np.uint8)})
    remember(tmp_path / "one.part", packed.getvalue())
    assert compute_part(tmp_path, "one", lambda: 7.0) == 7.0
    assert "was stored by another version" in capsys.readouterr().err
    assert compute_part(tmp_path, "one", lambda: 8.0) == 7.0
