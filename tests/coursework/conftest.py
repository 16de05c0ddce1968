"""A tree with one computed experiment, its figure and a text: small, and real where it matters."""

import os
import shutil
from pathlib import Path

import pytest
from composed import experiments
from handing_in import COURSEWORK, EXPERIMENT, PIPELINE, RESULTS, TEXT, Handed, commit, printed, write_pdf

from geoflow.coursework import configuration, text
from geoflow.ground.files import renamed_when_complete
from geoflow.pipeline.run import run_frozen

ROOT = Path(__file__).parents[2]
FILES = {
    "Snakefile": PIPELINE,
    "requirements.lock": "numpy==2.0\n",
    "src/geoflow/mine.py": "ANSWER = 42\n",
    "workflow/rules/a.smk": "# rules\n",
    "workflow/scripts/latex.sh": "cp workflow/made/me.pdf $2\n",
    "report/coursework/main.tex": TEXT,
    "report/coursework/own/__init__.py": "",
    "config/coursework.yaml": COURSEWORK,
    "config/experiment/convergence/order_pendulum.yaml": EXPERIMENT,
}


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, with results, figure and generated text of its experiment."""
    tree = tmp_path_factory.mktemp("computed")
    shutil.copytree(ROOT / "config" / "scale", tree / "config" / "scale")
    shutil.copy(ROOT / "config" / "config.yaml", tree / "config")
    for script in ("check_pdf.py", "printed_text.py"):
        (tree / "workflow/scripts").mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "workflow/scripts" / script, tree / "workflow/scripts")
    for name, content in FILES.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
    here = Path.cwd()
    os.chdir(tree)
    try:
        _compute()
    finally:
        os.chdir(here)
    return tree


def _compute() -> None:
    from geoflow.pipeline.draw import render

    (one,) = experiments("default").values()
    folder = Path(RESULTS)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(one.slice() + "\n")
    words = [f"config={folder}/config.json", f"out={folder}"]
    run_frozen(words)
    render("order_pendulum", "default", Path("data/results"), Path("figures"))
    asked = configuration.load("config/coursework.yaml")
    claims = {"order_pendulum": one.claims}
    figures = {"order_pendulum": ["digest", "order_pendulum"]}
    made = text.generate(folder.parent, asked, claims, figures)
    for name, content in made.items():
        with renamed_when_complete(configuration.GENERATED / name) as (temporary,):
            temporary.write_text(content)
    for path in [*folder.iterdir(), *Path("figures").iterdir(), *configuration.GENERATED.rglob("*.tex")]:
        copy = Path("workflow/made") / path.as_posix().replace("/", "__")
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copy)
    write_pdf(Path("submission/me.pdf"), printed(Path()), Path("figures/order_pendulum.pdf"))
    shutil.copyfile("submission/me.pdf", "workflow/made/me.pdf")
    (Path(".gitignore")).write_text("/data/\n/figures/\n/submission/\n")
    commit()


@pytest.fixture
def handed(computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Handed:
    """A copy of the tree, which the test may break; the test runs in it."""
    tree = tmp_path / "tree"
    shutil.copytree(computed, tree)
    monkeypatch.chdir(tree)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return Handed(tree, computed)
