"""Chains with stiff springs: the scaling of the frequencies, and filters with deliberate mistakes."""

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.ground.registry import Table
from geoflow.integrators import METHODS
from geoflow.integrators.formulas.trigonometric import one, sinc, trigonometric_method
from geoflow.integrators.integrate import integrate
from geoflow.measure.stiff_springs import spring_energies, with_oscillatory_energy
from geoflow.problems import PROBLEMS
from geoflow.studies.hamiltonian.exchange.study import half_time
from geoflow.studies.hamiltonian.resonances.study import _deviations, _grid

FPUT = {"name": "fput", "m": 3, "omega": 50.0}
WATCHED = with_oscillatory_energy(PROBLEMS["fput"])

exchange = study_of("hamiltonian/exchange")
resonances = study_of("hamiltonian/resonances")


def test_the_adiabatic_invariant_is_the_sum_of_the_energies_of_the_stiff_springs():
    run = integrate(WATCHED, "stormer_verlet", h=0.01, steps=50)
    energies = spring_energies(WATCHED, run.y)
    assert energies[0].tolist() == pytest.approx([1, 0, 0])
    assert energies.sum(axis=1) == pytest.approx(run.invariants["oscillatory"], rel=1e-12)


@pytest.mark.parametrize("method", ["stormer_verlet", "hairer_lubich"])
def test_another_frequency_by_scaling_is_that_frequency(method: str):
    omega, h, time = 80.0, 0.02, 10.0
    steps = round(time / h)
    direct = integrate(with_oscillatory_energy(PROBLEMS["fput"](omega=omega)), method, h=h, steps=steps, monitor=1)
    scaled = _deviations(WATCHED, method, h, time, omega)
    for value, name in zip(scaled, ("energy", "oscillatory"), strict=True):
        first = float(direct.invariants[name][0])
        assert value == pytest.approx(direct.drift[name] / first, rel=1e-6)


def test_the_springs_exchange_their_energy_and_keep_the_sum():
    study = exchange(
        FPUT, runs_of(["srkn_14_6", "hairer_lubich", "stormer_verlet"], h_omega=[0.5, 2.5, 2.5]), 200, 0.5,
        "srkn_14_6", 0.25, 200,
    )  # fmt: skip
    summary = study.summary
    assert summary["exchange_error/srkn_14_6/0.5"] < 1e-5
    assert summary["transfer/srkn_14_6/0.5"] > 0.9
    assert summary["oscillatory/srkn_14_6/0.5"] < 0.1
    # Keeps the sum better than the problem does, because it exchanges next to nothing.
    assert summary["oscillatory/hairer_lubich/2.5"] < 0.02
    assert summary["transfer/hairer_lubich/2.5"] < 0.1
    assert "speed/hairer_lubich/2.5" not in summary
    assert summary["overflow/stormer_verlet/2.5"] == 1
    assert set(study.tables["energies"]["method"]) == {"srkn_14_6", "hairer_lubich"}


def test_a_careless_kick_loses_the_adiabatic_invariant():
    study = exchange(
        FPUT, runs_of(["stormer_verlet", "careless_verlet"], h_omega=[0.1, 0.1]), *(50, 0.5, "srkn_14_6", 0.25, 50)
    )
    assert study.summary["oscillatory/stormer_verlet/0.1"] < 0.1
    overflow = study.summary["overflow/careless_verlet/0.1"]
    assert overflow or study.summary["oscillatory/careless_verlet/0.1"] > 10


def test_half_of_the_energy_has_arrived_where_the_line_crosses_one_half():
    t = np.array([0.0, 1.0, 2.0])
    assert half_time(t, np.array([[1, 0], [0.75, 0.25], [0.25, 0.75]])) == 1.5
    assert half_time(t, np.array([[1, 0], [0.9, 0.1], [0.6, 0.4]])) == np.inf


def test_a_missing_filter_shows_as_a_peak(monkeypatch: pytest.MonkeyPatch):
    """The negative controls: psi = 1, no filter at all, and Garcia-Archilla's method without its phi."""
    known = {
        "unfiltered": trigonometric_method(one, one, "test"),
        "half_filtered": trigonometric_method(sinc, one, "test"),
        "imex": METHODS["imex"],
    }
    monkeypatch.setattr("geoflow.integrators.arguments.METHODS", Table("method", known))
    study = resonances(FPUT, list(known), 0.02, 100, 2.5, 20, [0.02], "imex", 2)
    summary = study.summary
    assert summary["worst/energy/unfiltered"] > 0.1
    assert summary["peak/energy/half_filtered/2"] > 100
    assert summary["worst/energy/imex"] < 1e-3
    assert summary["peak/energy/imex/1"] < 2
    assert summary["peak/energy/imex/2"] < 2
    assert summary["stable/imex"] > 7
    assert (study.tables["deviations"].groupby("method").size() == 24).all()


def test_the_grid_of_frequencies_meets_no_multiple_of_pi():
    grid = _grid(4.5, 64, [0.02])
    assert len(grid) == 64 + 8
    assert 0 < grid[0] < grid[-1] < 4.5 * np.pi
    assert np.abs(np.sin(grid)).min() > 1e-3
    assert np.isclose(grid, np.pi + 0.02).any() and np.isclose(grid, 4 * np.pi - 0.02).any()


def test_filters_are_one_for_small_steps():
    for name in ("gautschi", "deuflhard", "garcia_archilla", "hochbruck_lubich", "hairer_lubich"):
        method = METHODS[name]
        for filtered in method.inner.values():
            assert filtered(1e-4) == pytest.approx(1, abs=1e-7)
            assert filtered(0.7) == pytest.approx(filtered(-0.7))
    assert sinc(0.0) == 1


def test_steps_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="a multiple of all steps"):
        exchange(FPUT, runs_of(["stormer_verlet"], h_omega=[1.1]), 10, 0.5, "stormer_verlet", 0.25, 10)
