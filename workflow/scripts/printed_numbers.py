"""Where the report prints a number, and which results are written as it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from captions import MACRO

from geoflow.ground import Results
from geoflow.pipeline import latex, numbers

REPORT = Path("report")
GENERATED = REPORT / "generated"
FORMATS = {"number": latex.number, "percent": latex.percent, "integer": latex.integer, "fixed": latex.fixed}
FORMULA = re.compile(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}")
WRITTEN = re.compile(r"(-?\d+(?:\.\d*)?)(?:e([+-]?\d+))?(%?)")


@dataclass(frozen=True)
class Source:
    """A number of the results. place: the file and the key or column in it; printed: where the report prints it."""

    run: Results
    key: str
    value: float | str
    place: str
    printed: Sequence[str] = ()


def plain(text: str) -> str:
    r"""A number without LaTeX and spaces: `1.20\cdot 10^{-3}` and `1.20e-03` are both 1.20e-3."""
    text = FORMULA.sub(r"\1", text)
    text = re.sub(r"\\,|\s|(?<=\d),(?=\d{3}\b)|\\(?=%)", "", text).replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"(?:\\cdot|·|\*)10\^\{?(-?\d+)\}?", r"e\1", text)
    found = WRITTEN.fullmatch(text)
    return found[1] + (f"e{int(found[2])}" if found[2] else "") + found[3] if found else text


def _lines(*patterns: str) -> Iterator[tuple[str, str]]:
    """(place, text) of each line of the LaTeX files below the report that match."""
    for path in sorted(path for pattern in patterns for path in REPORT.glob(pattern)):
        for number, text in enumerate(path.read_text().splitlines(), 1):
            yield f"{path}, line {number}", text


@dataclass(frozen=True)
class Printed:
    """The text of the report, and the results whose numbers it prints."""

    runs: Sequence[Results]

    @cached_property
    def uses(self) -> dict[tuple[str, ...], list[str]]:
        """(result or setting, experiment, key, format) -> the places in the text that print it."""
        found: dict[tuple[str, ...], list[str]] = {}
        for place, text in _lines("*.tex", "sections/**/*.tex"):
            for kind, form, experiment, key in MACRO.findall(text):
                use = kind, experiment, key, form or ("number" if kind == "result" else "")
                found.setdefault(use, []).append(place)
        return found

    def quantity(self, run: Results, key: str, value: float, formats: Iterable[str] = FORMATS) -> Source:
        """A quantity of the summary, and where it is printed in one of the formats."""
        printed = [x for form in formats for x in self.uses.get(("result", run.folder.name, key, form), [])]
        return Source(run, key, value, f"{run.folder}/summary.parquet, key {key}", printed)

    def written_as(self, number: str) -> list[Source]:
        """All quantities and values that are written as this number, those that the text prints first."""
        found = []
        for run in self.runs:
            for key, value in run.summary.items():
                if same := [form for form, write in FORMATS.items() if plain(write(value)) == number]:
                    found.append(self.quantity(run, key, value, same))
            for key, text in numbers.settings(run.values):
                if plain(text) == number:
                    printed = self.uses.get(("setting", run.folder.name, key, ""), [])
                    found.append(Source(run, key, number, f"{run.folder}/config.json, value {key}", printed))
        return sorted(found, key=lambda one: not one.printed)

    def cells(self, number: str) -> Iterator[Source]:
        """Columns of tables with a cell that is rounded to this number, and the first such row."""
        parts = WRITTEN.fullmatch(number)
        assert parts
        unit = 10.0 ** (int(parts[2] or 0) - 2 * bool(parts[3]))
        half = 0.5 * unit * 10.0 ** -len(parts[1].partition(".")[2])
        for run in self.runs:
            for path in sorted(run.folder.glob("*.parquet")):
                for name, column in run.table(path.stem).select_dtypes("number").items():
                    near = column[(column - float(parts[1]) * unit).abs() <= half * (1 + 1e-9)]
                    if len(near) and path.stem != "summary":
                        yield Source(run, str(name), near.iloc[0], f"{path}, column {name}, row {near.index[0]}")

    def in_tables(self, number: str) -> list[str]:
        """Lines of the generated tables that print this number."""
        return [
            place
            for place, text in _lines("generated/tables/*.tex")
            if number in map(plain, text.removesuffix(r"\\").split("&"))
        ]


def places_of_figure(name: str) -> list[str]:
    """The lines of the report that show a figure."""
    shown = re.compile(rf"\\geofigure(?:\[\w+\])?\{{{name}\}}")
    return [place for place, text in _lines("*.tex", "sections/**/*.tex") if shown.search(text)]
