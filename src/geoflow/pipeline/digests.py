"""Digests of code: a changed module reruns just the jobs that depend on it.

Snakemake does not see the modules that a command imports. The digest of a module covers itself,
all modules of this tree that it imports, at the top or inside functions, and those that a literal
table names as "geoflow.x.y" or "geoflow.x.y:name". Comments, docstrings and layout do not count.
"""

import ast
import atexit
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from geoflow.ground.files import renamed_when_complete

SOURCE = Path(__file__).resolve().parents[2]
PACKAGE = "geoflow"
# What these compute reaches a job only as its frozen values, which are compared by themselves.
BEHIND_THE_VALUES = tuple(
    f"{PACKAGE}.stages.{name}" for name in ("configuration", "schema", "digest")
)
SNAKEMAKE = Path(".snakemake")  # where Snakemake keeps its own notes
REMEMBERED = SNAKEMAKE / "geoflow" / "digests.json"

Read = tuple[str, tuple[str, ...]]  # (digest of one file, names that it may import)


def sha256(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def digest(
    *modules: str,
    files: Iterable[Path | str] = (),
    without: Collection[str] = (),
    source: Path = SOURCE,
) -> str:
    """One digest of the import closures of `modules`, less `without`, and the bytes of `files`."""
    reached = {name: path for module in modules for name, path in closure(module, source).items()}
    parts = {name: _read(path, source)[0] for name, path in reached.items() if name not in without}
    for path in map(Path, files):
        parts[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sha256(json.dumps(parts, sort_keys=True))


@cache
def closure(module: str, source: Path = SOURCE) -> dict[str, Path]:
    """Name -> file of every module under `source` that importing and running `module` can reach."""
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _file(name, source)
        if name in found or name.startswith(BEHIND_THE_VALUES) or path is None:
            continue
        found[name] = path
        if "." in name:
            waiting.append(name.rpartition(".")[0])  # importing a.b.c runs a.b first
        waiting += _read(path, source)[1]
    return found


@cache
def _file(name: str, source: Path) -> Path | None:
    path = source.joinpath(*name.split("."))
    return next((p for p in (path / "__init__.py", path.with_suffix(".py")) if p.is_file()), None)


@cache
def _read(path: Path, source: Path) -> Read:
    place, text = path.relative_to(source), path.read_text()
    key = hashlib.sha256(f"{place}\n{text}".encode()).hexdigest()
    if key not in _memory():
        _memory()[key] = _parse(text, place)
    return _memory()[key]


def _parse(text: str, place: Path) -> Read:
    tree = ast.parse(text, filename=str(place))
    parts = place.with_suffix("").parts
    package = parts[:-1]
    # The package's own __init__ names everything as lazy attributes: its table pulls in nothing.
    lazy = parts == (PACKAGE, "__init__")
    names = [] if lazy else list(_imports(tree, package))
    return sha256(ast.unparse(_without_docstrings(tree))), tuple(sorted(set(names)))


def _imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """Names that may be modules of this tree; those that are not are skipped by `closure`."""
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        for branch in tree.orelse:
            yield from _imports(branch, package)
        return
    if isinstance(tree, ast.Import):
        yield from (alias.name for alias in tree.names if _ours(alias.name))
    elif isinstance(tree, ast.ImportFrom):
        above = package[: len(package) - tree.level + 1] if tree.level else ()
        base = ".".join([*above, *([tree.module] if tree.module else [])])
        if _ours(base):
            yield base
            yield from (f"{base}.{alias.name}" for alias in tree.names)
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        name = tree.value.partition(":")[0]
        if _ours(name) and all(part.isidentifier() for part in name.split(".")):
            yield name
    for child in ast.iter_child_nodes(tree):
        yield from _imports(child, package)


def _ours(name: str) -> bool:
    return name.partition(".")[0] == PACKAGE


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            is_constant = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            if is_constant and ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return tree


@cache
def _memory() -> dict[str, Read]:
    """What was parsed in earlier runs, by the content of the file: parsing is most of the time."""
    try:
        stored = json.loads(REMEMBERED.read_text())
    except (OSError, ValueError):
        stored = {}
    memory = {key: (text, tuple(names)) for key, (text, names) in stored.items()}
    if SNAKEMAKE.is_dir():
        atexit.register(_remember, memory, len(memory))
    return memory


def _remember(memory: dict[str, Read], known: int) -> None:
    if len(memory) > known:
        with renamed_when_complete(REMEMBERED) as (temporary,):
            temporary.write_text(json.dumps(memory))
