"""Result files: Parquet tables with provenance metadata.

A folder `data/results/<scale>/<experiment>/` holds `config.json` (the frozen values), one
`<table>.parquet` per table of the study, `summary.parquet` (columns key, value), and
`complete.json` with the SHA-256 of each file, against which every reader verifies the data.
The schema metadata of each Parquet file contain, under b"geoflow", one JSON object with the
experiment, stage, study, scale, seed, the digests of configuration and code, the commit of the run
and the units of the columns. Equal tables with equal metadata give identical bytes.
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
    path: Path | str, frame: "pd.DataFrame", units: Mapping[str, str] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write one tidy table; the write is atomic and byte-reproducible."""
    with renamed_when_complete(Path(path)) as (temporary,):
        _write(temporary, frame, units, provenance)


def write_tables(
    folder: Path | str, tables: Mapping[str, "pd.DataFrame"], units: Mapping[str, str] | None = None,
    provenance: Mapping[str, Any] | None = None, config: str | None = None,
) -> None:  # fmt: skip
    """Write all tables of a study as `<folder>/<name>.parquet`, and `complete.json` last.

    config: the text of `config.json`, which is written if it does not exist yet.
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
    """Write `complete.json` for the present files of a folder that has a summary."""
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
    # The metadata of pandas are dropped: they repeat the column types and contain library versions.
    noted = table.replace_schema_metadata({KEY: note.encode()})
    pq.write_table(noted, path, write_page_checksum=True)


def read_table(path: Path | str) -> "pd.DataFrame":
    """Read a table written by `write_table`; `.attrs["geoflow"]` is its metadata.

    Raises InputError if the file is missing or was changed since it was written.
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
        raise InputError(f"{path} is not a whole table ({said}); {complete.AGAIN}") from None
    return frame


class Results:
    """Reader for the result folder of one experiment: tables, summary, frozen values.

    All data are verified against `complete.json`; a mismatch raises InputError with the file and a remedy.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def table(self, name: str) -> "pd.DataFrame":
        """Return the table `name` as a frame; if it is missing, the InputError lists the existing tables."""
        path = self.folder / f"{name}.parquet"
        if path.is_file() and path.name in complete.read_complete(self.folder).files:
            return read_table(path)
        there = [p.stem for p in self.folder.glob("*.parquet") if p.is_file() and p != path]
        hint = nearest(name, there) if there else "run the experiment first."
        raise InputError(f"{self.folder} has no table {name!r}; {hint}")

    @property
    def summary(self) -> dict[str, float]:
        """Summary quantities: key -> number, e.g. `energy_drift/rk4`."""
        frame = self.table("summary")
        return dict(zip(frame["key"], frame["value"].astype(float), strict=True))

    @property
    def provenance(self) -> dict[str, Any]:
        """Metadata of the run: experiment, stage, scale, digests, seed, commit."""
        return dict(self.table("summary").attrs["geoflow"])

    @property
    def config(self) -> dict[str, Any]:
        """The frozen part of the configuration that the run read."""
        return dict(json.loads(complete.read_whole(self.folder / CONFIG)))

    @property
    def values(self) -> dict[str, Any]:
        """Values of the study, as passed to its function."""
        return dict(self.config["values"])
