"""Result of a verification: a table to print, an exit status and a JSON file."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from geoflow.ground.sentences import align


class Status(StrEnum):
    """Status of one comparison; UNCHECKED means that it could not be made, so that the archive does not hold."""

    IDENTICAL = "identical"
    WITHIN = "within tolerance"
    DIFFERENT = "different"
    MISSING = "missing"
    UNCHECKED = "not checked"


GOOD = (Status.IDENTICAL, Status.WITHIN)


@dataclass(frozen=True)
class Line:
    """One comparison: the check, the compared object, the status, and a short reason."""

    check: str
    what: str
    status: Status
    detail: str = ""


@dataclass
class Report:
    """All comparisons of a verification in order; `notes` are additional remarks without a status."""

    archive: Path
    level: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, check: str, what: str, status: Status, detail: str = "") -> None:
        """Append one line."""
        self.lines.append(Line(check, what, status, detail))

    @property
    def failed(self) -> bool:
        """Whether any comparison is DIFFERENT or MISSING."""
        return any(line.status in (Status.DIFFERENT, Status.MISSING) for line in self.lines)

    @property
    def unsettled(self) -> list[Line]:
        """Comparisons that do not hold; one that was not made is settled by a later check that made it."""
        lines: list[Line] = []
        for line in self.lines:
            if line.status in GOOD:
                lines = [one for one in lines if one.status is not Status.UNCHECKED or one.what != line.what]
            else:
                lines.append(line)
        return lines

    @property
    def exit_status(self) -> int:
        """Exit status. 0: all identical or within tolerance; 1: something different, missing or not checked."""
        return 1 if self.unsettled else 0

    def table(self) -> str:
        """Format the comparisons as aligned columns: check, object, status, reason."""
        rows = [("check", "what", "outcome", "")]
        rows += [(line.check, line.what, str(line.status), line.detail) for line in self.lines]
        rule = ["-" * max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(align([rows[0], [*rule[:3], ""], *rows[1:]]))

    def verdict(self) -> str:
        """Summarise in one sentence the number of comparisons of each status."""
        counts = [(sum(line.status is status for line in self.lines), status) for status in Status]
        said = ", ".join(f"{count} {status}" for count, status in counts if count)
        word = "does not hold" if self.failed else "is not decided" if self.unsettled else "holds"
        return f"{self.archive.name} {word} at level {self.level}: {said}."

    def to_json(self) -> str:
        """Format as results.json of an autograder: one test per line, one point per passed test."""
        tests = [
            {
                "name": f"{line.check}: {line.what}",
                "status": "passed" if line.status in GOOD else "failed",
                "score": int(line.status in GOOD),
                "max_score": 1,
                "output": f"{line.status}. {line.detail}".strip(),
            }
            for line in self.lines
            if line.status in GOOD or line in self.unsettled
        ]
        output = "\n".join([self.verdict(), *self.notes])
        score = sum(int(str(test["score"])) for test in tests)
        return json.dumps({"score": score, "output": output, "tests": tests}, indent=1) + "\n"


def print_report(report: Report) -> None:
    """Print table, notes and verdict to stdout."""
    # Texts from an archive can contain control characters for a terminal.
    for text in (report.table(), *report.notes, report.verdict()):
        print("".join(c if c.isprintable() or c == "\n" else "?" for c in text))
