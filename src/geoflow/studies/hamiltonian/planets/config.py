from geoflow.ground.study import Entry, Study
from geoflow.studies.hamiltonian import Run


class Planets(Study):
    """The outer solar system by several methods, each with its own step (days), over `time` days.

    samples: number of stored states.

    orbits: positions relative to the Sun; position_error: largest distance of a body from its position by SciPy's
    DOP853 at the end (AU); end: the day at which a run stops because its stage equations cannot be solved. Errors of
    the invariants are relative.
    """

    tables = {"orbits": "method body t x y z", "errors": "method t energy_error angular_momentum_error"}
    summary = "{position_error,energy_error,energy_growth,angular_momentum_error,h,end}/<method> time"
    problem: Entry
    runs: list[Run]
    time: float
    samples: int
