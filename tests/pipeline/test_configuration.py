"""What the composed configuration is, and what it refuses, in one sentence with the nearest key."""

import json
import shutil
from pathlib import Path

import composed
import pytest
from composed import experiments
from refusals import check_command_line
from spiral import EXPERIMENT

from geoflow.ground.errors import InputError
from geoflow.pipeline import compose as configuration
from geoflow.pipeline.compose import compose
from geoflow.pipeline.source import find_file


def test_values_of_the_scale_go_over_the_common_ones(config):
    assert compose("spiral").values["steps"] == 1000
    assert compose("spiral", "smoke").values["steps"] == 10
    assert compose("spiral", "smoke").values["h"] == 0.1


def test_what_is_asked_by_hand_goes_over_the_scale(config):
    assert compose("spiral", "smoke", ["study.steps=7"]).values["steps"] == 7
    given = compose("spiral", "default", ["study.problem.omega=2.0", "threads=2"])
    assert given.values["problem"] == {"name": "harmonic_oscillator", "omega": 2.0}
    assert given.threads == 2


def test_the_frozen_slice_is_canonical_and_leaves_out_the_claims(config):
    before = compose("spiral").slice()
    text = EXPERIMENT.replace("above: 1}", "above: 2}").replace("h: 0.1", "h: 1.0e-1  # a comment")
    config.write_text(text)
    assert compose("spiral").slice() == before
    assert sorted(json.loads(before)) == ["experiment", "scale", "stage", "study", "threads", "values"]


def test_claims_belong_to_scales(config):
    assert [claim["name"] for claim in compose("spiral").claims] == ["out"]
    assert [claim["name"] for claim in compose("spiral", "paper").claims] == ["out", "far"]


