"""Digests of the code of the jobs of the documentation site; Snakemake asks for them only if a job is planned."""

import re
from pathlib import Path

from digest_steps import digest

from geoflow.describe import TABLES
from geoflow.ground.sentences import sentences

SCRIPTS = Path("workflow/scripts")


def entries_digest(kind: str, wildcards: object) -> str:
    """Digest of the code that describes, checks and draws the entries of a table."""
    modules = ("geoflow.describe", f"geoflow.check.{kind}")
    files = [SCRIPTS / f"{name}.py" for name in ("website/entries", "website/pictures", "equations", "typeset")]
    with sentences():
        return digest(*modules, whole=[TABLES[kind]], files=files)


def tutorial_digest(page: str, wildcards: object) -> str:
    """Digest of the modules that a tutorial imports, and of the entries that it names."""
    text = Path(page).read_text()
    modules = dict.fromkeys(re.findall(r"^(?:from|import) (geoflow[\w.]*)", text, re.M))
    with sentences():
        return digest(*modules, words=re.findall(r'"(\w+)"', text), files=[SCRIPTS / "website/notebooks.py"])
