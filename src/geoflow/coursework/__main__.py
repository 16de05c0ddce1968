"""`python -m geoflow.coursework verify ARCHIVE`."""

import argparse
import sys
from collections.abc import Sequence

from geoflow.coursework.compare import Tolerance
from geoflow.coursework.verify import LEVELS, main_verify
from geoflow.stages.entry import sentences


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`, each a keyword of `main_verify`."""
    parser.add_argument("path", metavar="ARCHIVE", help="submission/<identifier>.zip")
    parser.add_argument(
        "--level",
        choices=LEVELS,
        default="replay",
        help="integrity: hashes; consistency: text and figures follow from the tables; replay "
        "(default): make all again. Replay RUNS THE CODE IN THE ARCHIVE on this machine, the "
        "others run none of it",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write a results.json as Gradescope reads it"
    )
    parser.add_argument("--rtol", type=float, default=Tolerance.rtol, help="relative, of numbers")
    parser.add_argument("--atol", type=float, default=Tolerance.atol, help="absolute, of numbers")
    parser.add_argument("--cores", type=int, default=1, help="for replay")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="of the replay")
    parser.add_argument(
        "--quiet", action="store_true", help="do not show the progress of the replay"
    )


def main(words: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m geoflow.coursework", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add_arguments(commands.add_parser("verify", help="check an archive that was handed in"))
    return main_verify(**vars(parser.parse_args(words)))


if __name__ == "__main__":
    with sentences():
        sys.exit(main())
