"""Whatever comes in, a sentence or a result goes out: never a stack trace, and nothing outside the target."""

import json
import math
import re
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from archives.verify import verify
from build_submission import write_archive
from hypothesis import given
from hypothesis import strategies as st

from geoflow import integrate
from geoflow.cli import main
from geoflow.ground.errors import GeoflowError
from geoflow.ground.results import Results, write_tables
from geoflow.pipeline.compose import compose

ROOT = Path(__file__).parents[2]
TEXT = st.text(max_size=12)
NUMBERS = st.one_of(
    st.floats(),
    st.integers(-3, 200),
    st.booleans(),
    st.none(),
    st.complex_numbers(),
    TEXT,
    st.just(np.array([0.1, 0.2])),
)
# Few methods and problems, so that most of the time goes into calls and not into compilation.
METHODS = st.sampled_from(["rk4", "stormer_verlet", "gauss_2", "verlet", "gauss_0", "", "kepler"])
PROBLEMS = st.sampled_from(["pendulum", "kepler", "driven_pendulum", "pendulm", "", "rk4"])
STATES = st.one_of(st.none(), st.lists(st.floats(-3, 3), max_size=5), st.lists(NUMBERS, max_size=4), NUMBERS)


def check_sentence(error):
    """One line that says something."""
    assert str(error).strip()
    assert "\n" not in str(error)


@given(
    PROBLEMS, METHODS, NUMBERS, st.one_of(st.integers(-2, 60), NUMBERS), STATES, NUMBERS,
    st.dictionaries(st.sampled_from(["every", "monitor", "compensated", "invariants"]), NUMBERS),
)  # fmt: skip
def test_integrate_returns_finite_states_or_a_sentence(problem, method, h, steps, y0, t0, more):
    if isinstance(steps, int | float) and not isinstance(steps, bool) and steps > 1e5:
        steps = 7
    try:
        run = integrate(problem, method, h=h, steps=steps, y0=y0, t0=t0, **more)
    except GeoflowError as error:
        check_sentence(error)
    else:
        assert np.isfinite(run.y).all() and len(run.t) == len(run.y)
        assert math.isfinite(run.h)


WORDS = st.one_of(
    st.sampled_from(
        ["list", "show", "check", "integrate", "verify", "keep-paper", "methods", "problems", "rk4",
         "kepler", "pendulum", "--json", "--h", "0.1", "--steps", "1e2", "--y0", "1,0", "--t0", "nan",
         "--every", "--parameter", "omega=2", "--level", "consistency", "--out", "--help", "harmonic_oscillator"]
    ),
    TEXT,
    st.floats().map(str),
)  # fmt: skip


@given(st.lists(WORDS, max_size=8))
def test_the_command_line_ends_with_status_0_1_or_2(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("cli")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        try:
            status = main([word.replace("\0", "") for word in words])
        except SystemExit as stopped:  # argparse's own
            status = stopped.code
    assert status in (0, 1, 2)
    written = {path.name for path in folder.iterdir()}
    assert written <= {word for word in words if word.endswith(".parquet")}


CONFIG = sorted((ROOT / "config" / "experiment").glob("*/*.yaml"))
CHANGES = st.sampled_from(
    ["", "x", ": ", "- ", "{", "[", "'", "1e400", ".nan", "null", "true", "\t", "&a ", "*a", "${x}", "\ud7ff"]
)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory):
    folder = tmp_path_factory.mktemp("configuration")
    shutil.copytree(ROOT / "config", folder / "config")
    return folder


@given(st.sampled_from(CONFIG), st.floats(0, 1), st.integers(0, 12), CHANGES)
def test_a_damaged_experiment_composes_or_gets_a_sentence(configuration, path, place, cut, put):
    copy = configuration / path.relative_to(ROOT)
    text = path.read_text()
    at = int(place * len(text))
    copy.write_text(text[:at] + put + text[at + cut :], errors="surrogatepass")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(configuration)
        try:
            compose(path.stem, "smoke")
        except GeoflowError as error:
            check_sentence(error)
        finally:
            copy.write_text(text)


KEYS = st.sampled_from(
    ["study.h", "study.steps", "study.methods", "study.problem", "study.problem.name", "threads", "scale"]
    + ["experiment", "study", "+study.new", "~study.h", "study.methods[0]", "hydra.run.dir"]
)