def test_an_experiment_may_belong_to_one_scale(config):
    config.write_text(EXPERIMENT + "scales: [paper]\n")
    assert list(experiments("default")) == []
    assert list(experiments("paper")) == ["spiral"]
    with pytest.raises(InputError, match="it runs only at scale paper, not default"):
        compose("spiral")


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        ("steps: 1_000", "stesp: 1_000", r"unknown key 'study.stesp'; did you mean 'steps'\?"),
        ("smoke: {steps", "smoke: {step", r"unknown key 'at_scale.smoke.step'; did you mean 'ste"),
        ("smoke: {", "smok: {", r"at_scale: unknown scale 'smok'; did you mean 'smoke'\?"),
        ("\nstudy:", "\nsutdy:", r"unknown key 'sutdy'; did you mean 'study'\?"),
        ("ham", "hem", r"unknown study 'hemiltonian/side_by_side'; did you mean 'hamiltonian/side"),
        ("/side_by", "/side_bu", r"unknown study 'hamiltonian/side_bu_side'; did you mean 'hamiltonian/side"),
        ("- override /study: hamiltonian/side_by_side", "- override /methods: two", "expected '- over"),
        ("defaults:", "defaults:\n  - override /methods: tow", r"member of methods/ 'tow'; did you mean 'two"),
        ("defaults:", "defaults:\n  - /metods: two", r"defaults: unknown group 'metods'; did you mean 'meth"),
        ("# @package _global_\n", "", "expected '# @package _global_' as the first line"),
        ("rk4]", "rk5]", r"study.methods: unknown method 'rk5'; did you mean 'rk4'"),
        ("{name: harmonic_o", "{name: harmonc_o", r"study.problem: unknown problem 'harmonc_osc"),
        ("oscillator}", "oscillator, omgea: 2}", r"no parameter 'omgea'; did you mean 'omega'\?"),
        ("quantity: e", "quanity: e", r"unknown key 'claims\[0\].quanity'; did you mean 'quant"),
        (
            "energy_error/explicit_euler, above: 1",
            "enegry_error/explicit_euler, above: 1",
            r"no quantity 'enegry_error/explicit_euler'; did you mean 'energy_error/explicit_euler'",
        ),
        (
            "energy_error/explicit_euler, above: 1",
            "energy_error/rk3, above: 1",
            r"no quantity 'energy_error/rk3'; did you mean",
        ),
        (", above: 1}", "}", r"claim 'out' needs a threshold: give "),
        (", above: 1}", ", above: -.inf}", r"claim 'out' needs a threshold: give "),
        (", above: 1}", ", above: .nan}", r"claim 'out' needs a threshold: give "),
        (
            "oscillator}",
            "oscillator, omega: fast}",
            r"omega of problem 'harmonic_oscillator' to be a finite real number",
        ),
        ("name: far", "name: out", r"expected one claim 'out', got 2"),
        ("[paper]", "[papper]", r"unknown scale 'papper'; did you mean 'paper'\?"),
        ("h: 0.1", "h: wide", r"study.h: .*'wide'"),
        ("steps: 1_000", "steps: 0.5", r"study.steps: .*'0.5'"),
        ("  h: 0.1\n", "", r"expected a value for study.h, got none"),
        ("steps: 1_000", "runs: []", r"unknown key 'study.runs'"),
        ("h: 0.1", "h: [0.1", r"line \d+: expected YAML"),
        ("h: 0.1", "h: ${nowhere}", r"'nowhere' not found"),
        ("at_scale:\n  smoke: {steps: 10}", "at_scale: x", "at_scale: expected a dict, got 'x'"),
        ("at_scale:\n  smoke: {steps: 10}", "at_scale: ${methods.few}", "at_scale: expected a dict"),
        ("at_scale:", "scales: smoke\nat_scale:", "scales: expected a list, got 'smoke'"),
        ("at_scale:", "scales: 5\nat_scale:", "scales: expected a list, got 5"),
        ("defaults:\n  - override /study: hamiltonian/side_by_side", "defaults: 3", "defaults: expected a list, got 3"),
        pytest.param("h: 0.1", f"h: {'[' * 3000}", "expected YAML; maximum recursion depth", id="deep"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_file_and_the_nearest_key(config, old, new, sentence):
    assert old in EXPERIMENT
    config.write_text(EXPERIMENT.replace(old, new, 1))
    with pytest.raises(InputError, match=sentence) as error:
        experiments("smoke")
    assert "spiral" in str(error.value)
    assert "\n" not in str(error.value)


def test_claims_taken_from_elsewhere_are_checked_too(config):
    text, _, _ = EXPERIMENT.partition("claims:")
    config.write_text(text + "claims: ${study.methods}\n")
    with pytest.raises(InputError, match=r"claims\[0\]: expected keys and values, got 'explicit_euler'"):
        experiments("smoke")


@pytest.mark.parametrize(
    "override, sentence",
    [
        ("+new=1", "the command line: unknown key 'new'"),
        ("study.hh=0.1", "unknown key 'study.hh'; did you mean 'h'"),
        ("+study.problem.zz=1", "no parameter 'zz'"),
        ("h=0.1", "unknown key 'h'; did you mean 'study.h'"),
        ("hh=0.1", "unknown key 'hh'"),
        ("claims=[]", "unknown key 'claims'"),
        ("study.h=[", "Hydra says"),
        ("study.h=wide", "'wide'"),
        ("study.h=-0.1", r"study.h: expected a number > 0, got -0.1\."),
        ("study.h=inf", r"study.h: expected finite numbers, got inf\."),
        ("study.steps=0", r"study.steps: expected a number > 0, got 0\."),
        ("threads=0", r"spiral.yaml: threads: expected a number > 0, got 0\."),
        ("study=0.5", "Config group override must be a string or a list"),
        ("~study.h", "no key can be left out"),
        ("~threads", "no key can be left out"),
        ("study.h=0.1,0.2", "asks for several runs; add --multirun"),
        ("datset@study.dataset=digits", "unknown group 'datset'; did you mean 'dataset'"),
    ],
)
def test_overrides_are_as_strict_as_files(config, override, sentence):
    with pytest.raises(InputError, match=sentence):
        compose("spiral", "default", [override])


def test_a_stray_key_of_the_common_file_is_found_there(config):
    shared = configuration.CONFIG / "config.yaml"
    shared.write_text(shared.read_text() + "thread: 2\n")
    with pytest.raises(InputError, match=r"config/config.yaml: unknown key 'thread'; did you mean"):
        compose("spiral")


def test_a_list_of_methods_that_experiments_share_is_written_once(config):
    """An experiment takes it from its group, a scale may change it, and its file is checked."""
    shared = EXPERIMENT.replace("defaults:", "defaults:\n  - override /methods: two")
    config.write_text(shared.replace("[explicit_euler, rk4]", "${methods.full}"))
    assert compose("spiral").values["methods"] == ["explicit_euler", "rk4"]
    group = config.parents[2] / "methods" / "two.yaml"
    before = experiments("default")["spiral"]
    group.write_text(group.read_text().replace("rk4", "heun_2"))
    assert experiments("default")["spiral"].values["methods"] == ["explicit_euler", "heun_2"]
    assert before.values["methods"] == ["explicit_euler", "rk4"]
    group.write_text("ful: [rk4]\n")
    sentence = r"two.yaml: unknown key 'methods\.ful'; did you mean 'full'"
    with pytest.raises(InputError, match=sentence):
        experiments("default")


def test_unknown_names_are_answered_with_near_ones(config):
    with pytest.raises(InputError, match="unknown experiment 'spirl'; did you mean 'spiral'"):
        compose("spirl")
    with pytest.raises(InputError, match="unknown scale 'smok'; did you mean 'smoke'"):
        compose("spiral", "smok")
    with pytest.raises(InputError, match="--config: unknown key 'scael'; did you mean 'scale'"):
        check_command_line({"scael": "smoke"}, ["scale", "coursework"])
    with pytest.raises(InputError, match="--config: unknown scale 'papr'; did you mean 'paper'"):
        check_command_line({"scale": "papr"}, ["scale"])


def test_composition_is_remembered_until_a_value_changes_and_in_copies_of_the_tree(config, monkeypatch, tmp_path):
    one = experiments("smoke")
    with monkeypatch.context() as patch:
        patch.setattr(composed, "compose_tree", None)  # calling it would fail
        patch.setattr(composed, "find_file", lambda module: Path(shutil.copy(find_file(module), tmp_path)))
        assert experiments("smoke") == one
    config.write_text(EXPERIMENT.replace("steps: 10", "steps: 20"))
    assert experiments("smoke")["spiral"].values["steps"] == 20


CONTROL = (
    '  - {name: lost, text: "negative control: RK4 is lost", quantity: energy_error/rk4, above: 9, scales: [paper]}\n'
)


def test_a_headline_is_a_claim_with_a_negative_control(config):
    config.write_text(EXPERIMENT + CONTROL + "headlines: {out: lost}\n")
    (law,) = compose("spiral").claims
    assert (law["kind"], law["control"]) == ("headline", "lost")
    assert [claim["kind"] for claim in compose("spiral", "paper").claims] == ["headline", "law", "control"]


@pytest.mark.parametrize(
    "headlines, message",
    [
        ("{aut: lost}", r"headlines: unknown law 'aut'; did you mean 'out'"),
        ("{lost: lost}", r"headlines: unknown law 'lost'"),
        ("{out: last}", r"headline 'out': unknown negative control 'last'; did you mean 'lost'"),
        ("{out: far}", r"headline 'out': unknown negative control 'far'"),
    ],
)
def test_a_headline_without_law_or_control_is_refused(config, headlines, message):
    config.write_text(EXPERIMENT + CONTROL + f"headlines: {headlines}\n")
    with pytest.raises(InputError, match=message):
        compose("spiral")
