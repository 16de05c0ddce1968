"""All experiments of a scale. The Snakefile needs each of them, and most have not changed since the last time."""

import json
import re
from collections.abc import Collection
from dataclasses import asdict
from functools import cache
from pathlib import Path

from geoflow.ground import recall, remember
from geoflow.pipeline.compose import Experiment, canonical, check_composed, compose_tree, scales_of
from geoflow.pipeline.digests import digest_of, reach
from geoflow.pipeline.source import find_file, short_sha256
from geoflow.pipeline.written import CONFIG, experiment_files
from geoflow.studies import find_studies

REMEMBERED = Path(".snakemake") / "geoflow"


def experiments(scale: str, names: Collection[str] | None = None) -> dict[str, Experiment]:
    """The named experiments of a scale (by default all), by name; each is cached on disk until its values change.

    Hydra composes an experiment again if its YAML or the `config.py` of its study has changed. If only a table (a
    method, a problem, ...) has changed, names and claims are checked again, which is twenty times faster.
    """
    memory = REMEMBERED / f"{scale}.json"
    stored = json.loads(recall(memory) or b"{}")
    files = {name: path for name, path in experiment_files().items() if names is None or name in names}
    common, tables = _common_files(), _tables()
    found, kept = {}, {} if names is None else dict(stored)
    for name, path in files.items():
        text = path.read_text()
        study = re.search(r"override /study: *([\w/]+)", text)
        key = short_sha256(canonical([text, *common, _code(study[1] if study else "")]))
        entry = stored.get(name, {})
        if entry.get("key") != key:
            made = compose_tree(path, scale) if scale in scales_of(path) else None
            entry = {"key": key, "made": made}
        if entry.get("tables") != tables:
            checked = asdict(check_composed(path, *entry["made"])) if entry["made"] else None
            entry = {**entry, "tables": tables, "composed": checked}
        kept[name] = entry
        if entry["composed"] is not None:
            found[name] = Experiment(**entry["composed"])
    if kept != stored:
        remember(memory, json.dumps(kept).encode())
    return found


def _common_files() -> list[str]:
    """Texts of the composing code; paths and texts of `config.yaml` and of all groups except `experiment`."""
    groups = sorted(CONFIG.glob("*/**/*.yaml"))
    paths = [CONFIG / "config.yaml", *(path for path in groups if CONFIG / "experiment" not in path.parents)]
    names = ("compose", "checking", "overrides", "quantities", "schema", "written")
    code = [path for name in names if (path := find_file(f"geoflow.pipeline.{name}"))]
    texts = [path.read_text() for path in (Path(__file__), *code)]
    return [*texts, *(text for path in paths for text in (str(path), path.read_text()))]


@cache
def _code(study: str) -> str:
    """Digest of the `config.py` of a study and its imports; "" stands for no study."""
    known = find_studies().get(study)
    return digest_of(reach([known.__module__])) if known else ""


@cache
def _tables() -> str:
    """Digest of all entries of the tables used for names."""
    named = {table for study in find_studies().values() for table in study.named.values()}
    return digest_of(reach([], whole=sorted(named)))
