"""Networks in lower precision, tiny: where certificates break, and that the proved bounds are bounds."""

import pytest
import torch

from asking import study_of
from geoflow.ground.answer import Answer
from geoflow.ground.errors import InputError
from geoflow.networks import ARCHITECTURES
from geoflow.networks.certificates import certified_radii, margins
from geoflow.networks.network import build, copy_for_evaluation
from geoflow.studies.robust.arithmetic.study import points_of_margin

GIVEN = {
    "dataset": {"name": "digits", "train": 300, "test": 60},
    "network": {
        "label": "non_expansive",
        "architecture": {"name": "non_expansive", "depth": 2, "width": 64},
        "loss": {"name": "offset_cross_entropy", "offset": 0.6, "temperature": 0.1},
    },
    "training": {"epochs": 2, "batch": 50, "learning_rate": 0.01},
    "margins": [1e-8, 1e-5, 1e-4, 0.1],
    "eps": [0.0, 0.1],
    "seeds": [0],
}
arithmetic = study_of("robust/arithmetic")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return arithmetic(arithmetics=["float64", "float32", "bfloat16"], **GIVEN)


def test_the_errors_of_each_arithmetic_are_below_its_bound(answer: Answer) -> None:
    errors = answer.tables["errors"].set_index("arithmetic")
    assert errors.loc["float64", "error"] == 0 < errors.loc["float64", "bound"] < 1e-9
    assert 0 < errors.loc["float32", "error"] <= errors.loc["float32", "bound"] < 0.1
    assert 1e-4 < errors.loc["bfloat16", "error"] <= errors.loc["bfloat16", "bound"]


def test_certificates_break_at_small_margins_in_lower_precision_only(answer: Answer) -> None:
    summary = answer.summary
    assert summary["broken/float32/1e-08"] > summary["broken/float32/0.0001"] == 0
    assert summary["broken/bfloat16/0.0001"] > 0.1
    assert {summary[f"broken/float64/{edge}"] for edge in ("1e-08", "1e-05", "0.0001", "0.1")} == {0.0}
    assert summary["certified/float64/0"] >= summary["certified/float32/0"] > summary["certified/bfloat16/0"] == 0


def test_a_larger_unit_of_rounding_gives_smaller_radii_and_an_unknown_arithmetic_is_refused() -> None:
    network = build(ARCHITECTURES["non_expansive"](classes=4), (1, 4, 4), torch.Generator().manual_seed(0))
    exact, x = (
        copy_for_evaluation(network),
        torch.rand(30, 1, 4, 4, generator=torch.Generator().manual_seed(1)).double(),
    )
    labels = exact(x).argmax(dim=1)
    double, single = certified_radii(exact, x, labels), certified_radii(exact, x, labels, unit=2.0**-24)
    assert ((double - single > 1e-6) & (double - single < 1e-2)).all()
    points, classes = points_of_margin(exact, x, labels, 1e-3)
    found = margins(exact(points), classes)
    assert len(points) > 10
    assert ((found >= 1e-3) & (found < 1e-3 + 1e-12)).double().mean() > 0.5
    with pytest.raises(InputError, match="unknown arithmetic 'float128'"):
        arithmetic(arithmetics=["float128"], **GIVEN)
