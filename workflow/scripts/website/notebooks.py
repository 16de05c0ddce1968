"""The tutorials as executed notebooks; the solutions of their exercises are folded."""

import re
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from geoflow.ground import GeoflowError, renamed_when_complete
from website.markdown import cite_pandoc

LIMIT = 120  # seconds for one cell
SHARP = "%config InlineBackend.rc = {'figure.dpi': 110}"
FOLDED = re.compile(r"<details><summary>(.*?)</summary>|</details>")


def prepare(text: str) -> nbformat.NotebookNode:
    """Read a tutorial; cells with the option source_hidden get the tag `hide-input`, by which MyST-NB folds them."""
    book = jupytext.reads(text, fmt="md")
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = cite_pandoc(FOLDED.sub(lambda found: f"**{found[1]}**" if found[1] else "", cell.source))
        elif cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["tags"] = ["hide-input"]
    book.cells = [cell for cell in book.cells if cell.source.strip()]
    book.cells.append(nbformat.v4.new_markdown_cell("## References\n\n```{footbibliography}\n```"))
    return book


def execute(book: nbformat.NotebookNode, name: str) -> None:
    """Run all cells in order in a new process; raises GeoflowError with the error of the first cell that fails."""
    book.cells.insert(0, nbformat.v4.new_code_cell(SHARP))
    client = NotebookClient(book, timeout=LIMIT, kernel_name="python3", record_timing=False)
    try:
        client.execute()
    except CellTimeoutError:
        raise GeoflowError(f"a cell of the tutorial {name} takes more than {LIMIT} s.") from None
    except CellExecutionError as error:
        raise GeoflowError(f"a cell of the tutorial {name} fails: {error.ename}: {error.evalue}") from None
    del book.cells[0]


def write(page: str, out: str) -> None:
    """Execute the tutorial in the Markdown file `page` and write it as a notebook."""
    book = prepare(Path(page).read_text())
    execute(book, Path(page).stem)
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"  # equal runs give equal files
    with renamed_when_complete(Path(out)) as (temporary,):
        nbformat.write(book, temporary)
