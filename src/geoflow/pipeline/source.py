"""Analysis of source files for the digests; the results are cached by the content of the files.

For each file: a digest of its code without comments, docstrings and layout, its imports and its strings.
For the files of the tables (PROBLEMS, METHODS, ...) the same for each definition and for each entry of the
table.
"""

import ast
import atexit
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from geoflow.ground import InputError, recall, remember
from geoflow.ground.sentences import place_in
from geoflow.own import FOLDER

SOURCE = Path(__file__).resolve().parents[2]
PACKAGE = "geoflow"
SNAKEMAKE = Path(".snakemake")  # folder of Snakemake's metadata
REMEMBERED = SNAKEMAKE / "geoflow" / "digests.json"
WORD = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


@dataclass(frozen=True)
class Code:
    """A piece of code. digest: of the text; imports: imported names, which can be modules or their members;
    names: identifiers; words: strings, which can name an entry of a table."""

    digest: str
    imports: Sequence[str] = ()
    names: Sequence[str] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True)
class File:
    """One file and its parts.

    bound: local name -> its import; parts: top-level definitions by name; tables: name of a dict or of a
    Table -> its entries; made_of: name of a Table -> the dicts of which it consists.
    """

    whole: Code
    bound: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Code] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)
    made_of: Mapping[str, Sequence[str]] = field(default_factory=dict)


