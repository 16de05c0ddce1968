"""The file formats: Parquet tables whose metadata say where they came from.

A folder `data/results/<scale>/<experiment>/` holds `config.json` (the frozen values), one
`<table>.parquet` for each table of the study, and `summary.parquet` (columns key, value).
The schema metadata of each Parquet file carries, under b"geoflow", one JSON object with the
experiment, stage, study, scale, seed, the digests of configuration and code, the commit of the run
and the units of the columns. Equal tables with equal metadata give equal bytes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoflow.ground.errors import InputError, nearest
from geoflow.ground.files import renamed_when_complete

if TYPE_CHECKING:
    import pandas as pd

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
) -> None:
    """Write all tables of a study as `<folder>/<name>.parquet`: all of them appear, or none."""
    paths = [Path(folder) / f"{name}.parquet" for name in tables]
    with renamed_when_complete(*paths) as temporaries:
        for temporary, frame in zip(temporaries, tables.values(), strict=True):
            _write(temporary, frame, units, provenance)


def _write(
    path: Path,
    frame: "pd.DataFrame",
    units: Mapping[str, str] | None,
    provenance: Mapping[str, Any] | None,
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    units = {column: unit for column, unit in (units or {}).items() if column in frame.columns}
    note = json.dumps({**(provenance or {}), "units": units}, sort_keys=True)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    # The metadata of pandas would only repeat the column types, and versions of libraries.
    pq.write_table(table.replace_schema_metadata({KEY: note.encode()}), path)


def read_table(path: Path | str) -> "pd.DataFrame":
    """Read a table written by `write_table`; `.attrs["geoflow"]` is its metadata."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise InputError(
            f"there is no table {path}; make it with `snakemake {path} --cores 1`."
        ) from None
    frame = table.to_pandas()
    frame.attrs["geoflow"] = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
    return frame


class Results:
    """The result folder of one experiment, for reading: tables, summary, frozen values."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def table(self, name: str) -> "pd.DataFrame":
        """The table `name` as a frame; raises InputError naming the tables that exist."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            there = [p.stem for p in self.folder.glob("*.parquet")]
            hint = nearest(name, there) if there else "run the experiment first."
            raise InputError(f"{self.folder} has no table {name!r}; {hint}")
        return read_table(path)

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
        return dict(json.loads((self.folder / "config.json").read_text()))

    @property
    def values(self) -> dict[str, Any]:
        """The values of the study, as they were passed to its function."""
        return dict(self.config["values"])
