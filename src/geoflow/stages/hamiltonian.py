"""Stage hamiltonian: runs one study of `geoflow.analysis.hamiltonian`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.stages.entry import main

if TYPE_CHECKING:
    from geoflow.analysis.study import Study


def study_named(name: str) -> "Callable[..., Study]":
    """The function of a study; imported here, when the number of threads is already fixed."""
    from geoflow.analysis import backward_error, hamiltonian

    studies: dict[str, Callable[..., Study]] = {
        "oscillator": hamiltonian.oscillator,
        "orbits": hamiltonian.orbits,
        "area": hamiltonian.area,
        "planets": hamiltonian.planets,
        "modified_hamiltonian": backward_error.modified_hamiltonian,
    }
    return studies[name]


if __name__ == "__main__":
    main("hamiltonian", study_named)
