"""Write uv.lock with the versions of requirements.lock, so that `uv sync` installs what `make setup` installs.

    python workflow/scripts/lock_for_uv.py [UV]

uv cannot read versions from another lock, so that they are constraints of a first lock, in a temporary folder; the lock
of the project starts from it and keeps its versions.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

LOCKS = tuple(map(Path, ("requirements.lock", "requirements-site.lock", "workflow/profiles/slurm/requirements.lock")))
READ = ("pyproject.toml", "README.md", "LICENSE")


def pinned(text: str) -> list[str]:
    """Requirements of a lock with hashes: `name==version`."""
    return re.findall(r"^([a-z0-9][^\s;]*==[^\s;]+)", text, re.M)


def main(uv: str = "uv") -> None:
    """Write uv.lock; raises CalledProcessError if uv finds no versions that fit together."""
    pins = [pin for lock in LOCKS for pin in pinned(lock.read_text())]
    with TemporaryDirectory() as folder:
        for name in READ:
            shutil.copy(name, folder)
        with Path(folder, "pyproject.toml").open("a") as project:
            project.write(f"\n[tool.uv]\nconstraint-dependencies = {pins}\n")
        subprocess.run([uv, "lock", "--quiet", "--project", folder], check=True)
        shutil.copy(Path(folder, "uv.lock"), "uv.lock")
    subprocess.run([uv, "lock", "--quiet"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
