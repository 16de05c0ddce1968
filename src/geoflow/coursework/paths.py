"""Paths that a coursework archive may have: valid on every file system, and inside its folder."""

import re

LONGEST = 200
# Names that are valid on every file system; no leading dot, because tools read hidden files.
PART = re.compile(r"[A-Za-z0-9_+@=(),-](?:[A-Za-z0-9_+@=(),. -]*[A-Za-z0-9_+@=(),-])?")
RESERVED = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def path_fault(path: str) -> str | None:
    """Reason why `path` is not allowed in an archive, as the end of a sentence; None if it is allowed."""
    if len(path) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "is an absolute path"
    parts = path.split("/")
    if ".." in parts:
        return "climbs out of its folder"
    for part in parts:
        if not PART.fullmatch(part):
            return "has a hidden or unusual part; use letters, digits, . _ - + = @ ( ) , and space"
        if RESERVED.fullmatch(part):
            return "is a reserved name on Windows"
    return None