@given(st.lists(st.tuples(KEYS, st.one_of(NUMBERS.map(str), TEXT)), max_size=3))
def test_overrides_compose_or_get_a_sentence(configuration, pairs):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(configuration)
        try:
            compose("kepler_orbits", "smoke", [f"{key}={value}" for key, value in pairs])
        except GeoflowError as error:
            check_sentence(error)


@given(st.binary(max_size=60), st.integers(0, 10**9), st.booleans())
def test_a_damaged_table_is_named_and_never_read(tmp_path_factory, junk, place, truncate):
    folder = tmp_path_factory.mktemp("tables")
    frame = pd.DataFrame({"h": np.linspace(0, 1, 40), "method": ["rk4"] * 40})
    summary = pd.DataFrame({"key": ["a"], "value": [1.0]})
    write_tables(folder, {"errors": frame, "summary": summary}, provenance={"scale": "default"})
    path = folder / "errors.parquet"
    whole = path.read_bytes()
    at = place % len(whole)
    damaged = whole[:at] + junk + (b"" if truncate else whole[at + len(junk) :])
    path.write_bytes(damaged)
    if damaged == whole:
        return
    with pytest.raises(GeoflowError):
        Results(folder).table("errors")


PLAIN = NUMBERS.filter(lambda x: x is None or isinstance(x, int | str | float))
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
INSIDE = st.sampled_from(
    ["manifest.json", "me.pdf", "config/coursework.yaml", "../out", "/abs", "a/../../b"]
    + ["data/results/default/x/summary.parquet"]
)
MEMBERS = st.dictionaries(
    INSIDE | TEXT, st.binary(max_size=40) | JSON.map(lambda tree: json.dumps(tree, default=str).encode()), max_size=5
)


@given(MEMBERS)
def test_a_made_up_archive_is_refused_and_writes_nothing_outside(tmp_path_factory, members):
    folder = tmp_path_factory.mktemp("archive")
    archive = folder / "in" / "me.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as file:
        for name, data in members.items():
            if name and not re.search(r"[\0\ud800-\udfff]", name):
                file.writestr(name, data)
    try:
        report = verify(archive, level="consistency")
    except GeoflowError as error:
        check_sentence(error)
    else:
        assert report.exit_status == 1
    assert [path.name for path in folder.rglob("*")] == ["in", "me.zip"]


@pytest.fixture(scope="module")
def submission(tmp_path_factory):
    """An archive in the format of `build_submission.py` whose hashes agree."""
    path = tmp_path_factory.mktemp("submission") / "me.zip"
    frame = pd.DataFrame({"key": ["a"], "value": [1.0]})
    write_tables(path.parent, {"summary": frame}, provenance={"scale": "default"})
    members = {"data/results/default/x/summary.parquet": (path.parent / "summary.parquet").read_bytes()}
    members |= {
        "config/coursework.yaml": b"identifier: me\n",
        "me.pdf": b"%PDF-1.5\n",
        "data/results/default/x/config.json": b"{}",
    }
    texts = dict.fromkeys(("identifier", "title", "author", "declaration", "geoflow", "python", "platform"), "me")
    texts |= dict.fromkeys(("commit", "code", "package", "upstream"), "") | {"scale": "default", "format": 1}
    made = {
        "experiments": {"x": {"claims": []}},
        "figures": {},
        "altered": [],
        "own": [],
        "coursework": "config/coursework.yaml",
    }
    hashes = {name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    write_archive(path, {"MANIFEST.json": json.dumps(texts | made | {"files": hashes}).encode(), **members})
    assert verify(path, level="integrity").exit_status == 0
    return path.read_bytes()


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=9), st.integers(0, 9)), min_size=1, max_size=4))
def test_a_mutated_archive_is_refused_or_found_and_writes_nothing_outside(tmp_path_factory, submission, changes):
    data = bytearray(submission)
    for place, put, cut in changes:
        at = int(place * len(data))
        data[at : at + cut] = put
    folder = tmp_path_factory.mktemp("mutated")
    (folder / "me.zip").write_bytes(data)
    try:
        report = verify(folder / "me.zip", level="consistency")
    except GeoflowError as error:
        check_sentence(error)
    else:
        assert report.exit_status == 1
    assert [path.name for path in folder.rglob("*")] == ["me.zip"]
