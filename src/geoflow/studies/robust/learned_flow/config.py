from geoflow.studies.robust.blocks import BlocksStudy


class LearnedFlow(BlocksStudy):
    """One step of the harmonic oscillator q' = p, p' = -omega^2 q, learnt from pairs and iterated.

    h: of the step; half: of the side of the square with the `points` pairs; time: of the run from (1, 0).

    test_error: the root mean square over new points; area: the largest | |det J| - 1 | there; loss: of the last batch;
    lowest, highest, final: the energy's extremes and its last value; trend: the difference of its means in the last and
    in the first tenth of the run; parameters: their number. Keys: over the seeds.
    """

    tables = {
        "runs": "t q p energy network seed",
        "constants": "network seed parameters test_error area loss lowest highest final trend",
    }
    summary = "{least,median,most}_{parameters,test_error,area,loss,lowest,highest,final,trend}/<network>"
    h: float
    half: float
    time: float
    seeds: list[int]
    omega: float = 1.0
