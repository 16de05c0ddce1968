"""Audit, schemes and strips, tiny: what they return is sound, and their negative controls bite."""

import pytest

from asking import study_of
from geoflow.ground.answer import Answer
from geoflow.ground.errors import InputError
from geoflow.studies import find_studies

DATA = {"name": "digits", "train": 400, "test": 60}
TRAINING = {"epochs": 8, "batch": 50, "learning_rate": 0.01}
OFFSET = {"name": "offset_cross_entropy", "offset": 0.6, "temperature": 0.1}
RESNET = {"label": "resnet", "architecture": {"name": "resnet", "depth": 2}, "loss": {"name": "cross_entropy"}}
NON_EXPANSIVE = {"label": "non_expansive", "architecture": {"name": "non_expansive", "depth": 2}, "loss": OFFSET}
FREE = {
    "label": "free",
    "architecture": {"name": "non_expansive", "depth": 2, "last": "free"},
    "loss": {"name": "cross_entropy"},
}
LADDER = [
    {"label": "short", "steps": 10, "restarts": 1, "relative_step": 0.25},
    {"label": "full", "steps": 10, "objectives": ["margin"]},
]

audit = study_of("robust/audit")
schemes = study_of("robust/schemes")
strips = study_of("robust/strips")


@pytest.fixture(scope="module")
def audited() -> Answer:
    quick = {"queries": 10, "parts": ["apgd-ce"]}
    common = {"dataset": DATA, "training": TRAINING, "images": 40, "seed": 0}
    return audit(networks=[RESNET, NON_EXPANSIVE], control=FREE, attacks=LADDER, auto_attack=quick, eps=[0.8], **common)


@pytest.fixture(scope="module")
def compared() -> Answer:
    return schemes(
        dataset=DATA,
        network=NON_EXPANSIVE,
        schemes=["explicit_euler", "rk4", "implicit_euler"],
        stages=4,
        implicit_step=2.0,
        mistaken={"rk4_38": "rk4"},
        training=TRAINING,
        attack={"steps": 5, "restarts": 1},
        eps=[0, 0.3],
        seeds=[0],
    )


@pytest.fixture(scope="module")
def stripped() -> Answer:
    return strips(
        dataset=DATA,
        networks=[RESNET],
        training=TRAINING,
        attack={"steps": 20, "restarts": 1},
        eps=[0, 1],
        shown=3,
        images=50,
        seed=0,
    )


def test_the_schema_names_the_tables(audited: Answer, compared: Answer, stripped: Answer) -> None:
    for name, study in (("audit", audited), ("schemes", compared), ("strips", stripped)):
        assert set(study.tables) == set(find_studies()[f"robust/{name}"].tables)


def test_a_short_attack_is_seen_to_be_short_and_flatters(audited: Answer) -> None:
    summary = audited.summary
    assert summary["reach/short"] <= 0.25 + 1e-6
    assert summary["reach/full"] > 0.99
    assert summary["inflation/resnet/0.8"] > 0.3


def test_all_attacks_together_are_the_worst_and_never_below_what_is_certified(audited) -> None:
    wide = audited.tables["budgets"].pivot_table("correct", ["network", "eps"], "attack")
    assert (wide["all"] <= wide[["short", "full", "auto_attack"]].min(axis=1)).all()
    assert (wide["certified"] <= wide["all"]).all()


def test_only_the_network_with_a_free_last_layer_breaks_uncounted_certificates(audited) -> None:
    assert audited.summary["false_claims/free"] > 0.05
    assert audited.summary["false_claims/non_expansive"] == 0


def test_two_attacks_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="different label"):
        audit(DATA, [], FREE, TRAINING, [LADDER[0]] * 2, {}, [0.5], 10, 0)


def test_schemes_have_equal_parameters_and_a_bound_of_one(compared: Answer) -> None:
    assert compared.tables["schemes"]["parameters"].nunique() == 1
    networks = compared.tables["networks"]
    assert (networks["found"] <= networks["bound"]).all() and compared.summary["largest_bound"] <= 1 + 1e-9
    shares = compared.tables["accuracy"].pivot_table("accuracy", ["scheme", "seed", "eps"], "kind")
    assert (shares["certified"] <= shares["attacked"]).all()
    steps = compared.tables["schemes"].set_index("scheme")
    assert (steps.loc["explicit_euler", "substeps"], steps.loc["rk4", "substeps"]) == (4, 1)


def test_a_scheme_with_the_radius_of_another_loses_its_bound(compared: Answer) -> None:
    assert compared.summary["bound/rk4_38_as_rk4"] > 1.5
    assert compared.summary["certified/rk4_38_as_rk4/0.3"] == 0


def test_an_attack_flips_what_noise_of_its_length_does_not(stripped: Answer) -> None:
    summary = stripped.summary
    assert summary["right/resnet/0"] == summary["noise/resnet/0"] > 0.8
    assert summary["right/resnet/1"] < 0.4 < 0.8 < summary["noise/resnet/1"]
    outcomes = stripped.tables["outcomes"]
    assert (outcomes["size"] - outcomes["eps"]).max() < 1e-9


def test_pixels_are_those_of_different_classes_and_differences_are_in_the_ball(stripped) -> None:
    pixels = stripped.tables["pixels"]
    outcomes = stripped.tables["outcomes"].drop_duplicates("image").set_index("image")
    shown = pixels["image"].unique()
    assert outcomes.loc[shown, "label"].is_unique and len(shown) == 3
    sizes = (pixels["change"] ** 2).groupby([pixels["image"], pixels["eps"]]).sum() ** 0.5
    assert (sizes.xs(0, level="eps") == 0).all()
    assert ((sizes.xs(1, level="eps") > 0.9) & (sizes.xs(1, level="eps") <= 1 + 1e-9)).all()
    with pytest.raises(InputError, match="expected 3 classes"):
        strips(DATA, [RESNET], TRAINING, {"steps": 5}, [0], 3, 2, 0)
