r"""Generated LaTeX files of a coursework, made only from the chosen results.

In report/generated/coursework/: numbers.tex, scale.tex, provenance.tex, tables/claims.tex and tables/orders.tex are
those of the report restricted to the chosen experiments; coursework.tex defines the title page:

    \courseworkidentifier  \courseworktitle  \courseworkauthor  \courseworkdeclaration
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geoflow.coursework.configuration import Coursework
from geoflow.ground import Results
from geoflow.pipeline import claims as judged
from geoflow.pipeline import latex, numbers


def title(asked: Coursework) -> str:
    """Write the macros of the title page."""
    words = {
        "identifier": asked.identifier,
        "title": asked.title,
        "author": asked.author,
        "declaration": asked.declaration.text.strip(),
    }
    return "".join(rf"\newcommand{{\coursework{name}}}{{{latex.escape(text)}}}" + "\n" for name, text in words.items())


def generate(
    results: Path,
    asked: Coursework,
    claims: Mapping[str, Sequence[Mapping[str, Any]]],
    figures: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Generate all files; returns name -> LaTeX.

    results: the folder of one scale; claims: experiment -> its claims, one key per chosen experiment;
    figures: name -> [digest of its code, experiment, ...] (as for stage provenance).
    """
    import pandas as pd

    found = {name: Results(results / name) for name in claims}
    macros = [line for name, result in found.items() for line in numbers.lines(name, result)]
    made = [
        numbers.provenance_line(figure, code, [found[name] for name in names])
        for figure, (code, *names) in figures.items()
    ]
    verdicts = pd.DataFrame(
        [judged.judge(name, claim, found[name].summary) for name, several in claims.items() for claim in several],
        columns=["experiment", "text", "value", "below", "above", "holds", "margin"],
    )
    orders = [
        row
        for name, result in found.items()
        if result.config["study"] == "order"
        for row in judged.order_rows(name, result.table("orders"))
    ]
    end = r"\makeatother"
    return {
        "numbers.tex": numbers.MACROS + "\n".join([*macros, end, ""]),
        "scale.tex": numbers.scale_macro(results),
        "provenance.tex": numbers.PROVENANCE + "\n".join([*made, end, ""]),
        "coursework.tex": title(asked),
        "tables/claims.tex": latex.tabular(*judged.CLAIMS, judged.claim_rows(verdicts)),
        "tables/orders.tex": latex.tabular(*judged.ORDERS, orders),
    }
