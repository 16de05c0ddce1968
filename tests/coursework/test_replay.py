"""Level replay: the rebuilt files are compared with the submitted ones."""

import shutil
from importlib import metadata
from pathlib import Path

import pytest
from archives.compare import Tolerance
from archives.outcome import Report, Status
from archives.replay import other_versions
from archives.sandbox import Running
from archives.sources import find_commit
from archives.verify import verify
from handing_in import EXPERIMENT, PIPELINE, RESULTS, Handed, commit

from geoflow.ground.errors import InputError
from geoflow.ground.results import read_table, seal, write_table

CONFINED = shutil.which("bwrap") is not None
ERRORS = f"{RESULTS}/errors.parquet"


@pytest.fixture
def built(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> Handed:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return handed


def running(handed: Handed, **more: object) -> Running:
    return Running(quiet=True, clone=handed.clone, **{"sandbox": CONFINED, **more})  # type: ignore[arg-type]


def replayed(handed: Handed, tolerance: Tolerance = Tolerance(), **more: object) -> tuple[Report, dict[str, Status]]:  # noqa: B008
    report = verify(handed.archive, level="replay", tolerance=tolerance, running=running(handed, **more))
    return report, {one.what: one.status for one in report.lines if one.check == "replay"}


def scaled(path: Path, factor: float) -> None:
    """Multiply the errors in a table by `factor`, with the metadata as they were."""
    frame = read_table(path)
    frame["error"] = frame["error"] * factor
    write_table(path, frame, provenance=frame.attrs["geoflow"])
    seal(path.parent)


def test_an_untouched_archive_is_rebuilt_identically(built: Handed) -> None:
    built.build()
    report, found = replayed(built)
    assert set(found.values()) == {Status.IDENTICAL}, (found, report.notes)
    made = {"figures/order_pendulum.png", "me.pdf", ERRORS, f"{RESULTS}/config.json"}
    assert made <= set(found)
    assert report.exit_status == 0


def test_a_result_that_the_code_does_not_give_is_found(built: Handed) -> None:
    """Even where text and figures were made to agree with it."""
    scaled(built.tree / ERRORS, 0.9)
    built.build()
    report, found = replayed(built)
    assert found[ERRORS] is Status.DIFFERENT
    assert report.exit_status == 1


@pytest.mark.parametrize("rtol, expected", [(1e-6, Status.WITHIN), (1e-9, Status.DIFFERENT), (1e-3, Status.WITHIN)])
def test_the_tolerance_is_the_callers(built: Handed, rtol: float, expected: Status) -> None:
    scaled(built.tree / ERRORS, 1 + 1e-7)
    built.build()
    report, found = replayed(built, tolerance=Tolerance(rtol=rtol, atol=0))
    assert found[ERRORS] is expected
    assert f"tolerance: numbers {rtol:g} relative" in " ".join(report.notes)


def test_nothing_that_was_handed_in_as_a_result_is_taken_for_a_rebuilt_one(built: Handed, tmp_path: Path) -> None:
    """The marker's clone is another repository, and lacks what the rebuild needs."""
    clone, made = tmp_path / "clone", "workflow/made/" + ERRORS.replace("/", "__")
    shutil.copytree(built.tree, clone, ignore=shutil.ignore_patterns(".git", Path(made).name))
    commit(clone)
    built.build()
    report, found = replayed(Handed(built.tree, clone))
    assert found == {"1 source files": Status.DIFFERENT}
    built.forge(lambda members: members.pop(made))
    report, found = replayed(Handed(built.tree, clone))
    assert found[ERRORS] is Status.MISSING
    assert "the rebuild failed; its last lines" in " ".join(report.notes)


def test_an_archive_that_copies_its_claims_instead_of_computing_them_is_refused(built: Handed) -> None:
    """Its errors are a thousandth of the true ones, and its pipeline would copy them from where they lie."""
    scaled(built.tree / ERRORS, 1e-3)
    shutil.copy(built.tree / ERRORS, built.tree / "workflow/made" / ERRORS.replace("/", "__"))
    built.edit("Snakefile", '"cp {input} {output}"', '"cp ../claimed/{output} {output}"')
    built.build()
    report, found = replayed(built)
    assert found == {"2 source files": Status.DIFFERENT}
    (line,) = [line for line in report.lines if line.check == "replay"]
    assert "Snakefile, workflow/made" in line.detail and "read them, then use --trust-code" in line.detail


@pytest.mark.skipif(not CONFINED, reason="bubblewrap is not installed")
def test_code_that_is_trusted_runs_out_of_reach_of_its_claims(built: Handed) -> None:
    built.edit("Snakefile", '"cp {input} {output}"', '"cp ../claimed/{output} {output} || cp {input} {output}"')
    scaled(built.tree / ERRORS, 1e-3)
    built.build()
    report, found = replayed(built, trust_code=True)
    assert found[ERRORS] is Status.DIFFERENT and found[f"{RESULTS}/config.json"] is Status.IDENTICAL
    assert "code of the archive that was trusted: Snakefile." in report.notes


def test_trusted_code_cannot_have_its_claims_compared_with_themselves(built: Handed) -> None:
    built.edit("Snakefile", '"cp {input} {output}"', '"ln -s $PWD/../claimed/{output} {output} || true"')
    scaled(built.tree / ERRORS, 1e-3)
    built.build()
    _, found = replayed(built, trust_code=True)
    assert found[ERRORS] in (Status.DIFFERENT, Status.MISSING)


def test_text_configuration_and_the_package_come_from_the_archive(built: Handed) -> None:
    for name in ("report/coursework/main.tex", "report/coursework/own/mine.py", "config/notes.yaml"):
        (built.tree / name).touch()
        (built.tree / name).write_text((built.tree / name).read_text() + "% changed\n")
    built.build()
    report, found = replayed(built)
    assert set(found.values()) == {Status.IDENTICAL}
    assert report.exit_status == 0


def test_a_rebuild_that_takes_too_long_is_ended(built: Handed) -> None:
    built.edit("Snakefile", PIPELINE, f"import time\ntime.sleep(600)\n{PIPELINE}")
    built.build()
    report, _ = replayed(built, trust_code=True, timeout=3)
    assert "it was stopped at the time limit of 3 s" in " ".join(report.notes)
    assert report.exit_status == 1


def test_a_pdf_that_is_not_of_its_sources_is_found(built: Handed) -> None:
    (built.tree / "submission/me.pdf").write_bytes(b"%PDF-1.5 written by hand")
    built.build()
    assert replayed(built)[1]["me.pdf"] in (Status.DIFFERENT, Status.UNCHECKED)


def test_no_code_of_the_archive_runs_unless_it_is_trusted(built: Handed) -> None:
    mark = built.tree / "ran"
    built.edit("Snakefile", PIPELINE, f"open({str(mark)!r}, 'w').close()\n{PIPELINE}")
    built.build()
    for level in ("integrity", "consistency", "replay"):
        verify(built.archive, level=level, running=running(built))
        assert not mark.exists()
    replayed(built, trust_code=True, sandbox=False)
    assert mark.exists()


def test_without_a_sandbox_a_replay_runs_nothing(built: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    built.build()
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InputError, match=r"expected bubblewrap .* or use --unsafe"):
        replayed(built, sandbox=True)


def test_other_versions_than_those_of_the_lock_are_said(built: Handed) -> None:
    assert other_versions("# pins\nnumpy==0.1\nno-such-package==1\n")[0].startswith("numpy 0.1 -> ")
    version = metadata.version("numpy")
    assert other_versions(f"numpy=={version}+cpu ; python_version > '3'\n") == []
    built.build()
    assert "differ from requirements.lock: numpy 2.0 ->" in " ".join(replayed(built)[0].notes)


def test_a_stated_commit_that_the_clone_has_gives_the_sources(built: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find_commit(built.tree, ())
    (built.tree / "Snakefile").write_text("")
    commit(built.tree)
    assert find_commit(built.tree, (first, "0" * 40)) == first
    assert find_commit(built.tree, ("0" * 40, "--all", "unknown")) != first
    with pytest.raises(InputError, match="expected a clone of geoflow with git"):
        find_commit(Path("/nowhere"), (first,))


def test_an_experiment_of_the_own_package_is_decided_by_the_rebuild(built: Handed) -> None:
    built.build()
    own = {"report/coursework/own/order_pendulum.yaml": EXPERIMENT.encode()}
    built.forge(lambda members: members.update(own))
    assert "is not decided" in built.verify().verdict()
    report, found = replayed(built)
    assert found["values and claims of order_pendulum"] is Status.IDENTICAL
    assert "holds at level replay" in report.verdict()
