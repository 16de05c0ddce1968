"""A run as an RO-Crate: results, figures and report with the values, code and commit that made them.

The crate follows the profile Workflow Run Crate: Snakefile is the workflow, and each experiment is an action from its
frozen values to its tables. The package `rocrate` is the extra `crate`.
"""

from collections.abc import Sequence
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from geoflow import __version__
from geoflow.ground import InputError, Results, renamed_when_complete
from geoflow.ground.sentences import DISTRIBUTION

PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
SOURCES = ("requirements.lock", "README.md", "LICENSE")
TYPES = {".parquet": "application/vnd.apache.parquet", ".md": "text/markdown"}
MADE = ("scale", "seed", "commit", "config", "code")


def write_crate(folders: Sequence[Path], products: Sequence[Path], out: Path) -> None:
    """Write the archive `out`; folders: the results of the experiments; products: figures and documents.

    Raises InputError if `rocrate` is not installed.
    """
    try:
        from rocrate.model import ContextEntity
        from rocrate.rocrate import ROCrate
    except ModuleNotFoundError:
        raise InputError(f"rocrate is not installed; try: pip install '{DISTRIBUTION}[crate]'") from None
    crate = ROCrate(version="1.1")  # the version to which the profiles refer
    crate.name, crate.description = "geoflow", "Results, figures and report of one run of the workflow of geoflow"
    named = {"@type": "CreativeWork", "name": "MIT License"}
    crate.license = crate.add(ContextEntity(crate, "https://spdx.org/licenses/MIT", named))
    named = {"@type": "Organization", "name": "The geoflow developers"}
    crate.publisher = crate.root_dataset["author"] = crate.add(ContextEntity(crate, "#developers", named))
    facts = {"name": "geoflow", "version": __version__, "encodingFormat": "text/plain"}
    workflow = crate.add_workflow("Snakefile", "Snakefile", properties=facts, main=True, lang="snakemake")

    def add(path: Path) -> Any:
        return crate.add_file(path, path.as_posix(), properties={"encodingFormat": media_type(path)})

    for path in [*map(Path, SOURCES), *products]:
        add(path)
    actions = []
    for folder in folders:
        made = Results(folder).provenance
        files = {path.name: add(path) for path in sorted(folder.glob("*.*"))}
        values = files.pop("config.json")
        said = ", ".join(f"{key} {made[key]}" for key in MADE if made[key] is not None)
        facts = {"name": made["experiment"], "description": said}
        actions.append(crate.add_action(workflow, f"#{folder.as_posix()}", values, list(files.values()), facts))
    crate.root_dataset["mentions"] = actions
    crate.root_dataset["conformsTo"] = [
        crate.add(ContextEntity(crate, address, {"@type": "CreativeWork", "name": name, "version": address[-3:]}))
        for address, name in PROFILES.items()
    ]
    with renamed_when_complete(out) as (temporary,):
        crate.write_zip(temporary)


def media_type(path: Path) -> str:
    """The media type of a file, such as `application/pdf`."""
    return TYPES.get(path.suffix) or guess_type(path.name)[0] or "text/plain"
