from geoflow.studies.robust.blocks import BlocksStudy


class Conservation(BlocksStudy):
    """The time-1 map of an epidemic, learnt from `points` pairs and iterated to `time` (table runs, which has the
    network `exact` too) from nine tenths susceptible and one tenth infected. The states are shares of sum 1.

    starts: if not zero, the runs begin at so many new states; cube: states are U[0, 1]^3 over their sum.

    error: the root mean square over new states; mse: the mean of squares over these and the components; mass_error: the
    largest change of the sum there, and in runs its change since the start; iterated_mass: the largest in the runs.
    Keys: over the seeds.
    """

    tables = {
        "runs": "network seed t component value mass_error start",
        "constants": "network seed error mse mass_error iterated_mass",
    }
    summary = "{least,median,most}_{error,mse,mass_error,iterated_mass}/<network>"
    time: int
    seeds: list[int]
    starts: int = 0
    cube: bool = False
