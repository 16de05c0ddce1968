from dataclasses import dataclass

from geoflow.studies.robust.blocks import BlocksStudy


@dataclass
class LearnedFlow(BlocksStudy):
    """One step of the harmonic oscillator, learnt from pairs and iterated.

    h: of the step; radius: of the disc with the `points` pairs; time: of the run from (1, 0), whose energy is 1/2.
    test_error: the root mean square over new points, mean over the seeds; area: the largest | |det J| - 1 | there;
    lowest, highest: the energy's extremes; drift: the largest |H - 1/2|; trend, least_trend: the largest and the
    smallest difference of the mean energies in the last and in the first tenth of a run; parameters: their number.
    """

    tables = {"runs": "t q p energy network seed", "constants": "network seed parameters test_error area"}
    summary = """
        lowest/<network> highest/<network> drift/<network> trend/<network> least_trend/<network> test_error/<network>
        area/<network> parameters/<network>
    """
    h: float
    radius: float
    time: float
    seeds: list[int]
