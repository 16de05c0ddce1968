"""Declaration of the input and output of a study: the base class of every `config.py`.

A `config.py` defines one class that derives from `Study` and is named after its folder
(`planet_costs` -> `PlanetCosts`). Its fields are the values of the study; the class variables declare
its output. This module and every `config.py` import no large library, because the Snakefile reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass
from types import UnionType
from typing import Any, ClassVar, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

T = TypeVar("T")

PROBLEMS = "geoflow.problems:PROBLEMS"
METHODS = "geoflow.integrators:METHODS"
CONTROLS = "geoflow.integrators.controls:CONTROLS"
OBSERVABLES = "geoflow.measure.observables:OBSERVABLES"
OPTIMISERS = "geoflow.measure.optimisers:OPTIMISERS"
POTENTIALS = "geoflow.potentials:POTENTIALS"
ARCHITECTURES = "geoflow.networks.architectures:ARCHITECTURES"
DENOISERS = "geoflow.networks.architectures:DENOISERS"
LAYERS = "geoflow.layers:LAYERS"
LOSSES = "geoflow.learning.losses:LOSSES"
DATASETS = "geoflow.learning.datasets:DATASETS"

NAMED = {
    "problem": PROBLEMS,
    "problems": PROBLEMS,
    **dict.fromkeys(("method", "methods", "schemes", "reference", "hamiltonian_of"), METHODS),
    **dict.fromkeys(("fixed", "variable", "split_methods"), METHODS),
    "observed": OBSERVABLES,
    "optimisers": OPTIMISERS,
    "potential": POTENTIALS,
    "potentials": POTENTIALS,
    "architecture": ARCHITECTURES,
    "denoiser": DENOISERS,
    "loss": LOSSES,
    "dataset": DATASETS,
}
"""Field of a study, or of a part of one, such as a run -> the table in which its names are looked up."""

POSITIVE = (
    "accuracies accuracy batch channels classes depth depths div_factor epochs evaluations every h hL h_omega halvings"
    " hidden learning_rate loop_steps max_lr members most_points neurons orbits out periods points probes queries"
    " records reference_points repeats restarts samples samples_per_period segments size stages steps"
    " steps_per_period temperature tests threads tolerance total_steps train training_steps turns width widths"
)
"""Fields of a study, or of a part of one, whose numbers must be greater than 0, in one string."""

# The tables whose entries enter the digests of code individually.
TABLES = (PROBLEMS, METHODS, CONTROLS, POTENTIALS, LAYERS, ARCHITECTURES, DENOISERS)

Entry = dict[str, Any]
"""An entry of a table with parameters: {name: kepler, eccentricity: 0.6}."""


@dataclass
class Claim:
    """The condition above < quantity < below on a summary key; an empty `scales` means all scales. The margin of a
    one-sided condition is measured from `ideal`, such as 1 for a ratio."""

    name: str
    text: str
    quantity: str
    below: float | None = None
    above: float | None = None
    ideal: float = 0.0
    scales: list[str] = field(default_factory=list)


@dataclass
class Printed:
    """A number of the course beside ours, which is `times` the summary key `quantity`, or its range over the seeds.

    notes: as its lecture notes print it; run: as its code does, in its stored output or when it was run again. A number
    without seeds has all digits of `run`, or differs at most by the factor `within`.
    """

    text: str
    quantity: str
    notes: str = ""
    run: str = ""
    times: float = 1.0
    within: float | None = None


@dataclass_transform(field_specifiers=(field,))
class Values:
    """Base class of the input of a study, and of its parts, such as a run: every subclass is a dataclass."""

    def __init_subclass__(cls) -> None:
        dataclass(cls)


class Study(Values):
    """Base class of all studies.

    tables: table -> its columns, in one string; each table becomes a Parquet file. `a*` stands for
    any columns that begin with a, `a?` for an optional column.
    summary: patterns of the summary keys, in one string. `energy_error/<method>` is expanded over the
    names in the field `method` or `methods`, or in the `method` of each of `runs` (items are named by
    their label if they have one, entries of a table by their name, numbers as `%g`), and
    `<methods|controls>` over the names in both fields. Any other word in angle brackets stands for any
    text without a slash. `{energy,momentum}_error` stands for both words, as in a shell.
    named: field -> the table in which its names are looked up when the values are composed: NAMED, plus the
    additions of the study. An empty list of such a field stands for the whole table.
    whole: tables that the study reads as a whole, whatever its values.
    """

    tables: ClassVar[Mapping[str, str]] = {}
    summary: ClassVar[str] = ""
    named: ClassVar[Mapping[str, str]] = NAMED
    whole: ClassVar[tuple[str, ...]] = ()


def build_values(cls: type[T], values: Mapping[str, Any]) -> T:
    """Build the dataclass `cls`, including nested dataclasses, from validated plain `values`."""
    hints = get_type_hints(cls)
    return cls(**{key: _build_value(hints[key], value) for key, value in values.items()})


def _build_value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if isinstance(hint, type) and is_dataclass(hint):
        return build_values(hint, value)
    if get_origin(hint) is list:
        return [_build_value(get_args(hint)[0], one) for one in value]
    if hint is float:
        return float(value)
    return value


def labels(values: Iterable[Any]) -> list[str]:
    """Names of the items of a list in summary keys: label or name, numbers as `%g`."""
    return [_label(one) for one in values]


def _label(one: Any) -> str:
    if isinstance(one, Mapping):
        return str(one.get("label", one.get("name", "")))
    return f"{one:g}" if isinstance(one, int | float) else str(one)
