"""The HTML pages of marked submissions: feedback of a student, summary of the lecturer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from assignment import Assignment


@dataclass
class Marked:
    """One submission: the outcome of `geoflow verify`, its own files, and points and reasons per question."""

    student: str
    results: dict[str, Any]
    texts: dict[str, str]
    hours_late: float
    notes: list[str] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, list[str]] = field(default_factory=dict)


def page(title: str, *parts: str) -> str:
    """An HTML page; `parts` are already escaped."""
    style = "body{font:16px sans-serif;max-width:60em;margin:2em auto}td,th{padding:.2em .6em;text-align:left}"
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    body = f"<h1>{escape(title)}</h1>{''.join(parts)}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def rows(head: Sequence[str], body: Sequence[Sequence[object]]) -> str:
    """An HTML table of escaped cells."""
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
    lines += ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in body]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def feedback(one: Marked, asked: Assignment) -> str:
    """The page of a student: points and reasons per question, and the checks that did not hold."""
    parts = []
    for question in asked.questions:
        points = f"{one.points[question.name]:g} of {question.points:g} points by the automatic checks."
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in one.reasons[question.name])
        parts.append(f"<h2>{escape(question.name)}</h2><p>{escape(question.text)}</p><p>{points}</p><ul>{reasons}</ul>")
    late = [f"The archive came {one.hours_late:.1f} hours late."] if one.hours_late else []
    parts += [f"<p>{escape(note)}</p>" for note in (*one.notes, *late)]
    failed = [(test["name"], test["output"]) for test in one.results["tests"] if test["status"] == "failed"]
    if failed:
        parts.append("<h2>Checks that did not hold</h2>" + rows(("check", "outcome"), failed))
    return page(f"{asked.title}: {one.student}", *parts)


def summary(marked: Sequence[Marked], pairs: Sequence[tuple[str, str, float]], asked: Assignment) -> str:
    """The page of the lecturer: points of all students, and pairs whose own text or code is similar."""
    names = [question.name for question in asked.questions]
    body = [
        (one.student, *(one.points[name] for name in names), sum(one.points.values()), f"{one.hours_late:.1f}",
         one.results["output"].splitlines()[0], " ".join(one.notes))
        for one in marked
    ]  # fmt: skip
    head = ("student", *names, "points", "hours late", "verdict", "notes")
    words = "Similarity is the share of equal lines of own text and code, without those of the template (difflib)."
    near = rows(("one", "other", "similarity"), [(one, other, f"{share:.2f}") for one, other, share in pairs])
    return page(asked.title, rows(head, body), f"<h2>Similar submissions</h2><p>{words}</p>", near)
