from geoflow.studies.robust.blocks import BlocksStudy


class LearnedFlow(BlocksStudy):
    """One step of the harmonic oscillator q' = p, p' = -omega^2 q, learnt from pairs and iterated.

    h: of the step; half: of the side of the square with the `points` pairs; time: of the run from
    (1, 0).

    loss: of the last batch; final: the energy at the end; least_, median_ and most_: over the seeds.
    test_error: the root mean square over new points, mean over the seeds; area: the largest | |det J| - 1 | there;
    lowest, highest: the energy's extremes; drift: the largest |H - H_0|; trend, least_trend: the largest and the
    smallest difference of the mean energies in the last and in the first tenth of a run; parameters: their number.
    """

    tables = {
        "runs": "t q p energy network seed",
        "constants": "network seed parameters test_error area loss lowest highest final",
    }
    summary = """
        lowest/<network> highest/<network> drift/<network> trend/<network> least_trend/<network> test_error/<network>
        area/<network> parameters/<network> {least,median,most}_{loss,lowest,highest,final}/<network>
    """
    h: float
    half: float
    time: float
    seeds: list[int]
    omega: float = 1.0
