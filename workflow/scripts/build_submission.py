"""Build submission/<identifier>.zip: check the input, then write an archive whose bytes depend only on its contents.

The build stops with one sentence if the declaration is not accepted, if a result or figure is missing, or if a
result was computed with values or code that differ from the current tree.
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
from archives import unpack
from archives.manifest import NAME, Entry, Manifest
from composed import experiments

import geoflow
from geoflow.coursework import configuration
from geoflow.coursework.paths import path_fault
from geoflow.ground import InputError, Results, complete, renamed_when_complete
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.compose import Experiment
from geoflow.pipeline.run import code, commit
from geoflow.pipeline.source import short_sha256
from geoflow.studies import FIGURES

IDENTIFIER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
FIRST_DATE = 315532800  # 1 January 1980, the first that a ZIP file can state


def build(coursework: Path, scale: str, figures: Mapping[str, list[str]], out: Path) -> Manifest:
    """Write the archive `out` and return its manifest.

    figures: name -> [digest of the code that draws it, experiment, ...]. Raises InputError and writes nothing if a
    file is missing or out of date, or if the declaration is not accepted.
    """
    asked = configuration.load(coursework)
    known = experiments(scale)
    drawn = {name: figure.experiments for name, figure in FIGURES.items()}
    check(asked, coursework, scale, known, drawn)
    names = configuration.chosen(asked, drawn)
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
    asked: configuration.Coursework,
    where: Path | str,
    scale: str,
    experiments: Collection[str],
    figures: Mapping[str, Collection[str]],
) -> None:
    """Check the settings of a coursework.

    experiments: names that run at this scale; figures: name -> experiments whose results it draws.
    Raises InputError with one sentence for the first error.
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
    other = os.environ.get("GEOFLOW_OWN")
    if other and Path(other).resolve() != Path(configuration.OWN).resolve():
        raise InputError(
            f"GEOFLOW_OWN={other}: expected the own package in {configuration.OWN}, to be archived; copy it there and "
            "unset the variable."
        )
    if not package:
        return
    fault = path_fault(PurePosixPath(package).as_posix())
    if fault:
        raise InputError(f"{where}: package: the path {package!r} {fault}.")
    if not Path(package).is_dir():
        raise InputError(
            f"{where}: package: expected a folder, but {package!r} is not one; create it, or leave package empty."
        )


def write_archive(out: Path, members: Mapping[str, bytes]) -> None:
    """Write a ZIP file whose bytes are a function of `members` and SOURCE_DATE_EPOCH alone."""
    epoch = max(int(os.environ.get("SOURCE_DATE_EPOCH") or 0), FIRST_DATE)
    date = time.gmtime(epoch)[:6]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(members, key=lambda name: (name != NAME, name)):
            info = zipfile.ZipInfo(name, date)
            info.create_system = 3  # Unix, on every platform
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name], compresslevel=9)
    with renamed_when_complete(out) as (temporary,):
        temporary.write_bytes(packed.getvalue())
        unpack.check(temporary)  # a submission must not fail `verify`


def _origin(one: Experiment) -> dict[str, Any]:
    """The provenance of the results of an experiment; raises InputError if they do not match the current tree."""
    results = Results(configuration.RESULTS / one.scale / one.name)
    again = "run snakemake with the target submission, which makes it again."
    if not all((results.folder / name).exists() for name in ("config.json", "summary.parquet")):
        raise InputError(f"{results.folder} has no results of {one.name}; {again}")
    for name, why in complete.faults(results.folder).items():
        raise InputError(f"{results.folder / name} is {why}; {again}")
    frozen, made = results.config, results.provenance
    now = json.loads(one.slice())
    if frozen != now:
        change = _first_change(frozen, now)
        raise InputError(f"{results.folder} is out of date: config/ has changed since ({change}); {again}")
    if made.get("config") != short_sha256(json.dumps(frozen, sort_keys=True)):
        raise InputError(f"{results.folder} is out of date: its tables do not belong to its config.json; {again}")
    if made.get("code") != code(f"{one.stage}/{one.study}", one.values):
        raise InputError(f"{results.folder} is out of date: src/ has changed since; {again}")
    return {**made, "claims": one.claims}


def _first_change(old: Any, new: Any, place: str = "") -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                inner = f"{place}.{key}" if place else str(key)
                return _first_change(old.get(key), new.get(key), inner)
    return f"{place}: {old} -> {new}"


def _made(
    asked: configuration.Coursework, scale: str, known: Mapping[str, Experiment], names: list[str]
) -> dict[str, Path]:
    """Path in the archive -> file, for all files that the pipeline makes."""
    paths = [
        configuration.RESULTS / scale / name / file
        for name in names
        for file in ["config.json", *(f"{t}.parquet" for t in known[name].tables), complete.NAME]
    ]
    paths += [Path(f"figures/{name}{suffix}") for name in asked.figures for suffix in (".pdf", ".png")]
    paths += [configuration.GENERATED / name for name in configuration.TEXTS]
    made = {path.as_posix(): path for path in paths}
    return made | {f"{asked.identifier}.pdf": Path(f"submission/{asked.identifier}.pdf")}


def _bytes(path: Path, coursework: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(
            f"{path} is missing; make it with: snakemake submission --cores 8 --config coursework={coursework}"
        ) from None
