"""Check a submitted coursework archive: geoflow verify ARCHIVE.

The script is that of the clone from which geoflow runs, whatever the current folder is.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from archives import compare
from archives.outcome import Line, Report, Status, print_report
from archives.sandbox import Running
from archives.verify import LEVELS, verify

from geoflow.ground import renamed_when_complete
from geoflow.ground.sentences import exit_status

MEMORY = 8 * 2**30  # bytes of address space of a verification


def main(words: Sequence[str]) -> int:
    """Parse the arguments of `geoflow verify`, which are the keywords of `main_verify`."""
    parser = argparse.ArgumentParser(prog="geoflow verify", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", metavar="ARCHIVE", help="submission/<identifier>.zip")
    parser.add_argument(
        "--level",
        choices=LEVELS,
        default="consistency",
        help="integrity: hashes; consistency (default): text and figures follow from the tables; replay: recompute "
        "everything in a sandbox, with the workflow and sources of this clone",
    )
    parser.add_argument("--json", metavar="FILE", help="write a results.json as Gradescope reads it")
    parser.add_argument("--rtol", type=float, default=compare.Tolerance.rtol, help="relative, of numbers")
    parser.add_argument("--atol", type=float, default=compare.Tolerance.atol, help="absolute, of numbers")
    parser.add_argument("--cores", type=int, default=1, help="for replay")
    parser.add_argument(
        "--timeout", type=float, default=Running.timeout, metavar="SECONDS", help="per command of a replay"
    )
    parser.add_argument(
        "--trust-code", action="store_true", help="replay code of the archive that differs from this clone"
    )
    parser.add_argument("--unsafe", action="store_true", help="replay without a sandbox, with all your permissions")
    parser.add_argument("--quiet", action="store_true", help="do not show the progress of the replay")
    return main_verify(**vars(parser.parse_args(words)))


def main_verify(
    path: str, level: str = "consistency", json: str | None = None, rtol: float = compare.Tolerance.rtol,
    atol: float = compare.Tolerance.atol, cores: int = 1, timeout: float | None = Running.timeout,
    quiet: bool = False, trust_code: bool = False, unsafe: bool = False,
) -> int:  # fmt: skip
    """Run the command `geoflow verify`: print the report, write it to `json` and return the exit status.

    0: all identical or within tolerance; 1: something different, missing or not checked. A rejected
    archive raises InputError (exit status 2). The file `json` is written in every case.
    """
    tolerance = compare.Tolerance(rtol=rtol, atol=atol)
    running = Running(cores, timeout, quiet, sandbox=not unsafe, trust_code=trust_code)
    archive = Path(path)

    def write(report: Report) -> None:
        if json:
            with renamed_when_complete(Path(json)) as (temporary,):
                temporary.write_text(report.to_json())

    def write_failure(sentence: str) -> None:
        write(Report(archive, level, [Line("unpack", archive.name, Status.DIFFERENT, sentence)]))

    write_failure("the verification did not finish")  # what remains if this process is killed
    _limit_memory()
    try:
        report = verify(archive, level=level, tolerance=tolerance, running=running)
    except BaseException as error:
        write_failure(str(error) or type(error).__name__)
        raise
    write(report)
    print_report(report)
    return report.exit_status


def _limit_memory() -> None:
    """Bound the memory of this process: a table of a kilobyte can ask for forty gigabytes."""
    with suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
