from dataclasses import field

from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class Gallery(Study):
    """Invariants over time and an orbit seen in some of its components.

    time: of the run; samples: kept states; components: of the state, two or three; observed: quantities that are no
    invariants of the problem; starts: initial states, where there are several.

    A method that comes twice, with different steps, is <method>/<h>. Errors are relative where the invariant is not
    zero at the start. Keys, the largest over the starts: of an invariant the error at any step; of an observable its
    largest change over its largest first value, mean over the second half of the first run, and final, its last value
    in the last place; end: the time that is reached.
    """

    tables = {
        "orbits": "t x y method h start z?",
        "errors": "invariant t error method h start",
        "observed": "quantity method number start t value h",
    }
    summary = """
        time {end,<invariant>_error,energy_growth}/<method> <observed>_{error,growth,mean,final}/<method>
        {end,<invariant>_error,energy_growth}/<method>/<h> <observed>_{error,growth,mean,final}/<method>/<h>
    """
    problem: Entry
    runs: list[Run]
    time: float
    samples: int
    components: list[int]
    observed: list[str] = field(default_factory=list)
    starts: list[list[float]] = field(default_factory=list)
