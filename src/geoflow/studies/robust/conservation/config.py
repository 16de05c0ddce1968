from dataclasses import dataclass

from geoflow.studies.robust.blocks import BlocksStudy


@dataclass
class Conservation(BlocksStudy):
    """The time-1 map of an epidemic, learnt from `points` pairs and iterated to `time` (table runs, which has the
    network `exact` too) from nine tenths susceptible and one tenth infected. The states are shares of sum 1.

    error: the root mean square over new states; mass_error: the largest change of the sum there, and in runs its
    change since the start; iterated_mass: the largest in a run. Over the seeds the largest of each.
    """

    tables = {"runs": "network seed t component value mass_error", "constants": "network seed error mass_error"}
    summary = "error/<network> mass_error/<network> iterated_mass/<network>"
    time: int
    seeds: list[int]
