from geoflow.ground.study import Study
from geoflow.studies.hamiltonian import Run


class Lyapunov(Study):
    """Lyapunov exponents of orbits that fill the section of the Henon-Heiles problem, by methods of equal cost.

    margin: an orbit is chaotic if its exponent exceeds `margin` times log(t)/t.

    H: the energy; chaotic: fraction of chaotic orbits, with its 95 % interval for randomly sampled orbits; median: of
    all exponents; regular, irregular: median over the orbits of either kind; undecided: largest fraction of undecided
    orbits of the first method over all energies.
    """

    tables = {"exponents": "method energy orbit t exponent", "fractions": "method energy chaotic low high median"}
    summary = "threshold cost_ratio undecided {chaotic,chaotic_low,chaotic_high,median,regular,irregular}/<method>/<H>"
    energies: list[float]
    runs: list[Run]
    orbits: int
    time: float
    samples: int
    margin: float
