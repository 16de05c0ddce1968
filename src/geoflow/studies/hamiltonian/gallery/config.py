from dataclasses import field

from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class Gallery(Study):
    """Invariants over time, and some components of an orbit.

    time: length of the run; samples: number of stored states; components: two or three components of the state;
    observed: quantities that are not invariants of the problem; starts: initial states, if there are several.

    A method with two different step sizes is called <method>/<h>. Errors are relative if the initial value of the
    invariant is not zero. Keys, as maximum over the starts: for an invariant the largest error over all steps; for an
    observable its largest change divided by its largest initial value, mean over the second half of the first run, and
    final, the last value of its last component; end: the final time.
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
