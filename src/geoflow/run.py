"""Run one experiment: the one entry for hands and for rules.

    geoflow run experiment=kepler_orbits study.h=0.02 out=mine/orbits
    geoflow run --help

`python -m geoflow.run` is the same. A rule gives the values that were frozen when Snakemake
started: `python -m geoflow.run config=FILE.json out=FOLDER`.
"""

import sys
from collections.abc import Sequence

from geoflow.ground.sentences import sentences
from geoflow.pipeline.run import is_frozen, run_frozen


def main(words: Sequence[str]) -> None:
    """Run what the words ask for; raises InputError for words that it does not understand."""
    if is_frozen(words):
        run_frozen(words)
    else:
        from geoflow.pipeline.entry import main as by_hand

        by_hand(words)


if __name__ == "__main__":
    with sentences():
        main(sys.argv[1:])
