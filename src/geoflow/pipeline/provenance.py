r"""Stage provenance: \provenance{figure} says which rule, values, code and commit made a figure."""

import json
from pathlib import Path

from geoflow.ground import Results, renamed_when_complete
from geoflow.ground.sentences import sentences
from geoflow.pipeline import latex
from geoflow.pipeline.run import arguments
from geoflow.pipeline.source import short_sha256

MACRO = r"""\makeatletter
\NewDocumentCommand{\provenance}{m}{%
  \ifcsname geoflow@provenance@#1\endcsname\csname geoflow@provenance@#1\endcsname
  \else\PackageError{geoflow}{No provenance of figure `#1'}{See provenance.tex.}\fi}
"""


def line(figure: str, code: str, results: list[Results]) -> str:
    """The definition for one figure; digests of several experiments are hashed into one."""
    runs = [result.provenance for result in results]
    values = short_sha256("".join(run["config"] for run in runs))
    commits = ", ".join(sorted({run["commit"] for run in runs}))
    made = short_sha256(code + "".join(run["code"] for run in runs))
    text = f"rule draw_{figure}; values {values[:8]}; code {made[:8]}; commit {commits}"
    return rf"\@namedef{{geoflow@provenance@{figure}}}{{{latex.escape(text)}}}"


def main() -> None:
    """`results=FOLDER figures=JSON out=FILE`.

    JSON: figure -> [digest of its code, experiments]; an experiment is a folder in `results`, or a path.
    """
    given = arguments("results", "figures", "out")
    written = [
        line(figure, code, [Results(Path(given["results"]) / name) for name in names])
        for figure, (code, *names) in json.loads(given["figures"]).items()
    ]
    with renamed_when_complete(Path(given["out"])) as (temporary,):
        temporary.write_text(MACRO + "\n".join([*written, r"\makeatother", ""]))


if __name__ == "__main__":
    with sentences():
        main()
