"""The tutorials run, print what they say, and cite what exists."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from recipes import PAGES, ROOT

FOLDER = ROOT / "docs/tutorials"
TUTORIALS = sorted(FOLDER.glob("[0-9]_*.md"))
CELL = re.compile(r"^```python( [^\n]*)?\n(.*?)^```$", re.M | re.S)
QUIET = ("-W", "ignore:FigureCanvasAgg is non-interactive")  # plt.show() without a screen
KEYS = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "report/references.bib").read_text(), re.M))


@pytest.mark.slow
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_tutorial_prints_what_it_says_and_its_solutions_pass_their_checks(page):
    """All cells in order in one fresh process, solutions among them; a warning is an error."""
    code = "\n".join(cell for _, cell in CELL.findall(page.read_text()))
    said = re.findall(r"^print\(.*\)  +# (.*)$", code, re.M)
    environment = os.environ | {"MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *QUIET, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == said
    assert len(said) == code.count("print(")


def test_there_is_a_tutorial_for_each_of_the_nine_chapters_and_readme_leads_to_them():
    assert [page.name[0] for page in TUTORIALS] == list("123456789")
    table = (FOLDER / "README.md").read_text()
    assert re.findall(r"^\| \d \| .*\]\((\S+)\)", table, re.M) == [page.name for page in TUTORIALS]
    assert "](docs/tutorials/README.md)" in PAGES[0].read_text().split("## Where to go")[1]


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_tutorial_is_a_notebook_with_sources_and_two_exercises_or_more(page):
    text = page.read_text()
    header = yaml.safe_load(text.split("---\n")[1])["jupyter"]
    assert header["jupytext"]["text_representation"] == {"extension": ".md", "format_name": "markdown"}
    assert header["kernelspec"]["name"] == "python3"
    assert text.count("\n") <= 150
    cited = set(re.findall(r"@(\w+)", CELL.sub("", text)))
    assert cited
    assert not cited - KEYS
    checks = re.findall(r"^def (check_\w+)", text, re.M)
    hidden = "\n".join(cell for options, cell in CELL.findall(text) if "source_hidden" in options)
    assert len(checks) >= 2
    assert all(f"{check}(" in hidden for check in checks)
