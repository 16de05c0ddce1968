"""The user's own entries, studies and experiments, outside of this package.

`geoflow.own.problems` is the file `problems.py` of FOLDER: `report/coursework/own` in the clone that contains this
file, or the folder that the environment variable GEOFLOW_OWN names. `docs/recipes.md` describes its files.
"""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("GEOFLOW_OWN") or Path(__file__).parents[2] / "report" / "coursework" / "own").resolve()
__path__ = [str(FOLDER)]
