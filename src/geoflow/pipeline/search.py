"""The command `geoflow search`: workflow/scripts/search_values.py, which exists only in a clone of the repository."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from geoflow.ground import InputError

SCRIPT = Path("workflow/scripts/search_values.py")


def main(words: Sequence[str]) -> None:
    """Run the script and exit with its status."""
    if not SCRIPT.exists():
        raise InputError(f"search: expected {SCRIPT} in this folder; run the command in the root of the repository.")
    sys.exit(subprocess.run([sys.executable, SCRIPT, *words]).returncode)
