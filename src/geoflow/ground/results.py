"""The file formats: Parquet tables whose metadata say where they came from.

A folder `data/results/<scale>/<experiment>/` holds `config.json` (the frozen values), one
`<table>.parquet` for each table of the study, `summary.parquet` (columns key, value), and
`complete.json` with the SHA-256 of each of them, by which every reader checks what it reads.
The schema metadata of each Parquet file carries, under b"geoflow", one JSON object with the
experiment, stage, study, scale, seed, the digests of configuration and code, the commit of the run
and the units of the columns. Equal tables with equal metadata give equal bytes.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoflow.ground import complete
from geoflow.ground.errors import InputError, nearest
from geoflow.ground.files import renamed_when_complete

if TYPE_CHECKING:
    import pandas as pd

CONFIG = "config.json"
KEY = b"geoflow"


def write_table(
    path: Path | str,
    frame: "pd.DataFrame",
    units: Mapping[str, str] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> None:
    """Write one tidy table: atomic (no half-written file is ever seen) and byte-stable."""
    with renamed_when_complete(Path(path)) as (temporary,):
        _write(temporary, frame, units, provenance)


def write_tables(
    folder: Path | str,
    tables: Mapping[str, "pd.DataFrame"],
    units: Mapping[str, str] | None = None,
    provenance: Mapping[str, Any] | None = None,
    config: str | None = None,
) -> None:
    """Write all tables of a study as `<folder>/<name>.parquet`, and `complete.json` as the last file.

    config: the text of `config.json`, which is written unless it is there already.
    """
    folder = Path(folder)
    names = [f"{name}.parquet" for name in tables]
    hashes = {} if config is None else {CONFIG: sha256(config.encode()).hexdigest()}
    texts = {} if config is None else {CONFIG: config}
    if config and (folder / CONFIG).is_file() and (folder / CONFIG).read_bytes() == config.encode():
        texts = {}
    paths = [folder / name for name in (*names, *texts, complete.NAME)]
    with renamed_when_complete(*paths) as hidden:
        temporary = dict(zip((*names, *texts, complete.NAME), hidden, strict=True))
        for name, frame in zip(names, tables.values(), strict=True):
            _write(temporary[name], frame, units, provenance)
            hashes[name] = complete.hash_file(temporary[name])
        texts[complete.NAME] = complete.describe_files(hashes, provenance).text()
        for name, text in texts.items():
            temporary[name].write_text(text)


def seal(folder: Path) -> None:
    """Write `complete.json` for the files that a folder with a summary holds now."""
    (folder / complete.NAME).unlink(missing_ok=True)
    origin = read_table(folder / "summary.parquet").attrs["geoflow"]
    hashes = {path.name: complete.hash_file(path) for path in sorted(folder.iterdir())}
    with renamed_when_complete(folder / complete.NAME) as (temporary,):
        temporary.write_text(complete.describe_files(hashes, origin).text())


def _write(
    path: Path, frame: "pd.DataFrame", units: Mapping[str, str] | None, provenance: Mapping[str, Any] | None
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    units = {column: unit for column, unit in (units or {}).items() if column in frame.columns}
    note = json.dumps({**(provenance or {}), "units": units}, sort_keys=True)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    # The metadata of pandas would only repeat the column types, and versions of libraries.
    noted = table.replace_schema_metadata({KEY: note.encode()})
    pq.write_table(noted, path, write_page_checksum=True)


def read_table(path: Path | str) -> "pd.DataFrame":
    """Read a table written by `write_table`; `.attrs["geoflow"]` is its metadata.

    Raises InputError when there is none, or when it is not what was written.
    """
    try:
        data = complete.read_whole(Path(path))
    except FileNotFoundError:
        raise InputError(f"there is no table {path}; make it with `snakemake {path} --cores 1`.") from None
    return _parse(data, path)


def _parse(data: bytes, path: Path | str) -> "pd.DataFrame":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        table = file.read()
        frame = table.to_pandas()
        frame.attrs["geoflow"] = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
    except (pa.ArrowException, OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise InputError(f"{path} is no whole table ({said}); {complete.AGAIN}") from None
    return frame


class Results:
    """The result folder of one experiment, for reading: tables, summary, frozen values.

    What is read agrees with `complete.json`; otherwise InputError names the file and what to do.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def table(self, name: str) -> "pd.DataFrame":
        """The table `name` as a frame; raises InputError naming the tables that exist."""
        path = self.folder / f"{name}.parquet"
        if path.is_file() and path.name in complete.read_complete(self.folder).files:
            return read_table(path)
        there = [p.stem for p in self.folder.glob("*.parquet") if p.is_file() and p != path]
        hint = nearest(name, there) if there else "run the experiment first."
        raise InputError(f"{self.folder} has no table {name!r}; {hint}")

    @property
    def summary(self) -> dict[str, float]:
        """Flat key -> number, e.g. `energy_drift/rk4`."""
        frame = self.table("summary")
        return dict(zip(frame["key"], frame["value"].astype(float), strict=True))

    @property
    def provenance(self) -> dict[str, Any]:
        """The metadata of the run: experiment, stage, scale, digests, seed, commit."""
        return dict(self.table("summary").attrs["geoflow"])

    @property
    def config(self) -> dict[str, Any]:
        """The frozen slice of the configuration that the stage read."""
        return dict(json.loads(complete.read_whole(self.folder / CONFIG)))

    @property
    def values(self) -> dict[str, Any]:
        """The values of the study, as they were passed to its function."""
        return dict(self.config["values"])
