"""config/coursework.yaml: the contents of a coursework archive. Read when Snakemake builds its graph.

Every error message is one sentence with the file, the error and a remedy. This module imports no
large library, because the Snakefile reads it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geoflow.coursework.paths import path_fault
from geoflow.ground import InputError
from geoflow.pipeline.checking import validate

RESULTS = Path("data/results")
GENERATED = Path("report/generated/coursework")
OWN = "report/coursework/own"  # the folder of `geoflow.own` in an archive
# The files that `geoflow.coursework.text` writes; defined here for the Snakefile.
TEXTS = (
    "numbers.tex", "scale.tex", "provenance.tex", "coursework.tex", "tables/claims.tex",
    "tables/orders.tex",
)  # fmt: skip
LONGEST = 20_000  # characters of the file, which can be untrusted


@dataclass
class Declaration:
    """text: the declaration on the title page; accepted: whether the author accepts it."""

    text: str = "???"
    accepted: bool = False


@dataclass
class Coursework:
    """The keys of config/coursework.yaml.

    identifier: name of the archive, also on the title page; author: can be a candidate number.
    package: folder of the student's own code, listed as such in the manifest; "" = none. upstream:
    commit from which the work started; files that differ from it count as the student's own; "" =
    not compared. experiments, figures: used in the text; the experiments of the figures are included.
    scales: those at which an archive can be built.
    """

    identifier: str = "???"
    title: str = "???"
    author: str = "???"
    declaration: Declaration = field(default_factory=Declaration)
    package: str = ""
    upstream: str = ""
    experiments: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    scales: list[str] = field(default_factory=lambda: ["default", "paper"])


def load(path: Path | str, root: Path = Path()) -> Coursework:
    """Load and validate the file `path` of the tree `root`.

    Raises InputError with the nearest valid key for an unknown one. The file can be untrusted: anchors
    and interpolations, which can exhaust memory or read the environment, are rejected.
    """
    import yaml

    where = Path(path)
    if where.is_absolute() or path_fault(where.as_posix()):
        raise InputError(f"--config coursework={where}: the file must lie in this tree, to be archived.")
    try:
        text = (root / where).read_text(encoding="utf-8")
        if len(text) > LONGEST or text.count("[") + text.count("{") > LONGEST // 100:
            raise InputError(f"{where}: expected plain values, got a longer or deeper file.")
        anchored = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text))
        tree = {} if anchored else yaml.safe_load(text)
    except OSError:
        raise InputError(
            f"--config coursework={where}: expected a file, there is none; try config/coursework.yaml."
        ) from None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        said = " ".join(str(error).split())
        raise InputError(f"{where}: expected YAML, got something else ({said}).") from None
    if anchored or "${" in repr(tree):  # of the values: YAML has escapes for both signs
        raise InputError(f"{where}: expected plain values, got an alias (*) or an interpolation (${{).")
    plain = validate(Coursework, tree if tree is not None else {}, where)
    return Coursework(**{**plain, "declaration": Declaration(**plain["declaration"])})


def chosen(asked: Coursework, figures: Mapping[str, Collection[str]]) -> list[str]:
    """Experiments in the archive: those in the configuration and those of its figures."""
    drawn = [experiment for name in asked.figures for experiment in figures.get(name, ())]
    return sorted({*asked.experiments, *drawn})
