"""The archive: the same inputs give the same bytes, and what is stale or missing is refused."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from build_submission import write_archive
from handing_in import RESULTS, Handed

from geoflow.ground.errors import InputError
from geoflow.ground.results import seal


def refusal(handed: Handed, scale: str = "default") -> str:
    with pytest.raises(InputError) as caught:
        handed.build(scale)
    assert not handed.archive.exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_archive_holds_text_sources_results_and_figures(handed: Handed) -> None:
    manifest = handed.build()
    members = handed.members()
    assert set(members) == {"MANIFEST.json", *manifest.files}
    assert next(iter(members)) == "MANIFEST.json"
    assert {
        *("Snakefile", "requirements.lock", "me.pdf", "src/geoflow/mine.py"),
        *("config/coursework.yaml", "report/coursework/main.tex", "workflow/rules/a.smk"),
        *(f"{RESULTS}/{n}" for n in ("config.json", "errors.parquet", "summary.parquet")),
        *("figures/order_pendulum.pdf", "figures/order_pendulum.png"),
        *("report/generated/coursework/numbers.tex",),
    } <= set(members)
    assert manifest.own == ["report/coursework/own/__init__.py"]
    assert manifest.experiments["order_pendulum"]["claims"][0]["quantity"] == "gap/rk4"


def test_the_same_inputs_give_the_same_bytes(handed: Handed) -> None:
    handed.build()
    first = handed.archive.read_bytes()
    for path in sorted(handed.tree.rglob("*"), reverse=True):
        os.utime(path, (2e9, 2e9))
        if path.is_file():
            path.chmod(0o600)
    handed.build()
    assert handed.archive.read_bytes() == first
    with zipfile.ZipFile(handed.archive) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


def test_the_date_of_the_files_is_the_one_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_archive(tmp_path / "x.zip", {"MANIFEST.json": b"{}"})
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)


def test_hidden_files_links_caches_and_litter_stay_out(handed: Handed) -> None:
    for name in (".env", "src/__pycache__/a.pyc", "src/x.egg-info/PKG", "report/coursework/a.aux"):
        (handed.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (handed.tree / name).write_text("secret")
    (handed.tree / "config" / "link").symlink_to("/etc/passwd")
    (handed.tree / "elsewhere.txt").write_text("secret")
    handed.build()
    assert b"secret" not in b"".join(handed.members().values())
    assert "config/link" not in handed.members()


@pytest.mark.parametrize(
    "missing, why",
    [
        ("submission/me.pdf", "submission/me.pdf is missing; make it with: snakemake submission"),
        ("figures/order_pendulum.png", "figures/order_pendulum.png is missing"),
        ("report/generated/coursework/numbers.tex", "numbers.tex is missing"),
        (f"{RESULTS}/errors.parquet", "errors.parquet is missing"),
        (f"{RESULTS}/summary.parquet", "has no results of order_pendulum; run snakemake"),
        (f"{RESULTS}/config.json", "has no results of order_pendulum; run snakemake"),
        ("requirements.lock", "the tree lacks requirements.lock"),
    ],
)
def test_what_is_missing_is_said(handed: Handed, missing: str, why: str) -> None:
    (handed.tree / missing).unlink()
    assert why in refusal(handed)


def test_results_of_other_values_are_stale(handed: Handed) -> None:
    handed.edit("config/experiment/convergence/order_pendulum.yaml", "2048]", "4096]")
    sentence = refusal(handed)
    assert "is out of date: config/ has changed since (values.steps:" in sentence
    assert "run snakemake" in sentence


def test_tables_that_are_not_of_their_frozen_values_are_stale(handed: Handed) -> None:
    for name in (f"{RESULTS}/config.json", "config/experiment/convergence/order_pendulum.yaml"):
        handed.edit(name, "2048]", "4096]")
    assert "config.json is damaged or edited" in refusal(handed)
    seal(Path(RESULTS))
    assert "its tables do not belong to its config.json" in refusal(handed)


def test_results_of_other_code_are_stale(
    handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("build_submission.code", lambda study, values: "another")
    assert "is out of date: src/ has changed since" in refusal(handed)


@pytest.mark.parametrize(
    "old, new, why",
    [
        ("accepted: true", "accepted: false", "the declaration is not accepted"),
        ("[order_pendulum]\nfig", "[order_pendulun]\nfig", "did you mean 'order_pendulum'?"),
        ("figures: [order", "figures: [orders", "unknown figure"),
    ],
)
def test_a_coursework_that_cannot_be_handed_in_is_not_built(handed: Handed, old: str, new: str, why: str) -> None:
    handed.edit("config/coursework.yaml", old, new)
    assert why in refusal(handed)


def test_a_file_that_no_archive_takes_is_named(handed: Handed) -> None:
    (handed.tree / "src" / "na\u00efve.py").write_text("")
    assert "rename or remove it" in refusal(handed)
    (handed.tree / "src" / "na\u00efve.py").unlink()
    (handed.tree / "src" / "big.bin").write_bytes(bytes(20_000_001))
    assert "src/big.bin has 20000001 bytes" in refusal(handed)


def test_files_that_differ_from_the_commit_are_listed(handed: Handed) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["rm", "-q", "--cached", "report/coursework/main.tex"], [*who, "commit", "-qm", "one"]):
        subprocess.run(["git", *words], check=True)
    manifest = handed.build()
    assert not manifest.commit.endswith("-dirty")
    assert "report/coursework/main.tex" in manifest.altered  # not tracked
    (handed.tree / "src/geoflow/mine.py").write_text("ANSWER = 43\n")
    handed.edit("config/coursework.yaml", "experiments", "upstream: HEAD\nexperiments")
    manifest = handed.build()
    assert manifest.commit.endswith("-dirty")
    assert {"src/geoflow/mine.py", "config/coursework.yaml"} <= set(manifest.own)
    assert "Snakefile" not in manifest.own


def test_an_upstream_commit_that_is_unknown_is_refused(handed: Handed) -> None:
    handed.edit("config/coursework.yaml", "experiments", "upstream: nowhere\nexperiments")
    assert "upstream: expected a commit of this repository, got 'nowhere'" in refusal(handed)


def test_an_own_package_outside_of_the_tree_is_refused(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOFLOW_OWN", "report/coursework/own")
    handed.build()
    monkeypatch.setenv("GEOFLOW_OWN", str(handed.tree.parent))
    with pytest.raises(InputError, match="copy it there"):
        handed.build()
