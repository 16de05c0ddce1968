"""Levels integrity and consistency: what was tampered with is found, and no code of the archive runs."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from archives.outcome import Status
from archives.verify import verify
from handing_in import RESULTS, Handed, printed, write_pdf
from PIL import Image
from verify_archive import main, main_verify

from geoflow.ground.errors import InputError
from geoflow.ground.results import read_table, write_table

NUMBERS = "report/generated/coursework/numbers.tex"
SUMMARY = f"{RESULTS}/summary.parquet"


def outcomes(handed: Handed, level: str) -> dict[str, Status]:
    return {line.what: line.status for line in handed.verify(level).lines}


@pytest.fixture
def built(handed: Handed) -> Handed:
    handed.build()
    return handed


def test_an_untouched_archive_holds(built: Handed) -> None:
    report = built.verify()
    assert {line.status for line in report.lines} == {Status.IDENTICAL}, report.table()
    whats = {line.what for line in report.lines}
    assert {NUMBERS, RESULTS, "figures/order_pendulum.png", "config/coursework.yaml"} <= whats
    assert report.exit_status == 0


def test_altered_missing_and_extra_files_break_integrity(built: Handed) -> None:
    def tamper(members: dict[str, bytes]) -> None:
        members["src/geoflow/mine.py"] += b"#"
        del members["Snakefile"]
        members["extra.txt"] = b""

    built.forge(tamper, hashes=False)
    found = outcomes(built, "integrity")
    assert found["src/geoflow/mine.py"] is Status.DIFFERENT
    assert found["Snakefile"] is Status.MISSING
    assert found["extra.txt"] is Status.DIFFERENT
    assert built.verify().exit_status == 1, "it goes no further, and runs nothing"


def test_a_number_of_the_text_that_is_not_in_the_tables_is_found(built: Handed) -> None:
    built.forge(lambda members: members.update({NUMBERS: members[NUMBERS].replace(b"4", b"5")}))
    assert outcomes(built, "integrity").popitem()[1] is Status.IDENTICAL
    assert outcomes(built, "consistency")[NUMBERS] is Status.DIFFERENT


def test_a_table_that_was_edited_contradicts_the_text(built: Handed, tmp_path: Path) -> None:
    def improve(members: dict[str, bytes]) -> None:
        path = tmp_path / "t.parquet"
        path.write_bytes(members[SUMMARY])
        frame = read_table(path)
        frame.loc[frame["key"] == "gap/rk4", "value"] = 0.0
        write_table(path, frame, provenance=frame.attrs["geoflow"])
        members[SUMMARY] = path.read_bytes()

    built.forge(improve)
    found = outcomes(built, "consistency")
    assert found[NUMBERS] is Status.DIFFERENT
    assert found["report/generated/coursework/tables/claims.tex"] is Status.DIFFERENT


def test_a_tampered_figure_is_found(built: Handed, tmp_path: Path) -> None:
    def redraw(members: dict[str, bytes]) -> None:
        path = tmp_path / "f.png"
        path.write_bytes(members["figures/order_pendulum.png"])
        image = Image.open(path).convert("RGB")
        box = (image.width // 10, image.height // 5, image.width // 4, image.height // 3)
        image.paste((255, 255, 255), box)
        image.save(path)
        members["figures/order_pendulum.png"] = path.read_bytes()

    built.forge(redraw)
    assert outcomes(built, "consistency")["figures/order_pendulum.png"] is Status.DIFFERENT


def test_a_tampered_figure_of_the_text_is_found(built: Handed, tmp_path: Path) -> None:
    """The text shows the PDF: that the PNG is right helps nobody."""
    from matplotlib.figure import Figure

    Figure(figsize=(6.3, 4)).savefig(tmp_path / "f.pdf")
    data = (tmp_path / "f.pdf").read_bytes()
    built.forge(lambda members: members.update({"figures/order_pendulum.pdf": data}))
    found = outcomes(built, "consistency")
    assert found["figures/order_pendulum.png"] is Status.IDENTICAL
    assert found["figures/order_pendulum.pdf"] is Status.UNCHECKED and found["me.pdf"] is Status.DIFFERENT


def test_tables_of_another_run_are_found(built: Handed, tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", pd.DataFrame({"key": ["a"], "value": [1.0]}))
    built.forge(lambda members: members.update({SUMMARY: (tmp_path / "t.parquet").read_bytes()}))
    assert outcomes(built, "consistency")[RESULTS] is Status.DIFFERENT


@pytest.mark.parametrize("name", [SUMMARY, f"{RESULTS}/orders.parquet", f"{RESULTS}/config.json", "me.pdf", NUMBERS])
def test_a_result_that_was_left_out_is_missed(built: Handed, name: str) -> None:
    built.forge(lambda members: members.pop(name))
    report = built.verify()
    assert report.exit_status == 1
    assert any(line.status in (Status.MISSING, Status.DIFFERENT) for line in report.lines)


@pytest.mark.parametrize(
    "old, new",
    [
        (b"accepted: true", b"accepted: false"),
        (b"Candidate 1", b"Candidate 2"),
        (b"figures: [order_pendulum]", b"figures: []"),
        (b"identifier", b"identifer"),
    ],
)
def test_a_manifest_that_its_configuration_contradicts_is_found(built: Handed, old: bytes, new: bytes) -> None:
    path = "config/coursework.yaml"
    built.forge(lambda members: members.update({path: members[path].replace(old, new)}))
    assert outcomes(built, "consistency")[path] is Status.DIFFERENT


def test_a_figure_of_the_archives_own_module_is_not_judged_by_ours(built: Handed) -> None:
    def own(members: dict[str, bytes]) -> None:
        members["figures/order_pendulum.png"] = b"drawn otherwise"
        members["src/geoflow/studies/convergence/order/figure.py"] = b"# another module"

    built.forge(own)
    report = built.verify()
    found = {line.what: line.status for line in report.lines}
    assert found["figures/order_pendulum.png"] is Status.UNCHECKED and report.exit_status == 1
    assert "src/geoflow/mine.py, src/geoflow/studies/convergence/order/figure.py" in " ".join(report.notes)


def status_of(handed: Handed, what: str) -> tuple[Status, str]:
    (line,) = [line for line in handed.verify().lines if line.what == what]
    return line.status, line.detail


@pytest.mark.parametrize(
    "change, words",
    [
        (
            lambda lines: ["Another text of somebody else, with results of its own."],
            "does not print what its sources say",
        ),
        (
            lambda lines: [line.replace("nothing", "everything") for line in lines],
            "does not print what its sources say",
        ),
        (lambda lines: [*lines, "The gap is 0.123 in truth."], "prints numbers that are in no source: '0.123'"),
        (lambda lines: [*lines, *["We also proved the theorem of nobody."] * 2], "prints what is in no source"),
        (lambda lines: [line.replace("holds", "fails") for line in lines], "does not print what its sources say"),
    ],
)
def test_a_pdf_that_was_replaced_or_edited_is_found(
    built: Handed, tmp_path: Path, change: Callable[[list[str]], list[str]], words: str
) -> None:
    write_pdf(tmp_path / "x.pdf", change(printed(built.tree)), Path("figures/order_pendulum.pdf"))
    built.forge(lambda members: members.update({"me.pdf": (tmp_path / "x.pdf").read_bytes()}))
    status, detail = status_of(built, "me.pdf")
    assert status is Status.DIFFERENT and words in detail


def test_a_pdf_without_the_figure_or_with_another_is_found(built: Handed, tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    Figure(figsize=(6.3, 4)).savefig(tmp_path / "f.pdf")
    for figure in (None, tmp_path / "f.pdf"):
        write_pdf(tmp_path / "x.pdf", printed(built.tree), figure)
        built.forge(lambda members: members.update({"me.pdf": (tmp_path / "x.pdf").read_bytes()}))
        assert status_of(built, "me.pdf") == (
            Status.DIFFERENT, "it does not show the figures 'order_pendulum'"
        )  # fmt: skip


def test_a_line_that_is_in_no_source_is_quoted_and_the_archive_does_not_hold(built: Handed, tmp_path: Path) -> None:
    lines = printed(built.tree)
    write_pdf(tmp_path / "x.pdf", [*lines * 2, "We also proved this."], Path("figures/order_pendulum.pdf"))
    built.forge(lambda members: members.update({"me.pdf": (tmp_path / "x.pdf").read_bytes()}))
    status, detail = status_of(built, "me.pdf")
    assert status is Status.UNCHECKED and "'We also proved this.'" in detail
    assert built.verify().exit_status == 1


@pytest.mark.parametrize("where", ["manifest", "configuration", "both"])
def test_a_claim_that_was_rewritten_is_found(built: Handed, where: str) -> None:
    path = "config/experiment/convergence/order_pendulum.yaml"

    def rewrite(members: dict[str, bytes]) -> None:
        if where != "manifest":
            members[path] = members[path].replace(b"below: 0.1", b"below: 9.0")
        if where != "configuration":
            tree = json.loads(members["MANIFEST.json"])
            (claim,) = [one for one in tree["experiments"]["order_pendulum"]["claims"] if one["name"] == "fourth"]
            claim["below"] = 9.0
            members["MANIFEST.json"] = json.dumps(tree).encode()

    built.forge(rewrite)
    status, detail = status_of(built, "values and claims of order_pendulum")
    assert status is Status.DIFFERENT and "the claims of the manifest are not those of config/" in detail


def test_values_that_the_yaml_does_not_give_are_found(built: Handed) -> None:
    path = "config/experiment/convergence/order_pendulum.yaml"
    built.forge(lambda members: members.update({path: members[path].replace(b"2048]", b"4096]")}))
    status, detail = status_of(built, "values and claims of order_pendulum")
    assert (status, detail) == (Status.DIFFERENT, "config.json holds values that config/ does not give")


@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff\xfe", b'{"format": 1}'])
def test_an_archive_without_a_manifest_is_refused(built: Handed, junk: bytes) -> None:
    built.forge(lambda members: members.update({"MANIFEST.json": junk}), hashes=False)
    with pytest.raises(InputError, match="expected"):
        verify(built.archive, level="integrity")


def test_the_command_says_it_by_table_by_exit_status_and_by_json(
    built: Handed, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(built.archive), "--level", "integrity", "--json", "results.json"]
    assert main(words) == 0
    assert "identical" in capsys.readouterr().out
    assert json.loads(Path("results.json").read_text())["score"] == 1
    built.forge(lambda members: members.update({"Snakefile": b"#"}), hashes=False)
    assert main(words) == 1
    failed = [t for t in json.loads(Path("results.json").read_text())["tests"] if not t["score"]]
    assert [test["name"] for test in failed] == ["integrity: Snakefile"]
    assert "me.zip does not hold at level integrity" in capsys.readouterr().out


def test_a_refusal_reaches_the_json_too(built: Handed) -> None:
    built.archive.write_bytes(b"no archive at all, just words")
    with pytest.raises(InputError, match="ZIP"):
        main_verify(str(built.archive), json="results.json")
    (test,) = json.loads(Path("results.json").read_text())["tests"]
    assert (test["status"], test["score"]) == ("failed", 0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), RuntimeError("a defect")])
def test_results_are_written_whatever_happens(
    built: Handed, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        assert json.loads(Path("results.json").read_text())["score"] == 0, "before anything is read"
        raise error

    monkeypatch.setattr("archives.verify.unpack", fail)
    with pytest.raises(type(error)):
        main_verify(str(built.archive), json="results.json")
    (test,) = json.loads(Path("results.json").read_text())["tests"]
    assert test["status"] == "failed" and (str(error) or type(error).__name__) in test["output"]


def test_an_unknown_level_is_one_sentence(built: Handed) -> None:
    with pytest.raises(InputError, match="did you mean 'replay'"):
        verify(built.archive, level="replays")


@pytest.mark.parametrize("author", ["\x1b[2J", "A\nme.zip holds at level replay"])
def test_control_characters_and_lines_of_an_archive_do_not_reach_the_terminal(
    built: Handed, author: str, tmp_path: Path
) -> None:
    def sign(members: dict[str, bytes]) -> None:
        tree = json.loads(members["MANIFEST.json"])
        members["MANIFEST.json"] = json.dumps({**tree, "author": author}).encode()

    built.forge(sign, hashes=False)
    with pytest.raises(InputError, match="expected 'author' as one line of text"):
        main_verify(str(built.archive), level="integrity", json=str(tmp_path / "results.json"))
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 0
