"""The facts of all entries of one table: described, checked, and drawn in a small picture. One job per table."""

import json
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Any

from equations import latex
from typeset import typeset

from geoflow.check import check_entry
from geoflow.describe import describe, plain, table
from geoflow.ground import renamed_when_complete
from website.pictures import draw


def gather_one(kind: str, name: str) -> dict[str, Any]:
    """Name, facts, findings (rows of `geoflow check`) and picture (PNG in base64, or "") of one entry."""
    entry = table(kind)[name]
    picture = draw(kind, entry)
    return {
        "name": name,
        "facts": plain(describe(name) | _of_class(kind, entry)),
        "findings": [asdict(finding) for finding in check_entry(kind, entry)],
        "picture": b64encode(picture).decode() if picture else "",
    }


def _of_class(kind: str, entry: Any) -> dict[str, Any]:
    """Facts that `describe` does not give: equations in LaTeX, the kind of a method, the law of a layer."""
    if kind == "layers":
        laws = {key: typeset(getattr(entry, key)) for key in ("formula", "law", "condition")}
        return {"latex": typeset(entry), "reference": entry.reference, "non_expansive": entry.non_expansive, **laws}
    if kind == "methods":
        return {"latex": latex(entry), "group": entry.kind}
    return {"latex": latex(entry() if kind == "potentials" else entry)}


def write(kind: str, out: str) -> None:
    """Write the facts of all entries of a table as JSON."""
    text = json.dumps([gather_one(kind, name) for name in table(kind)], indent=1)
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(text)
