"""Level replay: the rebuilt files are compared with the submitted ones."""

from importlib import metadata
from pathlib import Path

import pytest
from handing_in import PIPELINE, RESULTS, Handed

from geoflow.coursework.compare import Tolerance
from geoflow.coursework.outcome import Report, Status
from geoflow.coursework.replay import Running, other_versions, run
from geoflow.coursework.verify import verify
from geoflow.ground.results import read_table, seal, write_table

QUIET = Running(quiet=True)
ERRORS = f"{RESULTS}/errors.parquet"


@pytest.fixture
def built(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> Handed:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return handed


def replayed(handed: Handed, **more: object) -> tuple[Report, dict[str, Status]]:
    report = verify(handed.archive, running=QUIET, **more)  # type: ignore[arg-type]
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
    assert set(found.values()) == {Status.IDENTICAL}
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


def test_nothing_that_was_handed_in_as_a_result_is_taken_for_a_rebuilt_one(built: Handed) -> None:
    (built.tree / "workflow/made" / ERRORS.replace("/", "__")).unlink()
    built.build()
    report, found = replayed(built)
    assert found[ERRORS] is Status.MISSING
    assert "the rebuild failed; its last lines" in " ".join(report.notes)


def test_a_rebuild_that_takes_too_long_is_ended(built: Handed) -> None:
    built.edit("Snakefile", PIPELINE, f"import time\ntime.sleep(600)\n{PIPELINE}")
    built.build()
    report = verify(built.archive, running=Running(quiet=True, timeout=3))
    assert "it was stopped at the time limit of 3 s" in " ".join(report.notes)
    assert report.exit_status == 1


def test_a_pdf_that_is_not_of_its_sources_is_found(built: Handed) -> None:
    (built.tree / "submission/me.pdf").write_bytes(b"%PDF-1.5 written by hand")
    built.build()
    assert replayed(built)[1]["me.pdf"] in (Status.DIFFERENT, Status.UNCHECKED)


def test_the_code_of_the_archive_runs_at_level_replay_alone(built: Handed, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    built.edit("Snakefile", PIPELINE, f"open({str(mark)!r}, 'w').close()\n{PIPELINE}")
    built.build()
    for level in ("integrity", "consistency"):
        verify(built.archive, level=level)
        assert not mark.exists()
    replayed(built)
    assert mark.exists()


def test_other_versions_than_those_of_the_lock_are_said(built: Handed) -> None:
    assert other_versions("# pins\nnumpy==0.1\nno-such-package==1\n")[0].startswith("numpy 0.1 -> ")
    version = metadata.version("numpy")
    assert other_versions(f"numpy=={version}+cpu ; python_version > '3'\n") == []
    built.build()
    assert "differ from requirements.lock: numpy 2.0 ->" in " ".join(replayed(built)[0].notes)


def test_a_process_that_outlives_its_command_is_ended_too(tmp_path: Path) -> None:
    said = run(["bash", "-c", "(sleep 1; touch late) >/dev/null 2>&1 & echo word; exit 3"], tmp_path, QUIET)
    assert said == ["word"]
    assert run(["sleep", "1.5"], tmp_path, QUIET) == []
    assert not (tmp_path / "late").exists()
