"""Generated loops as modules in a cache folder, so that a second process reuses the compiled code.

A module's name carries the hash of its source; numba keeps the machine code beside it. The folder is
`GEOFLOW_CACHE`, or the user's cache folder; deleting it costs a second a loop.
"""

import hashlib
import importlib.util
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

import platformdirs


def load(source: str, label: str) -> ModuleType:
    """The module with this source, written once and imported; `label` makes its name readable."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return _imported(f"{label}_{digest}", source)


@cache
def _imported(name: str, source: str) -> ModuleType:
    path = _folder() / f"{name}.py"
    if not path.exists():
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w") as file:
            file.write(source)
        os.replace(temporary, path)
    spec = importlib.util.spec_from_file_location(f"geoflow_loops.{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def _folder() -> Path:
    folder = (
        Path(os.environ.get("GEOFLOW_CACHE") or platformdirs.user_cache_dir("geoflow")) / "loops"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f".{os.getpid()}").touch()
        (folder / f".{os.getpid()}").unlink()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="geoflow-loops-"))
    return folder
