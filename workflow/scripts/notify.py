"""Tell the user that a run has ended, by the command in GEOFLOW_NOTIFY."""

import os
import shlex
import subprocess
import sys


def notify(sentence: str) -> None:
    """Call the command with the sentence as its last argument; if that fails, print a warning and go on."""
    command = os.getenv("GEOFLOW_NOTIFY", "")
    if not command.strip():
        return
    try:
        subprocess.run([*shlex.split(command), f"geoflow: {sentence}"], check=True, timeout=60)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(
            f"geoflow: GEOFLOW_NOTIFY={command}: expected a command that takes a sentence ({error}).", file=sys.stderr
        )
