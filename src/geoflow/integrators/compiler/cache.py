"""Generated loops as modules in a cache folder, so that a second process reuses the compiled code.

A module's name carries the hash of its source; numba keeps the machine code beside it. The folder is
`GEOFLOW_CACHE`, or the user's cache folder; deleting it costs a second a loop. Nothing damaged is run:
the text of a module must be the one that was generated, and the machine code must have the SHA-256
that follows it in its file.
"""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import platformdirs
from numba.core.caching import IndexDataCacheFile

from geoflow.ground.errors import FileError
from geoflow.ground.files import remove_leftovers, renamed_when_complete
from geoflow.ground.remembered import recall


def load(source: str, label: str) -> ModuleType:
    """The module with this source, written once and imported; `label` makes its name readable."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return _imported(f"{label}_{digest}", source)


@cache
def _imported(name: str, source: str) -> ModuleType:
    path = _folder() / f"{name}.py"
    if not path.is_file() or path.read_bytes() != source.encode():
        with renamed_when_complete(path) as (temporary,):
            temporary.write_text(source)
    module = ModuleType(f"geoflow_loops.{name}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    # The text that was generated is run, never the file or Python's own compiled copy of it.
    exec(compile(source, str(path), "exec"), module.__dict__)
    for function in vars(module).values():
        _check_machine_code(function)
    return module


def _check_machine_code(function: Any) -> None:
    """Let the cache of a compiled function notice damage."""
    stored = getattr(getattr(function, "_cache", None), "_cache_file", None)
    if stored is not None:
        stored.__class__ = _Checked


class _Checked(IndexDataCacheFile):
    """numba's files of machine code, each followed by its SHA-256; a damaged one counts as missing."""

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[IO[bytes]]:
        with renamed_when_complete(Path(filepath)) as (temporary,):
            with temporary.open("wb") as file:
                yield file
            digest = hashlib.sha256(temporary.read_bytes()).digest()
            with temporary.open("ab") as file:
                file.write(digest)

    def save(self, key: Any, data: Any) -> None:
        try:
            super().save(key, data)
        except FileError as error:
            print(f"geoflow: {error} The run goes on with code that is not kept.", file=sys.stderr)

    def _load_index(self) -> dict[Any, str]:
        path = Path(self._index_path)
        if recall(path) is None:
            path.unlink(missing_ok=True)  # numba asks again when it writes
            return {}
        return super()._load_index()

    def _load_data(self, name: str) -> Any:
        if recall(Path(self._data_path(name))) is None:
            raise FileNotFoundError(name)  # which numba answers by compiling again
        return super()._load_data(name)


@cache
def _folder() -> Path:
    asked = os.environ.get("GEOFLOW_CACHE") or platformdirs.user_cache_dir("geoflow")
    folder, probe = Path(asked) / "compiled", Path(asked) / "compiled" / "writable"
    try:
        with renamed_when_complete(probe) as (temporary,):
            temporary.touch()
        probe.unlink(missing_ok=True)
    except FileError as error:
        reason = getattr(error.__cause__, "strerror", None)
        print(f"geoflow: {folder} cannot be written ({reason}); compiled loops are not kept.", file=sys.stderr)
        passing = tempfile.mkdtemp(prefix="geoflow-loops-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        return Path(passing)
    remove_leftovers([folder])
    return folder
