"""Stage verdict: fails with one sentence for each claim that fails, else writes how many hold."""

from geoflow.ground import GeoflowError, read_table, renamed_when_complete
from geoflow.ground.sentences import sentences
from geoflow.pipeline.run import Path, arguments


def main() -> None:
    """`claims=FILE out=FILE`."""
    given = arguments("claims", "out")
    claims = read_table(given["claims"])
    failed = [
        f"claim {row.name} of {row.experiment} fails: {row.sentence}"
        for row in claims[~claims["holds"]].itertuples(index=False)
    ]
    if failed:
        raise GeoflowError("\ngeoflow: ".join(failed))
    with renamed_when_complete(Path(given["out"])) as (temporary,):
        temporary.write_text(f"all {len(claims)} claims hold\n")


if __name__ == "__main__":
    with sentences():
        main()
