"""Description of a method, problem, potential, layer or experiment, given by its name."""

import math
from collections.abc import Mapping
from inspect import getdoc
from itertools import takewhile
from typing import Any

from geoflow.ground import InputError, Table, nearest
from geoflow.ground.sentences import align
from geoflow.ground.study import LAYERS, METHODS, POTENTIALS, PROBLEMS
from geoflow.pipeline.checking import load_table
from geoflow.pipeline.written import experiment_files

TABLES = {"methods": METHODS, "problems": PROBLEMS, "potentials": POTENTIALS, "layers": LAYERS}
KINDS = (*TABLES, "experiments")


def table(kind: str) -> Table[Any]:
    return load_table(TABLES[kind])


def experiments() -> dict[str, str]:
    """Name -> claim of each experiment: the comment at the top of its file, after the lines for Hydra and editors."""
    claims = {}
    for name, path in experiment_files().items():
        top = takewhile(lambda line: line.startswith("#"), path.read_text().splitlines())
        said = [line.lstrip("# ") for line in top]
        claims[name] = " ".join(x for x in said if not x.startswith(("@", "yaml-language-server")))
    return claims


def _some_experiments() -> dict[str, str]:
    if found := experiments():
        return found
    raise InputError("expected files in config/experiment/, found none; run the command in the root of the repository.")


def names(kind: str) -> list[str]:
    """All names of a kind, including the listed members of families."""
    return list(_some_experiments()) if kind == "experiments" else list(table(kind))


def listed(kind: str) -> str:
    """Text with one line per name."""
    return "\n".join(align(list(_some_experiments().items()))) if kind == "experiments" else repr(table(kind))


def describe(name: str) -> dict[str, Any]:
    """Return all facts about `name`; raises InputError for an unknown name."""
    kind, entry = find(name)
    special = {"methods": _method_facts, "experiments": _experiment_facts}
    facts = special[kind](entry) if kind in special else _table_facts(kind, entry)
    return {"name": name, "kind": kind.removesuffix("s"), **facts}


def find(name: str) -> tuple[str, Any]:
    """Return the kind and the entry of `name`; raises InputError with the nearest names if there is none.

    The entry of an experiment is its name; use `chapter/name` for an experiment with the same name as a problem.
    """
    for kind in sorted(KINDS, key="layers".__eq__):  # layers last, because they load torch
        try:
            return kind, _entry(kind, name)
        except KeyError:
            continue
    known = [key for kind in TABLES for key in (*table(kind), *table(kind).entries)]
    raise InputError(f"nothing is called {name!r}; {nearest(name, {*known, *experiments()})}")


def _entry(kind: str, name: str) -> Any:
    if kind != "experiments":
        return table(kind)[name]
    return {word: one for one, p in experiment_files().items() for word in (one, f"{p.parent.name}/{one}")}[name]


def _experiment_facts(name: str) -> dict[str, Any]:
    return {"claim": experiments()[name], "config": experiment_files()[name].read_text()}


def _method_facts(method: Any) -> dict[str, Any]:
    from geoflow.measure.small_steps import measured_defects
    from geoflow.theory.derived_order import order_from_coefficients, simplifying_assumptions
    from geoflow.theory.elementary_weights import elementary_weights, error_constant
    from geoflow.theory.structure import conjugate_symplectic, properties

    coefficients = {key: getdoc(x) if callable(x) else x for key, x in method.facts().items()}
    coefficients = {key: _exact(x) if isinstance(x, tuple) else x for key, x in coefficients.items()}
    if not method.coefficients:
        coefficients["measured_defects"] = measured_defects(method)
    # The order conditions are checked up to some order, beyond which only a lower bound is known.
    order = order_from_coefficients(method)
    return {
        **properties(method),
        **coefficients,
        "conjugate_symplectic": conjugate_symplectic(method),
        "simplifying_assumptions": simplifying_assumptions(method),
        "error_constant": error_constant(method),
        "elementary_weights": _weights(elementary_weights(method)),
        "order_from_coefficients": order and order[0],
        "order_from_coefficients_at_least": bool(order and order[1]),
    }


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Format the facts for printing: both orders of a method in one line."""
    shown = {key: value for key, value in facts.items() if not key.startswith("order_from")}
    if facts["kind"] == "method":
        derived, least = facts["order_from_coefficients"], facts["order_from_coefficients_at_least"]
        words = f", {'at least ' * least}{derived} (from its coefficients)" if derived is not None else ""
        shown["order"] = f"{facts['order']} (declared){words}"
    return shown


def _weights(rows: Any) -> list[list[Any]] | None:
    """Return one row per tree: vertices, the tree, its density and symmetry, the weight, and 1 / density."""
    if rows is None:
        return None
    return [[row.order, row.tree, row.density, row.symmetry, _exact(row.weight), f"1/{row.density}"] for row in rows]


def _exact(x: Any) -> Any:
    """Format a rational number exactly, any other number to 30 digits, and a tuple of numbers as a list."""
    import mpmath

    if isinstance(x, tuple):
        return [_exact(one) for one in x]
    return mpmath.nstr(x, 30) if isinstance(x, mpmath.mpf) else str(x)


def _table_facts(kind: str, entry: Any) -> dict[str, Any]:
    from geoflow.describe.tables import KINDS

    facts = {key: of(entry) for key, of in KINDS[kind.removesuffix("s")][0].items()}
    return {"description": getdoc(entry.make if kind == "problems" else entry), **facts}


def plain(value: Any) -> Any:
    """Convert a value for JSON: infinity becomes the string "inf", NaN becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value
