"""Stage robust: runs one study of `geoflow.learning`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.stages.entry import main

if TYPE_CHECKING:
    from geoflow.analysis.study import Study


def study_named(name: str) -> "Callable[..., Study]":
    """The function of a study; imported here, when the number of threads is already fixed."""
    from geoflow.learning import robustness, step_size

    studies: dict[str, Callable[..., Study]] = {
        "robustness": robustness.robustness,
        "step_size": step_size.step_size,
    }
    return studies[name]


if __name__ == "__main__":
    main("robust", study_named)
