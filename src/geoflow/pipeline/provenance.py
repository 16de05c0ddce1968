r"""The macro \provenance{figure} says which rule, values, code and commit made a figure."""

from geoflow.ground import Results
from geoflow.pipeline import latex
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
