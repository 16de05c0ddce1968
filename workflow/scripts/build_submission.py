"""Build submission/<identifier>.zip: judge first, then write one archive whose bytes depend on
nothing but what goes in.

Refused, each with one sentence: a declaration that is not accepted, a result or figure that is
missing, a result that was computed with other values or other code than the tree holds now.
"""

import io
import json
import os
import platform
import re
import stat
import time
import zipfile
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import collect

import geoflow
from geoflow.coursework import settings, unpack
from geoflow.coursework.manifest import NAME, Entry, Manifest, path_fault
from geoflow.ground import InputError, Results, complete, renamed_when_complete
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.compose import Experiment, experiments
from geoflow.pipeline.run import code, commit
from geoflow.pipeline.source import short_sha256
from geoflow.studies import FIGURES

IDENTIFIER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
FIRST_DATE = 315532800  # 1 January 1980, the first that a ZIP file can state


def build(coursework: Path, scale: str, figures: Mapping[str, list[str]], out: Path) -> Manifest:
    """Write the archive `out` and return its manifest.

    figures: name -> [digest of the code that draws it, experiment, ...]. Raises InputError, and
    writes nothing, for whatever is missing, stale or not accepted.
    """
    asked = settings.load(coursework)
    known = experiments(scale)
    drawn = {name: figure.experiments for name, figure in FIGURES.items()}
    check(asked, coursework, scale, known, drawn)
    names = settings.chosen(asked, drawn)
    origins = {name: _origin(known[name]) for name in names}
    source = collect.sources(coursework.as_posix(), asked.package)
    members = {path: Path(path) for path in source} | _made(asked, scale, known, names)
    data = {path: _bytes(file, coursework) for path, file in members.items()}
    manifest = Manifest(
        identifier=asked.identifier,
        title=asked.title,
        author=asked.author,
        declaration=asked.declaration.text.strip(),
        scale=scale,
        experiments=origins,
        figures={name: list(figures[name]) for name in asked.figures},
        geoflow=geoflow.__version__,
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        commit=commit(),
        altered=collect.list_altered(source),
        code=collect.code_digest(source),
        package=asked.package,
        coursework=coursework.as_posix(),
        upstream=asked.upstream,
        own=collect.own(source, asked.package, asked.upstream),
        files={path: Entry(sha256(one).hexdigest(), len(one)) for path, one in data.items()},
    )
    write_archive(out, {NAME: manifest.to_json().encode(), **data})
    return manifest


def check(
    asked: settings.Coursework,
    where: Path | str,
    scale: str,
    experiments: Collection[str],
    figures: Mapping[str, Collection[str]],
) -> None:
    """Refuse a coursework that cannot be handed in as it is described.

    experiments: names that run at this scale; figures: name -> experiments whose results it draws.
    Raises InputError: one sentence for the first thing that is wrong.
    """
    if not IDENTIFIER.fullmatch(asked.identifier):
        raise InputError(f"{where}: identifier: expected up to 64 letters, digits, - and _, got {asked.identifier!r}.")
    for key in ("title", "author"):
        if not getattr(asked, key).strip():
            raise InputError(f"{where}: {key}: expected some text, got none.")
    _check_package(asked.package, where)
    if not asked.experiments:
        raise InputError(f"{where}: experiments: expected at least one name, got none.")
    for name in asked.experiments:
        require_known(f"{where}: experiments", f"experiment at scale {scale}", name, experiments)
    for name in asked.figures:
        require_known(f"{where}: figures", "figure", name, figures)
        for experiment in figures[name]:
            require_known(f"{where}: figure {name}", f"experiment at scale {scale}", experiment, experiments)
    if scale not in asked.scales:
        raise InputError(
            f"{where}: a submission at scale {scale} is not accepted (scales: "
            f"{', '.join(asked.scales)}); run at one of those, or add {scale} to scales."
        )
    if not asked.declaration.text.strip() or not asked.declaration.accepted:
        raise InputError(f"{where}: the declaration is not accepted; read it, then set declaration.accepted to true.")


def _check_package(package: str, where: Path | str) -> None:
    if not package:
        return
    fault = path_fault(PurePosixPath(package).as_posix())
    if fault:
        raise InputError(f"{where}: package: the path {package!r} {fault}.")
    if not Path(package).is_dir():
        raise InputError(f"{where}: package: expected a folder, {package!r} is none; make it, or leave package empty.")


def write_archive(out: Path, members: Mapping[str, bytes]) -> None:
    """Write a ZIP file whose bytes are a function of `members` and SOURCE_DATE_EPOCH alone."""
    epoch = max(int(os.environ.get("SOURCE_DATE_EPOCH") or 0), FIRST_DATE)
    date = time.gmtime(epoch)[:6]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(members, key=lambda name: (name != NAME, name)):
            info = zipfile.ZipInfo(name, date)
            info.create_system = 3  # as on Unix, wherever it is built
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name], compresslevel=9)
    with renamed_when_complete(out) as (temporary,):
        temporary.write_bytes(packed.getvalue())
        unpack.check(temporary)  # nobody hands in what `verify` will refuse


def _origin(one: Experiment) -> dict[str, Any]:
    """Where the results of an experiment come from; refuses results of another tree."""
    results = Results(settings.RESULTS / one.scale / one.name)
    again = "run snakemake with the target submission, which makes it anew."
    if not all((results.folder / name).exists() for name in ("config.json", "summary.parquet")):
        raise InputError(f"{results.folder} has no results of {one.name}; {again}")
    for name, why in complete.faults(results.folder).items():
        raise InputError(f"{results.folder / name} is {why}; {again}")
    frozen, made = results.config, results.provenance
    now = json.loads(one.slice())
    if frozen != now:
        change = _first_change(frozen, now)
        raise InputError(f"{results.folder} is stale: config/ has changed since ({change}); {again}")
    if made.get("config") != short_sha256(json.dumps(frozen, sort_keys=True)):
        raise InputError(f"{results.folder} is stale: its tables are not of its config.json; {again}")
    if made.get("code") != code(f"{one.stage}/{one.study}", one.values):
        raise InputError(f"{results.folder} is stale: src/ has changed since; {again}")
    return {**made, "claims": one.claims}


def _first_change(old: Any, new: Any, place: str = "") -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                inner = f"{place}.{key}" if place else str(key)
                return _first_change(old.get(key), new.get(key), inner)
    return f"{place}: {old} -> {new}"


def _made(asked: settings.Coursework, scale: str, known: Mapping[str, Experiment], names: list[str]) -> dict[str, Path]:
    """Path in the archive -> file, of all that the pipeline makes."""
    paths = [
        settings.RESULTS / scale / name / file
        for name in names
        for file in ["config.json", *(f"{t}.parquet" for t in known[name].tables), complete.NAME]
    ]
    paths += [Path(f"figures/{name}{suffix}") for name in asked.figures for suffix in (".pdf", ".png")]
    paths += [settings.GENERATED / name for name in settings.TEXTS]
    made = {path.as_posix(): path for path in paths}
    return made | {f"{asked.identifier}.pdf": Path(f"submission/{asked.identifier}.pdf")}


def _bytes(path: Path, coursework: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(
            f"{path} is missing; make it with: snakemake submission --cores 8 --config coursework={coursework}"
        ) from None