def short_sha256(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def find_file(module: str, source: Path = SOURCE) -> Path | None:
    """Return the file of a module of this tree, or of the user's own package, or None."""
    own = module.partition(f"{PACKAGE}.own.")[2] if source == SOURCE else ""
    path = FOLDER.joinpath(*own.split(".")) if own else source.joinpath(*module.split("."))
    return next((p for p in (path / "__init__.py", path.with_suffix(".py")) if p.is_file()), None)


@cache
def read(path: Path, source: Path = SOURCE) -> File:
    """Parse a file, or return the cached result."""
    own = Path(PACKAGE, "own") / path.relative_to(FOLDER) if path.is_relative_to(FOLDER) else None
    place, text = own or path.relative_to(source), path.read_text()
    key = short_sha256(f"{place}\n{text}")
    if key not in _memory():
        _check_imports(path, place, text, source)
        _memory()[key] = _parse(_tree(path, text), place)
    return _memory()[key]


@cache
def _tree(path: Path, text: str) -> ast.Module:
    return ast.parse(text, filename=str(path))


def _check_imports(path: Path, place: Path, text: str, source: Path) -> None:
    """Raise InputError, with the line, for an import at the top of a file that cannot succeed; nothing is imported."""
    package = place.with_suffix("").parts[:-1]
    for node in _tree(path, text).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        others = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        others = [] if getattr(node, "level", 0) else [name for name in others if not _ours(name)]
        missing = [name for name in others if find_spec(name.partition(".")[0]) is None]
        missing += [one for one in _bindings(node, package).values() if not _offers(one, source)]
        if missing:
            what, _, name = missing[0].partition(":")
            known = name and find_file(what, source)
            said = f"{what} has no {name!r}" if known else f"there is no module {what!r}"
            raise InputError(f"{place_in(str(path), node.lineno)}: cannot import: {said}.")


def _offers(reference: str, source: Path) -> bool:
    """Whether "module" or "module:name" of this tree exists."""
    module, _, name = reference.partition(":")
    path = find_file(module, source)
    if path is None or not name or find_file(f"{module}.{name}", source):
        return path is not None
    nodes = list(ast.walk(_tree(path, path.read_text())))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    bound |= {n.asname or n.name for n in nodes if isinstance(n, ast.alias)}
    return bool({name, "__getattr__"} & bound)


def _parse(tree: ast.Module, place: Path) -> File:
    parts = place.with_suffix("").parts
    package = parts[:-1]
    for node in ast.walk(tree):
        _drop_docstring(node)
    if parts == (PACKAGE, "__init__"):  # it imports all names lazily
        return File(Code(short_sha256(ast.unparse(tree))))
    defined: dict[str, ast.stmt] = {}
    bound: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bound |= _bindings(statement, package)
        else:
            defined |= dict.fromkeys(_names_of(statement), statement)
    tables, made_of = {}, {}
    for name, statement in defined.items():
        value = getattr(statement, "value", None)
        dicts = _dicts_of(value)
        if dicts is not None:
            tables[name] = {k: _code(v, package) for one in dicts for k, v in _entries(one)}
            made_of[name] = tuple(a.id for a in getattr(value, "args", []) if isinstance(a, ast.Name))
    return File(
        _code(tree, package),
        bound,
        {name: _code(statement, package) for name, statement in defined.items()},
        tables,
        made_of,
    )


def _dicts_of(value: ast.expr | None) -> list[ast.Dict] | None:
    """Return the dicts in `{...}` or `Table("kind", {...}, NAME)`; None for anything else."""
    if isinstance(value, ast.Dict):
        return [value] if all(isinstance(key, ast.Constant) for key in value.keys) else None
    is_table = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Table"
    return [one for one in value.args if isinstance(one, ast.Dict)] if is_table else None  # type: ignore[union-attr]


def _entries(one: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(one.keys, one.values, strict=True):
        if isinstance(key, ast.Constant):
            yield str(key.value), value


def _names_of(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    # For an assignment only its targets, without variables of comprehensions; for a block all bound names.
    targets: list[ast.AST] = getattr(statement, "targets", None) or [getattr(statement, "target", statement)]
    inner = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return [node.id for node in inner if isinstance(node.ctx, ast.Store)]


def _code(tree: ast.AST, package: tuple[str, ...]) -> Code:
    nodes = list(_visible(tree))
    strings = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    imports = {name for node in nodes for name in _imported(node, package)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return Code(
        short_sha256(ast.unparse(tree)),
        tuple(sorted(imports)),
        tuple(sorted(names)),
        tuple(sorted(text for text in strings if WORD.fullmatch(text))),
    )


def _visible(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes, except imports for the type checker."""
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        for branch in tree.orelse:
            yield from _visible(branch)
        return
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _visible(child)


def _imported(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the imports of a node as "module" or "module:name", including addresses of modules in strings."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _bindings(node, package).values()
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _ours(node.value):
        module, _, name = node.value.partition(":")
        # The address of a table is only used for the lookup of names.
        if all(part.isidentifier() for part in module.split(".")) and not name.isupper():
            yield node.value


def _bindings(node: ast.Import | ast.ImportFrom, package: tuple[str, ...]) -> dict[str, str]:
    """Local name -> "module" or "module:name", for imports of this tree."""
    if isinstance(node, ast.Import):
        return {(a.asname or a.name): a.name for a in node.names if _ours(a.name)}
    above = package[: len(package) - node.level + 1] if node.level else ()
    base = ".".join([*above, *([node.module] if node.module else [])])
    return {(a.asname or a.name): f"{base}:{a.name}" for a in node.names} if _ours(base) else {}


def _ours(name: str) -> bool:
    return name.partition(":")[0].partition(".")[0] == PACKAGE


def _drop_docstring(node: ast.AST) -> None:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:] or [ast.Pass()]


@cache
def _memory() -> dict[str, File]:
    """Cache of earlier runs, because parsing takes most of the time."""
    try:
        stored = json.loads(recall(REMEMBERED) or b"{}")
        memory = {key: _file_from(value) for key, value in stored.items()}
    except (ValueError, TypeError, KeyError, AttributeError):  # written by a different version
        memory = {}
    atexit.register(_remember, len(memory))
    return memory


def _remember(known: int) -> None:
    if len(_memory()) > known and SNAKEMAKE.is_dir():
        memory = {key: asdict(value) for key, value in _memory().items()}
        remember(REMEMBERED, json.dumps(memory).encode())


def _file_from(stored: dict[str, Any]) -> File:
    parts = {name: Code(**one) for name, one in stored["parts"].items()}
    tables = {name: {key: Code(**one) for key, one in table.items()} for name, table in stored["tables"].items()}
    return File(Code(**stored["whole"]), stored["bound"], parts, tables, stored["made_of"])
