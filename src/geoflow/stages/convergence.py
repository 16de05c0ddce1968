"""Stage convergence: runs one study of order, cost or stability."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.stages.entry import main

if TYPE_CHECKING:
    from geoflow.analysis.study import Study


def study_named(name: str) -> "Callable[..., Study]":
    """The function of a study; imported here, when the number of threads is already fixed."""
    from geoflow.analysis import catalogue, convergence, regions, work

    studies: dict[str, Callable[..., Study]] = {
        "order": convergence.order,
        "catalogue": catalogue.catalogue,
        "work": work.work,
        "regions": regions.regions,
    }
    return studies[name]


if __name__ == "__main__":
    main("convergence", study_named)
