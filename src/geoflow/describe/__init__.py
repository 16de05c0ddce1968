"""Description of anything that has a name: of entries of the tables, experiments, figures and studies."""

import math
from collections.abc import Callable, Mapping
from inspect import getdoc, signature
from typing import Any

from geoflow.describe import others
from geoflow.describe.others import experiments
from geoflow.ground import InputError, Table, nearest
from geoflow.ground.sentences import align
from geoflow.ground.study import ARCHITECTURES, DATASETS, LAYERS, LOSSES, METHODS, POTENTIALS, PROBLEMS
from geoflow.pipeline.checking import load_table
from geoflow.pipeline.written import experiment_files

TABLES = {"methods": METHODS, "problems": PROBLEMS, "potentials": POTENTIALS, "layers": LAYERS}
MORE = {
    "networks": ARCHITECTURES,
    "losses": LOSSES,
    "datasets": DATASETS,
    "attacks": "geoflow.describe.attacks:ATTACKS",
}
# Kinds without a table -> name -> one line of text; their names are those of files in the repository.
LISTS = {"experiments": experiments, "figures": others.figures, "studies": others.studies}
KINDS = (*TABLES, *LISTS, *MORE)
LAST = ("datasets", "attacks", "layers")  # they load torch


def table(kind: str) -> Table[Any]:
    return load_table((TABLES | MORE)[kind])


def _lines(kind: str) -> dict[str, str]:
    """Name -> one line of text, for a kind whose entries have no properties to compare."""
    if kind in MORE:
        return {name: (getdoc(entry) or "").partition("\n")[0] for name, entry in table(kind).items()}
    if found := LISTS[kind]():
        return found
    raise InputError("expected files in config/experiment/, found none; run the command in the root of the repository.")


def names(kind: str) -> list[str]:
    """All names of a kind, including the listed members of families."""
    return list(table(kind) if kind in TABLES else _lines(kind))


def listed(kind: str) -> str:
    """Text with one line per name."""
    return repr(table(kind)) if kind in TABLES else "\n".join(align(list(_lines(kind).items())))


def describe(name: str) -> dict[str, Any]:
    """Return all facts about `name`; raises InputError for an unknown name."""
    kind, entry = find(name)
    special: dict[str, Callable[[Any], dict[str, Any]]] = {
        "methods": _method_facts,
        "experiments": others.experiment_facts,
        "figures": others.figure_facts,
        "studies": others.study_facts,
        **dict.fromkeys(MORE, _constructor_facts),
    }
    facts = special[kind](entry) if kind in special else _table_facts(kind, entry)
    singular = {"studies": "study", "losses": "loss", "datasets": "data set"}.get(kind, kind.removesuffix("s"))
    return {"name": name, "kind": singular, **facts}


def find(name: str) -> tuple[str, Any]:
    """Return the kind and the entry of `name`; raises InputError with the nearest names if there is none.

    Of equal names the first in the order of KINDS is found; `figures/discs` is the figure. The entry of an experiment,
    figure or study is its name.
    """
    first, _, own = name.partition("/")
    for kind in sorted([first] if first in KINDS else KINDS, key=LAST.__contains__):
        try:
            return kind, _entry(kind, own if first in KINDS else name)
        except KeyError:
            continue
    known = {key for kind in (*TABLES, *MORE) for key in (*table(kind), *table(kind).entries)}
    raise InputError(f"nothing is called {name!r}; {nearest(name, known.union(*(LISTS[kind]() for kind in LISTS)))}")


def _entry(kind: str, name: str) -> Any:
    if kind not in LISTS:
        return table(kind)[name]
    own = {one: one for one in LISTS[kind]()}
    if kind == "experiments":  # with the chapter, or without
        own |= {f"{path.parent.name}/{one}": one for one, path in experiment_files().items()}
    return own[name]


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
    """Format the facts for printing: both orders of a method in one line, and the sources in full."""
    shown = {key: value for key, value in facts.items() if not key.startswith("order_from")}
    if facts["kind"] == "method":
        derived, least = facts["order_from_coefficients"], facts["order_from_coefficients_at_least"]
        words = f", {'at least ' * least}{derived} (from its coefficients)" if derived is not None else ""
        shown["order"] = f"{facts['order']} (declared){words}"
    sources = others.references(f"{facts.get('reference')} {facts.get('description')}")
    return shown | ({"source": sources} if sources else {})


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


def _constructor_facts(make: Any) -> dict[str, Any]:
    parameters = signature(make).parameters.values()
    return {"description": getdoc(make), "parameters": [str(one) for one in parameters]}


def plain(value: Any) -> Any:
    """Convert a value for JSON: infinity becomes the string "inf", NaN becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value
