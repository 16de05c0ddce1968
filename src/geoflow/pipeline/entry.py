"""The command `geoflow run`: Hydra's command line for the typed configuration.

    geoflow run experiment=kepler_orbits study.h=0.02
    geoflow run experiment=kepler_orbits study.h=0.01,0.02 out=mine/steps --multirun
    geoflow run experiment=kepler_orbits --cfg job

All arguments are checked before Hydra parses them, so that an error gives one sentence. `--help`, `--cfg`,
`--info`, `--multirun` and shell completion are provided by Hydra.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.sentences import sentences
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.compose import check_composed, compose
from geoflow.pipeline.manual import manual
from geoflow.pipeline.overrides import WHERE, expand_sweeps, force, parse_overrides
from geoflow.pipeline.run import execute
from geoflow.pipeline.schema import folder_name, register, register_experiment, register_help
from geoflow.pipeline.written import CONFIG, check_written, experiment_files, members

# Arguments that are not values of the experiment.
OF_THE_CALL = ("experiment", "scale", "out")
PROGRAM = "geoflow"


def main(words: Sequence[str]) -> None:
    """Check the arguments and pass them to Hydra."""
    from hydra._internal.utils import get_args_parser

    if not (CONFIG / "config.yaml").exists():
        raise InputError("expected config/config.yaml in this folder; run the command in the root of the repository.")
    parser = get_args_parser()
    parser.prog = "geoflow run"
    asked = parser.parse_intermixed_args(list(words))
    flags = [word for word in words if word not in asked.overrides]
    register()
    if asked.shell_completion:
        return _complete(words)
    if asked.hydra_help or asked.info:
        return _hydra([*flags, *_rewritten(asked.overrides)])
    given = {one.key_or_group: one for one in parse_overrides(asked.overrides)}
    if asked.help:
        register_help(manual(str(given["experiment"].value()) if "experiment" in given else None))
        return _hydra([*flags, *_rewritten(asked.overrides), "hydra/help=geoflow"])
    if "experiment" not in given:
        raise InputError(f"{WHERE}: expected experiment=..., got none; try geoflow run --help.")
    for run in expand_sweeps(asked.overrides) if asked.multirun else [asked.overrides]:
        check(run)
    fixed = [one for one in given.values() if not one.is_sweep_override()]
    out = [] if "out" in given else [f"out={folder_of(fixed)}"]
    named = f"hydra.job.config.override_dirname.exclude_keys=[{','.join(one.key_or_group for one in fixed)},out]"
    return _hydra([*flags, *_rewritten(asked.overrides), *out, *([named] if asked.multirun else [])])


def folder_of(fixed: Iterable[Any]) -> str:
    """Output folder of a call without `out`, named after its fixed overrides: `outputs/kepler_orbits/study.h-0.02`."""
    words = {one.get_key_element(): one.input_line.partition("=")[2] for one in fixed}
    name = words.pop("experiment", "").rpartition("/")[2]
    return str(Path("outputs", name, folder_name("__".join(f"{key}-{words[key]}" for key in sorted(words)))))


def check(words: Sequence[str]) -> None:
    """Compose one run to check it; raises InputError for any error."""
    given, rest = split(words)
    compose(short_name(given["experiment"]), given.get("scale", "default"), rest)


def split(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Split the arguments into experiment, scale, out and the overrides of values."""
    given, rest = {}, []
    for word, one in zip(words, parse_overrides(words), strict=True):
        if one.key_or_group not in OF_THE_CALL or one.is_delete():
            rest.append(word)
        elif one.is_sweep_override():
            raise InputError(f"{WHERE}: {word!r} asks for several runs; add --multirun.")
        else:
            given[one.key_or_group] = str(one.value())
    return given, rest


def short_name(experiment: str) -> str:
    """Return `kepler_orbits` for `hamiltonian/kepler_orbits`; raises InputError for an unknown experiment."""
    name = experiment.rpartition("/")[2]
    require_known(WHERE, "experiment", name, experiment_files())
    return name


def _rewritten(words: Iterable[str]) -> list[str]:
    """Rewrite the arguments for Hydra: experiments with their chapter, `++` for values that can be new in the file."""
    files = experiment_files()
    scales = members("scale")
    found = []
    for word in words:
        key, equals, value = word.partition("=")
        if key == "experiment" and equals:
            names = [name.strip() for name in value.split(",")]
            for name in names:
                where = files.get(name.rpartition("/")[2])
                if where:
                    register_experiment(where, check_written(where)[1], scales)
            value = ",".join(f"{files[n].parent.name}/{n}" if n in files else n for n in names)
        found.append(force(f"{key}{equals}{value}"))
    return found


def _hydra(words: Sequence[str]) -> None:
    import hydra

    register()
    app = hydra.main(config_path=str(CONFIG.resolve()), config_name="config", version_base="1.3")
    with _called_with(words):
        app(_run)()


def _complete(words: Sequence[str]) -> None:
    """Complete names of experiments, which Hydra knows only with their chapters; pass all else to Hydra.

    The command line of the shell is in COMP_LINE: `geoflow run experiment=kepler_orbits study.`
    """
    *before, last = os.environ.get("COMP_LINE", "").removeprefix(f"{PROGRAM} run").split(" ")
    if any(word.startswith("query=") for word in words) and last.startswith("experiment="):
        print(" ".join(f"experiment={name}" for name in experiment_files()))
        return
    os.environ["COMP_LINE"] = " ".join([PROGRAM, *_rewritten(filter(None, before)), last])
    _hydra(words)


@contextmanager
def _called_with(words: Sequence[str]) -> Iterator[None]:
    """Context with `words` in sys.argv, which Hydra reads."""
    before = sys.argv
    sys.argv = [PROGRAM, *words]
    try:
        yield
    finally:
        sys.argv = before


def _run(tree: Any) -> None:
    """Run the experiment that Hydra composed."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode
    from omegaconf import OmegaConf

    hydra = HydraConfig.get()
    plain = OmegaConf.to_container(tree, resolve=True)
    assert isinstance(plain, dict)
    values = {str(key): value for key, value in plain.items()}
    with sentences():
        where = experiment_files()[short_name(hydra.runtime.choices["experiment"])]
        one = check_composed(where, hydra.runtime.choices["study"], values, by_hand=True)
        several = hydra.mode == RunMode.MULTIRUN
        out = Path(hydra.runtime.output_dir) if several else Path(values["out"])
        execute(json.loads(one.slice()), out)
        print(os.path.relpath(out))
