"""Run one experiment; the entry point for users and for the rules of the workflow.

    geoflow run experiment=kepler_orbits study.h=0.02
    geoflow run --help

`python -m geoflow.run` does the same. A rule passes the values that were frozen when Snakemake
started: `python -m geoflow.run config=FILE.json out=FOLDER`.
"""

import sys
from collections.abc import Sequence

from geoflow.ground.sentences import sentences
from geoflow.pipeline.run import is_frozen, run_frozen


def main(words: Sequence[str]) -> None:
    """Run the experiment given by command-line `words`; raises InputError for an unknown word."""
    if is_frozen(words):
        run_frozen(words)
    else:
        from geoflow.pipeline.entry import main as by_hand

        by_hand(words)


if __name__ == "__main__":
    with sentences():
        main(sys.argv[1:])
