"""Claims that a study states for all of its experiments."""

import pytest
from composed import experiments
from spiral import SHARED

from geoflow.ground.errors import InputError
from geoflow.pipeline.compose import compose
from geoflow.pipeline.written import standing_claims
from geoflow.studies import find_studies

ORDER = """\
# @package _global_
# Runge-Kutta methods have their order.
defaults:
  - override /study: convergence/order
study:
  problem: {name: pendulum}
  methods: [rk4]
  steps: [64, 128]
"""


def test_an_experiment_inherits_the_standing_claims_whose_quantities_its_values_give(config):
    config.write_text(ORDER)
    assert [claim["name"] for claim in compose("spiral").claims] == ["orders", "inside"]
    config.write_text(ORDER + "  controls: [rk4_mistyped]\n")
    assert [claim["name"] for claim in compose("spiral").claims] == ["orders", "inside", "rk4_mistyped"]


def test_an_own_claim_takes_the_place_of_the_standing_one(config):
    own = "{name: orders, text: nearly, quantity: largest_gap, below: 0.5}"
    config.write_text(f"{ORDER}claims:\n  - {own}\n")
    (claim,) = [claim for claim in compose("spiral").claims if claim["name"] == "orders"]
    assert (claim["text"], claim["below"]) == ("nearly", 0.5)


def test_every_standing_claim_is_judged_in_some_experiment(monkeypatch):
    monkeypatch.chdir(SHARED.parents[1])
    judged = {
        (f"{one.stage}/{one.study}", claim["name"])
        for scale in ("default", "paper")
        for one in experiments(scale).values()
        for claim in one.claims
    }
    for name, study in find_studies().items():
        for claim in standing_claims(study):
            assert any(n == name and c.startswith(claim["name"]) for n, c in judged), claim


def test_claims_name_methods_that_run(config):
    """The runs of a study say which methods a quantity may be about."""
    config.write_text(
        ORDER.replace("convergence/order", "hamiltonian/planets")
        .replace("pendulum", "outer_solar_system")
        .replace("  methods: [rk4]\n  steps: [64, 128]\n", "  runs: [{method: rk4, h: 10}]\n")
        + "  time: 100\n  samples: 10\nclaims:\n"
        + "  - {name: far, text: far, quantity: energy_error/rk3, below: 1}\n"
    )
    with pytest.raises(InputError, match="did you mean 'energy_error/rk4'"):
        compose("spiral")
    config.write_text(config.read_text().replace("rk3", "rk4").replace("h: 10}]", "g: 10}]"))
    with pytest.raises(InputError, match=r"unknown key 'study.runs\[0\].g'; "):
        compose("spiral")
