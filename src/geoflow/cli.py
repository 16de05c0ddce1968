"""The command `geoflow`: list, show and check entries, integrate, print a loop, verify a coursework archive.

The commands in SCRIPTS exist only in a clone of the repository.

Invalid input, or an error during the import of a table, prints one sentence to stderr and gives exit status 2.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoflow import __version__
from geoflow.describe import KINDS, describe, experiments, in_words, listed, names, plain
from geoflow.ground import InputError
from geoflow.ground.sentences import align, exit_status, sentences
from geoflow.studies import FIGURES

if TYPE_CHECKING:
    from geoflow.integrators.integrate import Trajectory


RUN = "run one experiment: geoflow run --help"
# Commands that are scripts of the repository, which parse their own arguments.
SCRIPTS = {
    "search": ("search_values.py", "search for values, judged on validation images: geoflow search --help"),
    "verify": ("verify_archive.py", "check a submitted coursework archive"),
    "trace": ("trace_number.py", "print where a number or a figure of the report comes from"),
    "why": ("why_rerun.py", "say which value or module makes a figure, an experiment or a file run again"),
    "cost": ("forecast.py", "forecast the time of what is not current"),
    "draw": ("show_files.py", "make figures, and the results that they need"),
    "open": ("show_files.py", "open a figure, the report, the supplement or the site"),
    "status": ("run_status.py", "print how far the run in this folder is"),
    "profile": ("profile_study.py", "print where the study of an experiment spends its time"),
    "assign": ("assign.py", "write what a student of an assignment gets"),
    "mark": ("mark.py", "mark all coursework archives of a folder"),
    "new": ("new_own.py", "start a method, problem, potential, layer, study or experiment of your own"),
    "precheck": ("precheck.py", "say what a marker of your coursework will see"),
    "keep-paper": ("paper_results.py", "track the finished results of the scale paper"),
    "verify-paper": ("paper_results.py", "recompute the certificates from the tracked weights and compare"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    asked = sys.argv[1:] if words is None else list(words)
    if asked[:1] in (["run"], ["-sc"]):  # Hydra parses these arguments, and completes them by -sc
        return exit_status(lambda: _by_hydra(asked))
    if asked and asked[0] in SCRIPTS:
        return exit_status(lambda: _by_script(asked))
    with sentences():  # the commands import tables, which can contain invalid entries
        parser = _parser()
    if "_ARGCOMPLETE" in os.environ:  # the shell asks for completions
        import argcomplete

        argcomplete.autocomplete(parser)
    given = vars(parser.parse_args(asked))
    command = given.pop("command")
    return exit_status(lambda: command(**given))


def _by_hydra(words: Sequence[str]) -> int:
    from geoflow.run import main

    main(words if words[0] == "-sc" else words[1:])
    return 0


def _by_script(words: Sequence[str]) -> int:
    """Run a script of the clone that contains this file; all except `verify` read files of the current folder."""
    script = Path("workflow/scripts") / SCRIPTS[words[0]][0]
    path = Path(__file__).parents[2] / script
    if not path.exists() or not (script.exists() or words[0] == "verify"):
        raise InputError(f"{words[0]}: expected {script} in this folder; run it in the root of the repository.")
    return subprocess.run([sys.executable, path, *words]).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="geoflow", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--version", action="version", version=f"geoflow {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[..., int | None], text: str, *words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(command=command)
        for word in words:
            _complete(one.add_argument(word), *([f"{word}s"] if f"{word}s" in KINDS else KINDS))
        return one

    listing = add("list", list_names, "list the names of one kind")
    listing.add_argument("kind", choices=KINDS)
    showing = add("show", show, "show one method, problem, potential, layer or experiment", "name")
    checking = add("check", check, "compare what one entry or experiment declares with what it does", "name")
    running = add("integrate", integrate, "integrate a problem by a method", "problem", "method")
    running.add_argument("--h", type=float, required=True, help="step size")
    running.add_argument("--steps", type=_whole, required=True, help="number of steps")
    running.add_argument("--every", type=_whole, default=1, help="store every EVERY-th state")
    running.add_argument("--y0", help="initial state, numbers separated by commas")
    running.add_argument("--t0", type=float, help="initial time")
    running.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="of the problem")
    for one in (listing, showing, checking, running):
        one.add_argument("--json", action="store_true", dest="as_json")
    running.add_argument("--out", type=Path, metavar="FILE.parquet")
    printing = add("source", source, "print the loop that is compiled for a problem and a method", "problem", "method")
    printing.add_argument("--solver", default="fixed_point", help="solver for implicit stages: fixed_point or newton")
    for name, text in {"run": RUN, **{name: text for name, (_, text) in SCRIPTS.items()}}.items():
        one = commands.add_parser(name, help=text, add_help=False)
        _complete(
            one.add_argument("names", nargs="*"),
            "experiments",
            start="experiment=" if name in ("run", "search") else "",
        )
    return parser


def _complete(argument: argparse.Action, *kinds: str, start: str = "") -> None:
    """Make the shell complete the names of these kinds, after `start`; with the experiments also the figures."""

    def completions(**_: Any) -> list[str]:
        found = [name for kind in kinds for name in (experiments() if kind == "experiments" else names(kind))]
        return [start + name for name in (*found, *(FIGURES if "experiments" in kinds and not start else ()))]

    argument.completer = completions  # type: ignore[attr-defined]


def list_names(kind: str, as_json: bool) -> None:
    """Print one line per name with its description."""
    print(json.dumps(names(kind)) if as_json else listed(kind))


def show(name: str, as_json: bool) -> None:
    """Print all facts about one name; properties are derived from the coefficients."""
    facts = describe(name)
    if as_json:
        print(json.dumps(plain(facts)))
        return
    rows = []
    for key, value in in_words(facts).items():
        lines = value.splitlines() if isinstance(value, str) else [json.dumps(plain(value))]
        if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple):
            lines = [json.dumps(plain(row)) for row in value]
        rows += [(key if i == 0 else "", line) for i, line in enumerate(lines or [""])]
    print("\n".join(align(rows)))


def check(name: str, as_json: bool) -> int:
    """Print a table of declared, derived and measured values, then all errors; returns 1 if there are any."""
    from geoflow.check import check as findings_about

    rows = findings_about(name)
    wrong = [row.wrong for row in rows if row.wrong]
    if as_json:
        print(json.dumps(plain([asdict(row) for row in rows])))
        return int(bool(wrong))
    head = ("quantity", "declared", "derived", "measured")
    lines = align([head, *((row.quantity, row.declared, row.derived, row.measured) for row in rows)])
    print(*lines, "", sep="\n")
    for said in wrong:
        print(f"wrong: {said}")
    if not wrong:
        print(f"{name}: no errors found")
    return int(bool(wrong))


def integrate(
    problem: str, method: str, h: float, steps: int, every: int, y0: str | None, t0: float | None,
    parameter: Sequence[str], as_json: bool, out: Path | None,
) -> None:  # fmt: skip
    """Integrate and print a summary, or all samples as JSON; `out` is the file for a Parquet table of the samples."""
    from geoflow.ground.results import write_table
    from geoflow.integrators.integrate import integrate as run
    from geoflow.problems import PROBLEMS, make_problem

    if out is not None and out.suffix != ".parquet":
        raise InputError(f"expected a file name ending in .parquet, got {str(out)!r}.")
    pairs = list(map(_parameter, parameter))
    if len(dict(pairs)) < len(pairs):
        raise InputError(f"expected each parameter once, got {', '.join(parameter)}; remove all but one of each name.")
    made = make_problem(PROBLEMS, problem, **dict(pairs))
    start = None if y0 is None else [_number(text, "y0") for text in y0.split(",")]
    result = run(made, method, h=h, steps=steps, every=every, monitor=1, y0=start, t0=t0)
    origin = {"problem": result.problem.name, "method": result.method.name, "h": result.h, "steps": result.steps}
    if out is not None:
        write_table(out, result.to_pandas(), provenance=origin)
    if as_json:
        print(json.dumps(plain(origin | _samples(result))))
    else:
        _print(result, out)


def source(problem: str, method: str, solver: str) -> None:
    """Print the loop of `integrate`; see src/geoflow/integrators/compiler/README.md for an explanation."""
    from geoflow.integrators import METHODS
    from geoflow.integrators.arguments import uses_newton
    from geoflow.integrators.compiler.loops import loop_source
    from geoflow.integrators.compiler.values import TranslationError
    from geoflow.problems import PROBLEMS

    f, phi = PROBLEMS[problem], METHODS[method]
    phi.check(f)
    try:
        print(loop_source(f, phi, bool(f.invariants), uses_newton(phi, solver))[0], end="")
    except TranslationError as reason:
        raise InputError(f"no loop is compiled for problem {problem!r}: {reason}.") from None


def _whole(text: str) -> int:
    """Parse an integer, also in the form 1e4."""
    try:
        number = float(text)
        if number.is_integer():
            return int(text) if text.strip().lstrip("+-").isdigit() else int(number)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}; try 1000 or 1e3")


def _parameter(text: str) -> tuple[str, float | int]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"expected --parameter NAME=VALUE, got {text!r}.")
    number = _number(value, name)
    return name, int(number) if value.strip().lstrip("+-").isdigit() else number


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"expected a number for {name}, got {text!r}.") from None


def _samples(run: "Trajectory") -> dict[str, Any]:
    samples = {"t": run.t.tolist(), "y": run.y.tolist(), "final": run.final.tolist()}
    invariants = {name: values.tolist() for name, values in run.invariants.items()}
    return {**samples, "invariants": invariants, "drift": dict(run.drift)}


def _print(run: "Trajectory", out: Path | None) -> None:
    print(f"{run.problem.name} by {run.method.name}: {run.steps} steps of h = {run.h:g}")
    print("final state", " ".join(f"{x:.15g}" for x in run.final))
    for name, drift in run.drift.items():
        print(f"{name}: {run.invariants[name][0]:.15g} at the start, changes by at most {drift:.3e}")
    if out is not None:
        print(f"{len(run.t)} samples in {out}")


if __name__ == "__main__":
    sys.exit(main())
